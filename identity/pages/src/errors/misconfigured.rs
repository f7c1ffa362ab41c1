//! The application's settings are wrong: who may know what, and where two addresses differ.

use serde::Serialize;

use super::{Detail, Reference, WayOn, WayOnLabel};
use crate::page::Page;

/// A registered redirect URI beside the received one, cut where they begin to differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UriDifference {
    pub uri: String,
    /// The part both share.
    pub same: String,
    /// The first character that differs; empty when one simply ends.
    pub mark: String,
    pub rest: String,
}

impl UriDifference {
    /// `uri`, marked where it leaves `other`.
    pub fn between(uri: &str, other: &str) -> Self {
        let same: usize = uri
            .chars()
            .zip(other.chars())
            .take_while(|(a, b)| a == b)
            .map(|(a, _)| a.len_utf8())
            .sum();
        let (same, tail) = uri.split_at(same);
        let mut tail_chars = tail.chars();
        let mark = tail_chars.next().map(String::from).unwrap_or_default();
        Self {
            uri: uri.to_owned(),
            same: same.to_owned(),
            mark,
            rest: tail_chars.as_str().to_owned(),
        }
    }
}

/// The full story for the developer of an application: only in dev and for signed-in administrators.
#[derive(Clone, Debug, Serialize)]
pub struct MisconfigurationDetails {
    /// One English sentence with the RFC's words: developers search for it.
    pub reason: String,
    pub client_id: Option<String>,
    pub received: Option<UriDifference>,
    pub registered: Vec<UriDifference>,
    /// A command line that mends it.
    pub fix: Option<String>,
    /// The page of the client in the console.
    pub admin_url: Option<String>,
    pub facts: Vec<Detail>,
}

impl MisconfigurationDetails {
    /// Only a reason.
    pub fn reason(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            client_id: None,
            received: None,
            registered: Vec::new(),
            fix: None,
            admin_url: None,
            facts: Vec::new(),
        }
    }

    /// For a redirect URI that is not registered. The received one is marked against the closest registered one.
    pub fn redirect_uri(client_id: &str, received: &str, registered: &[String]) -> Self {
        let shared = |uri: &&String| {
            uri.chars()
                .zip(received.chars())
                .take_while(|(a, b)| a == b)
                .count()
        };
        let closest = registered
            .iter()
            .max_by_key(shared)
            .map_or("", String::as_str);
        Self {
            client_id: Some(client_id.to_owned()),
            received: Some(UriDifference::between(received, closest)),
            registered: registered
                .iter()
                .map(|uri| UriDifference::between(uri, received))
                .collect(),
            ..Self::reason("redirect_uri is not one of the registered ones")
        }
    }
}

/// `errors/app_misconfigured` (W-10, H-69): the application's settings are wrong. The name comes from
/// [`crate::PageFrame::app`] when it is known.
#[derive(Clone, Debug, Serialize)]
pub struct AppMisconfigured {
    pub reference: Option<Reference>,
    /// Set only for developers and administrators.
    pub details: Option<MisconfigurationDetails>,
    /// To the application, where it says where it lives, else to the account.
    pub way_on: Option<WayOn>,
}

impl Page for AppMisconfigured {
    const TEMPLATE: &'static str = "pages/errors/app_misconfigured.html";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            reference: Some(Reference::sample()),
            details: None,
            way_on: Some(WayOn {
                label: WayOnLabel::BackToApp,
                url: "https://chat.acme.test/".into(),
            }),
        };
        let mut details = MisconfigurationDetails::redirect_uri(
            "analysis",
            "http://localhost:8082/calback",
            &[
                "http://localhost:8082/callback".to_owned(),
                "https://analysis.example/callback".to_owned(),
            ],
        );
        details.fix = Some(
            "redirect_uris: [\"http://localhost:8082/callback\",\"http://localhost:8082/calback\"] # in the app's file, then: identity apply"
                .into(),
        );
        details.admin_url = Some("/admin/apps/analysis".into());
        let scope = MisconfigurationDetails {
            facts: vec![Detail::new("scope", "openid reports:all")],
            client_id: Some("analysis".into()),
            ..MisconfigurationDetails::reason("scope reports:all is not allowed for this client")
        };
        let dev = Self {
            details: Some(details),
            ..plain.clone()
        };
        let other = Self {
            details: Some(scope),
            ..plain.clone()
        };
        vec![("plain", plain), ("dev", dev), ("dev-scope", other)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_marked_at_the_first_other_character() {
        let difference = UriDifference::between("http://a/calback", "http://a/callback");
        assert_eq!(
            (
                difference.same.as_str(),
                difference.mark.as_str(),
                difference.rest.as_str()
            ),
            ("http://a/cal", "b", "ack")
        );
    }

    #[test]
    fn a_shorter_address_has_nothing_to_mark() {
        let difference = UriDifference::between("http://a", "http://a/");
        assert_eq!(
            (difference.same.as_str(), difference.mark.as_str()),
            ("http://a", "")
        );
    }

    #[test]
    fn a_difference_never_cuts_a_character() {
        let difference = UriDifference::between("http://a/ä", "http://a/ö");
        assert_eq!(difference.mark, "ä");
    }
}
