//! Refuses HTTP/1 requests that two readers might cut at different places.
//!
//! The library silently prefers `Transfer-Encoding` when `Content-Length` is there too, and folds repeated lengths. Both
//! are allowed (RFC 9112 §6.1, §6.3) and both are how requests are smuggled past a proxy that reads the other field. The
//! library does not tell us, so the bytes are watched on their way to it.

/// Longest field name that matters, and one byte to know that a name is longer.
const NAME: usize = 18;

/// Where in a head the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The request line, and empty lines before it, which are skipped (RFC 9112 §2.2).
    RequestLine,
    /// A field's name, up to the colon.
    Name,
    /// The rest of a field.
    Value,
    /// Behind the head.
    Done,
}

/// Reads one request head.
#[derive(Debug)]
pub(super) struct HeadScan {
    part: Part,
    name: [u8; NAME],
    /// Bytes of the current line, or of its name.
    length: usize,
    /// Fields that frame the body.
    fields: usize,
}

impl HeadScan {
    pub(super) const fn new() -> Self {
        Self {
            part: Part::RequestLine,
            name: [0; NAME],
            length: 0,
            fields: 0,
        }
    }

    /// Looks at what arrived. The colon of a second field that frames the body is made unreadable: the library then
    /// answers 400 and closes, as it does for any malformed head.
    pub(super) fn inspect(&mut self, bytes: &mut [u8]) {
        let mut at = 0;
        while self.part != Part::Done
            && let Some(rest) = bytes.get_mut(at..)
            && let Some(byte) = rest.first_mut()
        {
            let fields = self.fields;
            self.step(*byte);
            if self.fields > fields.max(1) {
                *byte = 0;
            }
            at += 1;
            // Of most bytes only the end of their line matters.
            let skips = match self.part {
                Part::RequestLine => self.length > 0,
                Part::Value => true,
                Part::Name | Part::Done => false,
            };
            if skips && let Some(rest) = bytes.get(at..) {
                at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            }
        }
    }

    fn step(&mut self, byte: u8) {
        match (byte, self.part) {
            (b'\r', _) => {}
            (b'\n', Part::RequestLine) if self.length == 0 => {}
            (b'\n', Part::Name) if self.length == 0 => self.part = Part::Done,
            (b'\n', _) => {
                self.part = Part::Name;
                self.length = 0;
            }
            (b':', Part::Name) => {
                self.fields += usize::from(self.frames_a_body());
                self.part = Part::Value;
            }
            (_, Part::Name) => {
                if let Some(place) = self.name.get_mut(self.length) {
                    *place = byte.to_ascii_lowercase();
                }
                self.length += 1;
            }
            (_, Part::RequestLine) => self.length += 1,
            (_, Part::Value | Part::Done) => {}
        }
    }

    fn frames_a_body(&self) -> bool {
        matches!(
            self.name.get(..self.length),
            Some(b"content-length" | b"transfer-encoding")
        )
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use super::*;

    fn broken(head: &str, chunk: usize) -> bool {
        let mut scan = HeadScan::new();
        let mut seen = Vec::new();
        for part in head.as_bytes().chunks(chunk) {
            let mut part = part.to_vec();
            scan.inspect(&mut part);
            seen.extend(part);
        }
        seen != head.as_bytes()
    }

    #[test]
    fn s112_a_body_has_one_length() {
        for (head, wanted) in [
            (
                "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
                false,
            ),
            (
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                false,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
                true,
            ),
            (
                "POST / HTTP/1.1\r\ntransfer-ENCODING: chunked\r\ncontent-length: 4\r\n\r\n",
                true,
            ),
            (
                "POST / HTTP/1.1\nContent-Length: 4\nTransfer-Encoding: chunked\n\n",
                true,
            ),
            (
                "\r\n\r\nPOST / HTTP/1.1\r\nContent-Length:4\r\nContent-Length:4\r\n\r\n",
                true,
            ),
            (
                "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
                true,
            ),
            (
                "POST / HTTP/1.1\r\nX: Content-Length: 4\r\nContent-Length-X: 5\r\nContent-Length: 4\r\n\r\n",
                false,
            ),
            (
                "POST / HTTP/1.1\r\nContent-Length: 80\r\n\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n",
                false,
            ),
            ("GET / HTTP/1.1\r\nHost: x\r\n\r\n", false),
        ] {
            for chunk in [1, 7, 1000] {
                assert_eq!(broken(head, chunk), wanted, "{head:?} in pieces of {chunk}");
            }
        }
    }
}
