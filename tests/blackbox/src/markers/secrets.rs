//! What is looked for, and how.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_harness::app::MASTER_KEY;
use identity_harness::authenticator_app::AuthenticatorApp;
use identity_harness::browser::Browser;
use identity_harness::clock::Clock;
use identity_harness::page::Page;
use identity_harness::relying_party::random;
use identity_harness::seed::{ALICE, BOB, SVC1_SECRET, WEB1_SECRET};

use super::{MAIL_PASSWORD, SMS_TOKEN};

/// What must be found nowhere, by what it is.
#[derive(Default)]
pub struct Secrets {
    long: BTreeMap<String, String>,
    /// Six digits, which are looked for where they stand alone in a text.
    digits: BTreeMap<String, String>,
}

impl Secrets {
    pub fn add(&mut self, what: &str, secret: &str) {
        assert!(secret.len() >= 8, "{what} is too short to be looked for");
        // An address holds its secret in the last part; the host in front is no secret.
        let bare = secret.rsplit('/').next().unwrap_or(secret);
        self.long.insert(what.to_owned(), bare.to_owned());
    }

    pub fn add_digits(&mut self, what: &str, code: &str) {
        assert!(code.len() == 6, "{what} is {code}");
        self.digits.insert(what.to_owned(), code.to_owned());
    }

    /// What the installation itself keeps.
    pub fn of_the_installation() -> Self {
        let mut secrets = Self::default();
        for (what, secret) in [
            ("mail server's password", MAIL_PASSWORD),
            ("token of the SMS gateway", SMS_TOKEN),
            ("master key", &STANDARD.encode(MASTER_KEY)),
            ("secret of web1", WEB1_SECRET),
            ("secret of svc1", SVC1_SECRET),
            ("password of Alice", ALICE.password),
            ("password of Bob", BOB.password),
            (
                "Basic header of web1",
                &STANDARD.encode(format!("web1:{WEB1_SECRET}")),
            ),
            (
                "AUTH PLAIN of the mail server",
                &STANDARD.encode(format!("\0relay\0{MAIL_PASSWORD}")),
            ),
        ] {
            secrets.add(what, secret);
        }
        secrets
    }

    /// A new one that nobody else has.
    pub fn marker(&mut self, what: &str) -> String {
        let marker = format!("marker-{what}-{}", &random()[..12].replace(['-', '_'], "x"));
        self.add(what, &marker);
        marker
    }

    pub fn add_cookies(&mut self, who: &str, browser: &Browser) {
        for cookie in browser.cookies() {
            if cookie.value.len() >= 20 {
                self.add(&format!("{who}'s cookie {}", cookie.name), &cookie.value);
            }
        }
    }

    /// Whether it is one of the codes that are looked for.
    pub fn has_digits(&self, code: &str) -> bool {
        self.digits.values().any(|known| known == code)
    }

    pub fn expect_absent(&self, place: &str, text: &str) {
        if let Some((what, at)) = self.find(text) {
            let from = text[..at].rfind('\n').map_or(0, |line| line + 1);
            let line: String = text[from..].chars().take(600).collect();
            panic!("{place} holds the {what}: {line}");
        }
    }

    /// The first that a text holds, and where.
    fn find(&self, text: &str) -> Option<(&str, usize)> {
        let long = self
            .long
            .iter()
            .map(|(what, secret)| (what, text.find(secret)));
        let digits = self
            .digits
            .iter()
            .map(|(what, code)| (what, alone(text, code)));
        long.chain(digits)
            .find_map(|(what, at)| Some((what.as_str(), at?)))
    }

    /// The page that hands secrets over is the one place where they are, and where they are found.
    fn expect_found(&self, page: &Page) {
        assert!(self.find(&page.body).is_some(), "{}", page.summary());
    }

    /// All that the page that sets an app up shows: the key as text and as bytes, the address of the link, and the picture.
    pub fn add_app(&mut self, whose: &str, page: &Page) -> AuthenticatorApp {
        let app = AuthenticatorApp::read_from(page);
        let grouped = page.select("#totp-key").remove(0).text;
        let key = app.secret();
        self.add(&format!("{whose} key"), &key);
        self.add(
            &format!("{whose} key in small letters"),
            &key.to_lowercase(),
        );
        self.add(&format!("{whose} key as it is read"), grouped.trim());
        let bytes = format!("{:?}", base32(&key));
        self.add(
            &format!("{whose} key as bytes"),
            bytes.trim_matches(['[', ']']),
        );
        let picture = page.select("svg[role=img] path").remove(0);
        self.add(&format!("{whose} QR code"), picture.attr("d"));
        self.expect_found(page);
        app
    }

    /// A page that hands backup codes over.
    pub fn add_backup_codes(&mut self, whose: &str, page: &Page) -> Vec<String> {
        let codes = page.select("#codes code");
        assert_eq!(codes.len(), 10, "{}", page.summary());
        let codes: Vec<String> = codes.into_iter().map(|code| code.text).collect();
        for (at, code) in codes.iter().enumerate() {
            self.add(&format!("{whose} backup code {at}"), code);
            let bare = code.replace('-', "");
            self.add(&format!("{whose} bare backup code {at}"), &bare);
        }
        self.expect_found(page);
        codes
    }

    pub fn add_totp(&mut self, what: &str, app: &AuthenticatorApp, steps: i64) -> String {
        let code = app.code_in(&Clock::starting_now(), steps);
        self.add_digits(what, &code);
        code
    }
}

/// Where a code stands in a text, and not as a part of something longer: of an instant, an identifier, a number in JSON.
fn alone(text: &str, code: &str) -> Option<usize> {
    let part = |c: char| c.is_alphanumeric() || ".:-_".contains(c);
    text.match_indices(code).map(|(at, _)| at).find(|&at| {
        let (before, after) = (&text[..at], &text[at + code.len()..]);
        !before.ends_with(part) && !after.starts_with(|c: char| c.is_alphanumeric())
    })
}

#[test]
fn digits_are_found_in_a_text_and_not_in_numbers() {
    for text in [
        "code=123456",
        "{\"code\":\"123456\"}",
        "/x?c=123456&",
        "is 123456.",
        "(\\\"123456\\\")",
    ] {
        assert!(alone(text, "123456").is_some(), "{text}");
    }
    for text in [
        "{\"took\":123456}",
        "1234567",
        "12:00:00.123456Z",
        "a123456",
        "018f-123456ab",
    ] {
        assert_eq!(alone(text, "123456"), None, "{text}");
    }
}

/// RFC 4648 §6.
fn base32(text: &str) -> Vec<u8> {
    let (mut bits, mut held, mut bytes) = (0_u32, 0, Vec::new());
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            _ => letter - b'2' + 26,
        };
        (bits, held) = (bits << 5 | u32::from(value), held + 5);
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).expect("a byte"));
        }
    }
    bytes
}
