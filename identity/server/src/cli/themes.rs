//! `identity themes check|gallery|eject`: the contract with theme authors.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use identity_domain::brand::Branding;
use identity_flows::declarative::looks_in;
use identity_pages::theme::ThemeProblem;
use identity_pages::{Brand, check, gallery, theme};
use serde::Serialize;

use super::{Failed, Outcome, Output, declarative};

/// What to do with a theme.
#[derive(Debug, Subcommand)]
pub enum ThemesCommand {
    /// Render every page and mail in every language, and find what is wrong.
    Check(CheckOptions),
    /// Write every page as a file that opens in a browser without a server.
    Gallery(GalleryOptions),
    /// Copy the built-in theme into a folder, to start an own one. Files that are there stay.
    Eject(EjectOptions),
}

/// Which theme.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Theme folders over the built-in theme, the strongest first.
    #[arg(value_name = "DIR")]
    pub directories: Vec<PathBuf>,
}

/// Which theme, and where to.
#[derive(Debug, Args)]
pub struct GalleryOptions {
    /// Theme folders over the built-in theme, the strongest first.
    #[arg(value_name = "DIR")]
    pub directories: Vec<PathBuf>,
    /// Folder to write into.
    #[arg(long, value_name = "DIR", default_value = "gallery")]
    pub out: PathBuf,
    /// Name of the product on the pages.
    #[arg(long, default_value = "Identity")]
    pub product: String,
    /// A declarative file: the pages look as they will once it is applied.
    #[arg(long, value_name = "FILE")]
    pub brand: Option<PathBuf>,
    /// Whose looks of that file: an organization or a client. Needed where it describes more than one.
    #[arg(long, value_name = "NAME", requires = "brand")]
    pub of: Option<String>,
}

/// Where to.
#[derive(Debug, Args)]
pub struct EjectOptions {
    /// Folder to write into.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
}

#[derive(Serialize)]
struct Found {
    file: String,
    message: String,
}

#[derive(Serialize)]
struct Checked {
    ok: bool,
    rendered: usize,
    coverage: BTreeMap<String, u8>,
    problems: Vec<Found>,
    warnings: Vec<Found>,
}

#[derive(Serialize)]
struct Written {
    folder: PathBuf,
    files: usize,
}

pub(super) fn run(command: &ThemesCommand, output: &Output) -> Outcome {
    match command {
        ThemesCommand::Check(options) => check_theme(options, output),
        ThemesCommand::Gallery(options) => {
            let looks = looks(options)?;
            let (brand, pictures) = (Arc::new(Brand::of(&looks)), looks.pictures());
            let pictures: Vec<_> = pictures.collect();
            let files = gallery::gallery(&options.directories, &brand, &pictures, &options.out)
                .map_err(Failed::new)?;
            say_written(options.out.clone(), files, output)
        }
        ThemesCommand::Eject(options) => {
            let files = theme::eject(&options.directory).map_err(|error| {
                Failed::new(format!("{}: {error}", options.directory.display()))
            })?;
            say_written(options.directory.clone(), files.len(), output)
        }
    }
}

/// The looks that were asked for, over the product's name.
fn looks(options: &GalleryOptions) -> Result<Branding, Failed> {
    let instance = Branding {
        name: Some(options.product.clone()),
        ..Branding::default()
    };
    let Some(file) = &options.brand else {
        return Ok(instance);
    };
    let all = looks_in(&declarative::read_files(std::slice::from_ref(file))?);
    let names = || {
        let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
        names.join(", ")
    };
    let chosen = match (&options.of, all.as_slice()) {
        (_, []) => Err(format!("{} describes no `branding`", file.display())),
        (None, [(_, only)]) => Ok(only),
        (None, _) => Err(format!("whose looks? Say --of with one of: {}", names())),
        (Some(wanted), all) => {
            let mut all = all.iter();
            let found = all.find(|(name, _)| name == wanted);
            let unknown = || format!("{wanted} has no `branding` there; these have: {}", names());
            found.map(|(_, looks)| looks).ok_or_else(unknown)
        }
    };
    chosen
        .map(|looks| looks.merged_over(&instance))
        .map_err(Failed::new)
}

fn check_theme(options: &CheckOptions, output: &Output) -> Outcome {
    let report = check::check(&options.directories);
    let checked = Checked {
        ok: report.is_fine(),
        rendered: report.rendered,
        problems: found(&report.problems),
        warnings: found(&report.warnings),
        coverage: report.coverage,
    };
    if checked.ok {
        return output.say(&checked, words);
    }
    Err(Failed::new(words(&checked)).with_details(&checked))
}

fn found(problems: &[ThemeProblem]) -> Vec<Found> {
    problems
        .iter()
        .map(|problem| Found {
            file: problem.file.clone(),
            message: problem.message.clone(),
        })
        .collect()
}

fn words(checked: &Checked) -> String {
    let line = |kind: &str, found: &Found| format!("{kind}: {}: {}", found.file, found.message);
    let problems = checked.problems.iter().map(|found| line("problem", found));
    let warnings = checked.warnings.iter().map(|found| line("warning", found));
    let languages: Vec<_> = checked
        .coverage
        .iter()
        .map(|(locale, percent)| format!("{locale} {percent} %"))
        .collect();
    let last = format!(
        "{} pages and mails rendered, {} problems, {} warnings; texts: {}",
        checked.rendered,
        checked.problems.len(),
        checked.warnings.len(),
        languages.join(", ")
    );
    problems
        .chain(warnings)
        .chain([last])
        .collect::<Vec<_>>()
        .join("\n")
}

fn say_written(folder: PathBuf, files: usize, output: &Output) -> Outcome {
    output.say(&Written { folder, files }, |written| {
        format!("{} files in {}", written.files, written.folder.display())
    })
}
