//! The picture that an authenticator app scans, as the path of an SVG: no picture file, no script, no service of others.

use std::fmt::Write as _;

use identity_pages::factor::QrCode;
use qrcode::{Color, EcLevel};

/// Squares of the text; `None` when it is too long for any size.
pub(crate) fn qr_code(text: &str) -> Option<QrCode> {
    let code = qrcode::QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let size = code.width();
    let mut path = String::new();
    for (y, row) in code.to_colors().chunks(size).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                // Writing to a String cannot fail.
                let _ = write!(path, "M{x} {y}h{length}v1h-{length}z", length = run.len());
            }
            x += run.len();
        }
    }
    Some(QrCode { size, path })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_finder_pattern_stands_in_the_corner() {
        let code = qr_code("otpauth://totp/x").unwrap();
        // The first row begins with seven dark squares and a light one.
        assert!(code.path.starts_with("M0 0h7v1h-7z"));
        assert!(code.size >= 21);
        assert!(qr_code(&"x".repeat(5000)).is_none());
    }
}
