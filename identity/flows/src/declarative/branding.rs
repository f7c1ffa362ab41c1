//! Looks as files write them: compared, warned of and written down.

use identity_domain::brand::{Branding, Picture, Rgb};
use identity_domain::client::with_links;
use identity_domain::organization::Slug;
use serde_json::{Map, Value};

use super::Problem;
use super::document::{Document, Origin};
use super::plan::Fields;

/// What is stored for what a file says: no looks at all where it says nothing.
pub(super) fn settled(described: &Branding) -> Option<Branding> {
    (*described != Branding::default()).then(|| described.clone())
}

/// The looks of each organization and client that the files give any, by name: a client's lie over those of its organization. What the
/// instance looks like, and what is stored, is left to others.
pub fn looks_in(document: &Document) -> Vec<(String, Branding)> {
    let organizations = document.organizations.iter().filter_map(|organization| {
        let own = settled(organization.branding.as_ref()?)?;
        let slug = organization.slug.as_str().to_owned();
        Some((
            slug.clone(),
            own.of(organization.name.as_ref().unwrap_or(&slug)),
        ))
    });
    let mut all: Vec<(String, Branding)> = organizations.collect();
    let clients = document.clients.iter().filter_map(|client| {
        let own = settled(client.branding.as_ref()?)?;
        let name = client.metadata.client_name.as_ref();
        let own = own.of(name.unwrap_or(&client.client_id));
        let own = with_links(own, &client.metadata);
        let slug = client.organization.as_ref().map(Slug::as_str);
        let below = all.iter().find(|(name, _)| Some(name.as_str()) == slug);
        let looks = match below {
            Some((_, organization)) => own.merged_over(organization),
            None => own,
        };
        Some((client.client_id.clone(), looks))
    });
    let clients: Vec<_> = clients.collect();
    all.extend(clients);
    all
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
