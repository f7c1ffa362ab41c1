//! Looks as files write them: `branding` of an organization or a client.

use identity_domain::brand::picture::{MAX_BYTES, NotAPicture};
use identity_domain::brand::{Branding, Logo, MAX_NAME, Picture, Radius, Rgb, Support, link, mail};

use super::members::{Later, Members, Reader};

const KEYS: &[&str] = &[
    "name",
    "logo",
    "logo_file",
    "logo_dark",
    "logo_dark_file",
    "favicon",
    "favicon_file",
    "accent",
    "background",
    "radius",
    "support_url",
    "support_mail",
    "privacy_url",
    "terms_url",
];
const LATER: &[Later] = &[Later {
    key: "mail_sender",
    what: "the name that mails come from",
}];
/// What the registration of a client says already.
const OF_THE_REGISTRATION: &[(&str, &str)] =
    &[("privacy_url", "policy_uri"), ("terms_url", "tos_uri")];

/// The looks of an organization, if they are given.
pub(super) fn of_organization<'a>(
    reader: &mut Reader<'a>,
    entry: &Members<'a>,
) -> Option<Branding> {
    let looks = reader.mapping(entry, "branding")?;
    Some(read(reader, &looks))
}

/// The looks of a client, if they are given. The links are those of its registration.
pub(super) fn of_client<'a>(reader: &mut Reader<'a>, entry: &Members<'a>) -> Option<Branding> {
    let looks = reader.mapping(entry, "branding")?;
    for (key, theirs) in OF_THE_REGISTRATION {
        if looks.get(key).is_some() {
            reader.problem(
                &looks,
                key,
                format!("is what `{theirs}` of the client says; write it there"),
            );
        }
    }
    Some(read(reader, &looks))
}

fn read<'a>(reader: &mut Reader<'a>, looks: &Members<'a>) -> Branding {
    reader.only(looks, KEYS, LATER);
    let name = reader.words(looks, "name", MAX_NAME);
    if name.as_deref() == Some("") {
        reader.problem(looks, "name", "must not be empty");
    }
    let (url, mail) = (
        checked(reader, looks, "support_url", link),
        checked(reader, looks, "support_mail", mail),
    );
    Branding {
        name,
        logo: logo(reader, looks),
        favicon: picture(reader, looks, "favicon", "favicon_file"),
        accent: checked(reader, looks, "accent", color),
        background: checked(reader, looks, "background", color),
        radius: reader.choice(looks, "radius", Radius::WORDS),
        support: (url.is_some() || mail.is_some()).then_some(Support { url, mail }),
        privacy_url: checked(reader, looks, "privacy_url", link),
        terms_url: checked(reader, looks, "terms_url", link),
    }
}

fn checked<T>(
    reader: &mut Reader<'_>,
    looks: &Members<'_>,
    key: &str,
    check: impl Fn(&str) -> Result<T, &'static str>,
) -> Option<T> {
    let text = reader.text(looks, key)?;
    check(&text)
        .map_err(|message| reader.problem(looks, key, message))
        .ok()
}

fn color(text: &str) -> Result<Rgb, &'static str> {
    Rgb::parse(text).ok_or("is not a colour such as \"#1f5fd6\"")
}

fn logo(reader: &mut Reader<'_>, looks: &Members<'_>) -> Option<Logo> {
    let light = picture(reader, looks, "logo", "logo_file");
    let dark = picture(reader, looks, "logo_dark", "logo_dark_file");
    let given = looks.get("logo").is_some() || looks.get("logo_file").is_some();
    if dark.is_some() && !given {
        reader.problem(
            looks,
            "logo_dark",
            "needs a logo for light pages beside it: write `logo_file`",
        );
    }
    Some(Logo {
        light: light?,
        dark,
    })
}

/// A picture in the file itself, or in one beside it.
fn picture(
    reader: &mut Reader<'_>,
    looks: &Members<'_>,
    key: &str,
    file_key: &str,
) -> Option<Picture> {
    let (data, path) = (reader.text(looks, key), reader.text(looks, file_key));
    let (key, found) = match (data, path) {
        (Some(_), Some(_)) => {
            let message = format!("is set together with `{key}`; keep one");
            reader.problem(looks, file_key, message);
            return None;
        }
        (Some(data), None) => (key, Picture::from_data(&data)),
        (None, Some(path)) => match reader.bytes(&path, MAX_BYTES) {
            Ok(bytes) => (file_key, Picture::read(&bytes)),
            Err(message) => {
                reader.problem(looks, file_key, message);
                return None;
            }
        },
        (None, None) => return None,
    };
    found
        .map_err(|error| {
            let message = match error {
                NotAPicture::NoData => format!(
                    "{error}; pictures of other places are never loaded, and a file is named by `{file_key}`"
                ),
                other => other.to_string(),
            };
            reader.problem(looks, key, message);
        })
        .ok()
}
