//! Phone numbers that text messages are sent to: E.164, and which of them are written to at all.

use std::fmt;

use crate::secret::SecretString;

/// Fewest digits of a number that is dialled from abroad; shorter ones are services of one country.
const FEWEST_DIGITS: usize = 8;
/// E.164 §6.2.1.
const MOST_DIGITS: usize = 15;
/// Digits behind the country's that a range is counted by: networks sell numbers in such blocks.
const RANGE_DIGITS: usize = 3;

/// Numbers that cost their owner's caller: premium and shared-cost services, satellite and personal numbers. A message to one of them
/// is how a provider is robbed (toll fraud), never how a person signs in.
const NEVER: [&str; 20] = [
    "800", "808", "870", "878", "881", "882", "883", "888", "979", "991", "1900", "1976", "4470",
    "449", "49900", "49137", "439", "4190", "3389", "3989",
];

/// A phone number in E.164 form.
#[derive(Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

/// Not a number that can be written to from anywhere: it needs `+`, the country's digits and 8 to 15 digits in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a phone number is written as +, country and number: 8 to 15 digits")]
pub struct NotAPhoneNumber;

/// To which numbers messages go.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SmsPolicy {
    /// Calling codes such as `49`; empty is every country.
    pub countries: Vec<String>,
    /// Beginnings of numbers that are never written to, beside the built-in ones.
    pub blocked: Vec<String>,
}

