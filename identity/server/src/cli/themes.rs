//! `identity themes check|gallery|eject`: the contract with theme authors.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Subcommand};
use identity_pages::theme::ThemeProblem;
use identity_pages::{Brand, check, gallery, theme};
use serde::Serialize;

use super::{Failed, Outcome, Output};

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
            let brand = Arc::new(Brand::named(options.product.clone()));
            let files = gallery::gallery(&options.directories, &brand, &options.out)
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
