//! Looks as files write them: compared, warned of and written down.

use identity_domain::brand::{Branding, Picture, Rgb};
use serde_json::{Map, Value};

use super::Problem;
use super::document::Origin;
use super::plan::Fields;

/// What is stored for what a file says: no looks at all where it says nothing.
pub(super) fn settled(described: &Branding) -> Option<Branding> {
    (*described != Branding::default()).then(|| described.clone())
}

/// Each key that differs. A picture is told by the name that changes with its content.
pub(super) fn compare(fields: &mut Fields, before: Option<&Branding>, after: Option<&Branding>) {
    let shown = |looks: Option<&Branding>| {
        looks
            .map(|looks| members(looks, |picture| picture.name().to_owned()))
            .unwrap_or_default()
    };
    let (before, after) = (shown(before), shown(after));
    let removed = before.keys().filter(|key| !after.contains_key(*key));
    for key in after.keys().chain(removed) {
        let field = format!("branding.{key}");
        fields.compare(&field, before.get(key), after.get(key));
    }
}

/// The whole of it, pictures too, as a file may hold it.
pub(super) fn written(looks: &Branding) -> Value {
    members(looks, Picture::to_data).into()
}

/// What is taken, but not as it was meant (H-86).
pub(super) fn warnings(origin: &Origin, looks: Option<&Branding>) -> Vec<Problem> {
    let warning = looks.and_then(Branding::warning);
    let placed = warning.map(|message| origin.problem("branding.accent", message));
    placed.into_iter().collect()
}

fn members(looks: &Branding, picture: impl Fn(&Picture) -> String) -> Map<String, Value> {
    let logo = looks.logo.as_ref();
    let support = looks.support.as_ref();
    let members = [
        ("name", looks.name.clone()),
        ("logo", logo.map(|logo| picture(&logo.light))),
        (
            "logo_dark",
            logo.and_then(|logo| logo.dark.as_ref()).map(&picture),
        ),
        ("favicon", looks.favicon.as_ref().map(&picture)),
        ("accent", looks.accent.map(Rgb::hex)),
        ("background", looks.background.map(Rgb::hex)),
        (
            "radius",
            looks.radius.map(|radius| radius.as_str().to_owned()),
        ),
        (
            "support_url",
            support.and_then(|support| support.url.clone()),
        ),
        (
            "support_mail",
            support.and_then(|support| support.mail.clone()),
        ),
        ("privacy_url", looks.privacy_url.clone()),
        ("terms_url", looks.terms_url.clone()),
    ];
    members
        .into_iter()
        .filter_map(|(key, text)| Some((key.to_owned(), Value::from(text?))))
        .collect()
}
