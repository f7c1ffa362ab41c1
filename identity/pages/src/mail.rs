//! Mails: a subject, a text and an HTML body from three templates each.

pub mod factors;
pub mod notices;
pub mod passkey;
pub mod person;
pub mod second_step;

use identity_domain::time::Timestamp;
use serde::Serialize;

use crate::notice::minutes_ago;

/// A typed mail context; templates see it as `mail`.
pub trait Mail: Serialize + Sized {
    /// Stem of `mail/<NAME>.subject.txt`, `.txt` and `.html`.
    const NAME: &'static str;

    /// Named states; never empty.
    fn samples() -> Vec<(&'static str, Self)>;
}

/// Who reads a mail.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reader<'a> {
    /// The language to write in.
    pub locale: &'a str,
    /// What to call them; templates see it as `frame.name`. Mails to an address that nobody proved use none: whoever chose the name may be
    /// somebody else.
    pub name: Option<&'a str>,
    /// Their time zone, an IANA name; templates see it as `frame.zone`. UTC without one.
    pub zone: Option<&'a str>,
}

impl<'a> Reader<'a> {
    /// The reader of samples.
    pub(crate) const fn sample(locale: &'a str) -> Self {
        Self {
            locale,
            name: Some("Ana Petrova"),
            zone: None,
        }
    }
}

impl<'a> From<&'a str> for Reader<'a> {
    fn from(locale: &'a str) -> Self {
        Self {
            locale,
            ..Self::default()
        }
    }
}

/// What the mail port sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenderedMail {
    /// One line without control characters.
    pub subject: String,
    pub text: String,
    pub html: String,
}

/// Where and when something was asked for: the facts table.
#[derive(Clone, Debug, Serialize)]
pub struct Origin {
    pub at: Timestamp,
    /// "Firefox on Windows"; `None` when unknown.
    pub device: Option<String>,
    /// A country, not a city: its ISO 3166-1 code, named by `t("country-" ~ origin.place)`.
    pub place: Option<String>,
    pub ip: Option<String>,
    pub app: Option<String>,
}

impl Origin {
    pub(crate) fn sample() -> Self {
        Self {
            at: minutes_ago(0),
            device: Some("Chrome · Windows".into()),
            place: Some("DE".into()),
            ip: Some("192.0.2.7".into()),
            app: Some("Analysis Studio".into()),
        }
    }

    pub(crate) fn without_app() -> Self {
        Self {
            app: None,
            ..Self::sample()
        }
    }

    pub(crate) fn bare() -> Self {
        Self {
            device: None,
            place: None,
            ip: None,
            ..Self::without_app()
        }
    }
}

/// A new account, or a changed address, waits for a proof.
#[derive(Clone, Debug, Serialize)]
pub struct VerifyEmail {
    pub to: String,
    pub link: String,
    pub code: Option<String>,
    pub valid_minutes: i64,
    pub origin: Origin,
}

impl Mail for VerifyEmail {
    const NAME: &'static str = "verify_email";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            link: "https://id.acme.example/link/Zk3pX0w2v9sT7mB1nQ4rLhY8".into(),
            code: Some("KTWRM-BXQHD".into()),
            valid_minutes: 30,
            origin: Origin::sample(),
        };
        let bare = Self {
            code: None,
            ..plain.clone()
        };
        vec![("plain", plain), ("bare", bare)]
    }
}

/// Somebody signed up with an address that has an account.
#[derive(Clone, Debug, Serialize)]
pub struct AlreadyRegistered {
    pub to: String,
    pub sign_in_url: String,
    pub recover_url: String,
    pub origin: Origin,
}

impl Mail for AlreadyRegistered {
    const NAME: &'static str = "already_registered";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            sign_in_url: "https://id.acme.example/account".into(),
            recover_url: "https://id.acme.example/recover".into(),
            origin: Origin::sample(),
        };
        vec![("plain", plain)]
    }
}

/// A forgotten password.
#[derive(Clone, Debug, Serialize)]
pub struct Recover {
    pub to: String,
    pub link: String,
    pub code: Option<String>,
    pub valid_minutes: i64,
    pub origin: Origin,
}

impl Mail for Recover {
    const NAME: &'static str = "recover";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            link: "https://id.acme.example/recover/Zk3pX0w2v9sT7mB1nQ4rLhY8".into(),
            code: Some("KTWRM-BXQHD".into()),
            valid_minutes: 30,
            origin: Origin::sample(),
        };
        vec![("plain", plain)]
    }
}

/// Recovery was asked for an address without an account.
#[derive(Clone, Debug, Serialize)]
pub struct RecoverUnknown {
    pub to: String,
    pub register_url: Option<String>,
    pub origin: Origin,
}

impl Mail for RecoverUnknown {
    const NAME: &'static str = "recover_unknown";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "somebody@acme.test".into(),
            register_url: Some("https://id.acme.example/register".into()),
            origin: Origin {
                app: None,
                ..Origin::sample()
            },
        };
        let closed = Self {
            register_url: None,
            ..plain.clone()
        };
        vec![("plain", plain), ("closed", closed)]
    }
}

/// "This wasn't me" in samples.
pub(crate) const REPORT: &str = "https://id.acme.example/report/Zk3pX0w2v9sT7mB1nQ4rLhY8?it=not_me";

/// The notice after a change or a reset.
#[derive(Clone, Debug, Serialize)]
pub struct PasswordChanged {
    pub to: String,
    /// "This wasn't me".
    pub no_url: String,
    /// Where to choose another one.
    pub recover_url: String,
    pub signed_out_elsewhere: bool,
    pub origin: Origin,
}

impl Mail for PasswordChanged {
    const NAME: &'static str = "password_changed";

    fn samples() -> Vec<(&'static str, Self)> {
        let plain = Self {
            to: "ana@acme.test".into(),
            no_url: REPORT.into(),
            recover_url: "https://id.acme.example/recover".into(),
            signed_out_elsewhere: true,
            origin: Origin {
                app: None,
                ..Origin::sample()
            },
        };
        let here = Self {
            signed_out_elsewhere: false,
            ..plain.clone()
        };
        vec![("plain", plain), ("here", here)]
    }
}

/// One header line: control characters become spaces, so that nobody's name can start another header.
pub(crate) fn header_line(text: &str) -> String {
    let spaced: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_stays_one_line() {
        assert_eq!(
            header_line("Hello\r\nBcc: all@acme.test\u{0085}x\n"),
            "Hello Bcc: all@acme.test x"
        );
    }
}
