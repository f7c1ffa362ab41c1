//! A browser in words, for lists and mails. Only a label: nothing is decided by it.

use identity_pages::account::DeviceKind;

/// What a `User-Agent` seems to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Agent {
    /// "Firefox".
    pub browser: Option<String>,
    /// "Windows".
    pub system: Option<String>,
    /// The picture.
    pub device: DeviceKind,
}

impl Agent {
    /// Reads it with the woothee rules.
    pub fn read(user_agent: &str) -> Self {
        let Some(parsed) = woothee::parser::Parser::new().parse(user_agent) else {
            return Self {
                device: DeviceKind::Unknown,
                ..Self::default()
            };
        };
        let known = |text: &str| (!matches!(text, "UNKNOWN" | "")).then(|| text.to_owned());
        let device = match (parsed.category, parsed.os) {
            (_, "iPad") => DeviceKind::Tablet,
            ("smartphone" | "mobilephone", _) => DeviceKind::Phone,
            ("pc", _) => DeviceKind::Computer,
            _ => DeviceKind::Unknown,
        };
        let system = known(parsed.os).map(|os| {
            if os.starts_with("Windows") {
                "Windows".to_owned()
            } else {
                os
            }
        });
        Self {
            browser: known(parsed.name),
            system,
            device,
        }
    }

    /// "Firefox · Windows".
    pub fn in_words(&self) -> Option<String> {
        let parts: Vec<&str> = [&self.browser, &self.system]
            .into_iter()
            .flatten()
            .map(String::as_str)
            .collect();
        (!parts.is_empty()).then(|| parts.join(" · "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_words() {
        let agent = Agent::read(
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
        );
        assert_eq!(agent.in_words().as_deref(), Some("Chrome · Windows"));
        assert_eq!(Agent::read("x").in_words(), None);
    }
}
