//! Text that people read: names of applications, organizations and people.

/// Whether a character has no place in a name, because nobody sees it or it changes how what stands around it is read: control characters,
/// line and paragraph separators, marks of direction, and other characters that are only there for programs (RFC 8264 §9.13). A name that
/// holds one can look like another name, or turn the sentence around that it stands in.
///
/// The joiners stay: Persian and several scripts of India are not written without them (RFC 5892 appendix A).
pub const fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{17b4}'
            | '\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'
            | '\u{200e}'
            | '\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{2800}'
            | '\u{3164}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

/// Whether a name can be read: none of its characters is unseen, and one is a letter or a digit. Marks, joiners and selectors alone show
/// nothing, or nothing that anybody could tell from another name.
pub fn is_readable(name: &str) -> bool {
    !name.chars().any(is_unseen) && name.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ses_05_a_name_holds_a_letter_or_a_digit() {
        for name in ["Ana", "7", "葛", "ا", "A\u{200d}B", "Müller & Co.", "№ 1"] {
            assert!(is_readable(name), "{name}");
        }
        let marks = [
            "\u{200d}\u{200d}",
            "\u{fe0f}\u{fe0f}",
            "\u{e0100}",
            "\u{16fe4}",
            "\u{301}",
        ];
        for name in marks
            .into_iter()
            .chain(["", " ", "—", "\u{1d159}", "A\u{202e}"])
        {
            assert!(!is_readable(name), "{name:?}");
        }
    }

    #[test]
    fn ses_05_marks_that_nobody_sees_are_told_from_letters() {
        for mark in "\u{0}\t\n\u{7f}\u{85}\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\u{2060}\u{2066}\u{2069}\u{feff}\u{e0041}\u{3164}\u{ffa0}\u{2800}\u{34f}\u{1160}\u{180b}".chars() {
            assert!(is_unseen(mark), "{mark:?}");
        }
        assert!((0..=0x9f_u8).all(|byte| {
            let c = char::from(byte);
            c.is_control() == is_unseen(c)
        }));
        // Ana Müller, می‌خواهم with a non-joiner, क्‍ष with a joiner, a variant of an ideograph, an emoji.
        let names = "Ana Müller \u{645}\u{6cc}\u{200c}\u{62e} \u{915}\u{94d}\u{200d}\u{937} 葛\u{e0100} \u{1f600}\u{fe0f} \u{600}";
        for letter in names.chars() {
            assert!(!is_unseen(letter), "{letter:?}");
        }
    }
}