impl PhoneNumber {
    /// Reads a number as people write it: blanks, dashes, dots, slashes and brackets do not count, `00` stands for `+`.
    pub fn parse(text: &str) -> Result<Self, NotAPhoneNumber> {
        let plain: String = text
            .chars()
            .filter(|c| {
                !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '(' | ')' | '\u{200e}')
            })
            .collect();
        let digits = plain
            .strip_prefix('+')
            .or_else(|| plain.strip_prefix("00"))
            .ok_or(NotAPhoneNumber)?;
        let sound = (FEWEST_DIGITS..=MOST_DIGITS).contains(&digits.len())
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && !digits.starts_with('0');
        if sound {
            Ok(Self(digits.to_owned()))
        } else {
            Err(NotAPhoneNumber)
        }
    }

    /// With its `+`, as a gateway wants it.
    pub fn e164(&self) -> SecretString {
        SecretString::from(format!("+{}", self.0))
    }

    /// Enough for its owner to know it, too little for anybody else: `+49 ··· 678`.
    pub fn masked(&self) -> String {
        let (country, rest) = self.split();
        let last = rest.get(rest.len().saturating_sub(3)..).unwrap_or_default();
        format!("+{country} ··· {last}")
    }

    /// The block of numbers that limits count together: country and the digits of the network.
    pub fn range(&self) -> String {
        let (country, rest) = self.split();
        let network: String = rest.chars().take(RANGE_DIGITS).collect();
        format!("+{country}{network}")
    }

    /// The calling code (ITU-T E.164 list): one digit for North America and Russia, two for 44 others, else three.
    pub fn country(&self) -> &str {
        self.split().0
    }

    fn split(&self) -> (&str, &str) {
        let digits = self.0.as_str();
        let length = match digits.get(..2) {
            Some(two) if two.starts_with(['1', '7']) => 1,
            Some(
                "20" | "27" | "30" | "31" | "32" | "33" | "34" | "36" | "39" | "40" | "41" | "43"
                | "44" | "45" | "46" | "47" | "48" | "49" | "51" | "52" | "53" | "54" | "55" | "56"
                | "57" | "58" | "60" | "61" | "62" | "63" | "64" | "65" | "66" | "81" | "82" | "84"
                | "86" | "90" | "91" | "92" | "93" | "94" | "95" | "98",
            ) => 2,
            _ => 3,
        };
        digits.split_at_checked(length).unwrap_or((digits, ""))
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl SmsPolicy {
    /// Whether a message may go there.
    pub fn allows(&self, number: &PhoneNumber) -> bool {
        let begins = |prefix: &str| number.0.starts_with(prefix.trim_start_matches('+'));
        let country = self.countries.is_empty()
            || self
                .countries
                .iter()
                .any(|code| code.trim_start_matches('+') == number.country());
        country
            && !NEVER.into_iter().any(begins)
            && !self.blocked.iter().any(|prefix| begins(prefix))
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    fn number(text: &str) -> PhoneNumber {
        PhoneNumber::parse(text).unwrap()
    }

    #[test]
    fn a_number_is_read_as_people_write_it() {
        for text in [
            "+4915112345678",
            "+49 151 12345678",
            "+49 (151) 123-456.78",
            "0049/151/12345678",
            " +49\u{a0}151 12345678 ",
        ] {
            assert_eq!(number(text).e164().expose(), "+4915112345678", "{text}");
        }
        for text in [
            "",
            "+",
            "015112345678",
            "+0151123456",
            "+4912345",
            "+4915112345678901",
            "+49151abc45678",
            "+٤٩١٥١١٢٣٤٥٦٧٨",
            "++4915112345678",
            "+49151;ext=12345678",
        ] {
            assert_eq!(PhoneNumber::parse(text), Err(NotAPhoneNumber), "{text}");
        }
    }

    proptest! {
        /// However it is written, it is the same number, and its canonical form is read as itself.
        #[test]
        fn a_number_has_one_form(digits in "[1-9][0-9]{7,14}", marks in prop::collection::vec("[-./() \u{a0}\u{200e}]{0,2}", 15), zeros in any::<bool>()) {
            let written: String = digits.chars().zip(&marks).flat_map(|(digit, mark)| [digit.to_string(), mark.clone()]).collect();
            let read = number(&format!("{}{written}", if zeros { "00" } else { "+" }));
            let e164 = read.e164();
            prop_assert_eq!(e164.expose(), &format!("+{digits}"));
            prop_assert_eq!(&number(e164.expose()), &read);
            // All that is shown is the country and three digits; a range says nothing of the last ones.
            let shown: String = read.masked().chars().filter(char::is_ascii_digit).collect();
            prop_assert!(shown.len() <= read.country().len() + 3);
            prop_assert!(digits.starts_with(read.range().trim_start_matches('+')) && read.range().len() <= 7);
        }

        /// Whatever is typed is a number of E.164 or refused, and what is refused stays so however it is set.
        #[test]
        fn what_is_typed_is_a_number_or_refused(text in "(\\+|00)?[0-9 ().٣\\-/a+]{0,24}|\\PC{0,40}") {
            let Ok(read) = PhoneNumber::parse(&text) else {
                let set = PhoneNumber::parse(&format!("({text}) "));
                prop_assert!(set.is_err());
                return Ok(());
            };
            let e164 = read.e164();
            let digits = e164.expose().trim_start_matches('+');
            prop_assert!((8..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()));
            prop_assert!(!digits.starts_with('0'));
        }
    }

    #[test]
    fn only_country_and_the_last_three_digits_are_shown() {
        assert_eq!(number("+4915112345678").masked(), "+49 ··· 678");
        assert_eq!(number("+12025550123").masked(), "+1 ··· 123");
        assert_eq!(number("+35312345678").masked(), "+353 ··· 678");
        assert_eq!(format!("{:?}", number("+12025550123")), "+1 ··· 123");
    }

    #[test]
    fn numbers_of_one_network_are_counted_together() {
        assert_eq!(number("+4915112345678").range(), "+49151");
        assert_eq!(number("+4915199999999").range(), "+49151");
        assert_eq!(number("+12025550123").range(), "+1202");
    }

    #[test]
    fn mfa_05_premium_and_foreign_numbers_are_not_written_to() {
        let open = SmsPolicy::default();
        assert!(open.allows(&number("+4915112345678")));
        for premium in [
            "+19005550123",
            "+979123456789",
            "+881612345678",
            "+447012345678",
            "+49900123456",
        ] {
            assert!(!open.allows(&number(premium)), "{premium}");
        }
        let home = SmsPolicy {
            countries: vec!["49".into(), "+43".into()],
            blocked: vec!["+49155".into()],
        };
        assert!(home.allows(&number("+4915112345678")));
        assert!(home.allows(&number("+436641234567")));
        assert!(!home.allows(&number("+4915512345678")));
        assert!(!home.allows(&number("+33612345678")));
        // `49` is Germany, not every number that begins with these digits.
        let ireland = SmsPolicy {
            countries: vec!["35".into()],
            ..SmsPolicy::default()
        };
        assert!(!ireland.allows(&number("+35312345678")));
    }
}
