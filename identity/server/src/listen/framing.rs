//! Refuses HTTP/1 requests that two readers might cut at different places.
//!
//! The library silently prefers `Transfer-Encoding` when `Content-Length` is there too, and folds repeated lengths. Both
//! are allowed (RFC 9112 §6.1, §6.3) and both are how requests are smuggled past a proxy that reads the other field. The
//! library does not tell us, so the bytes are watched on their way to it: every head of a connection, also of a request
//! that was sent behind another one before its answer.

/// Longest field name that matters, and one byte to know that a name is longer.
const NAME: usize = 18;

/// The transfer coding that is understood.
const CHUNKED: &[u8; 7] = b"chunked";

/// What an HTTP/2 connection begins with (RFC 9113 §3.4). Behind it there are no heads of this kind.
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Where in a message the next byte belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The request line, and empty lines before it, which are skipped (RFC 9112 §2.2).
    RequestLine,
    /// A field's name, up to the colon.
    Name,
    /// The rest of a field.
    Value,
    /// The value of `Content-Length`.
    Length,
    /// The value of `Transfer-Encoding`.
    Coding,
    /// So many bytes of a body or a chunk.
    Body(u64),
    /// The size of a chunk (RFC 9112 §7.1).
    ChunkSize,
    /// What follows the size in its line.
    ChunkExtension,
    /// The line break behind a chunk.
    ChunkEnd,
    /// Fields behind the last chunk, which frame nothing.
    Trailer,
    /// Another protocol.
    Foreign,
}

/// Reads the requests of one connection.
#[derive(Debug)]
pub(super) struct HeadScan {
    part: Part,
    /// Bytes of the preface seen, as long as nothing else was.
    preface: Option<usize>,
    name: [u8; NAME],
    /// Bytes of the current line, of its name, or of its coding.
    line: usize,
    /// Fields that frame the body.
    fields: usize,
    chunked: bool,
    /// The body's length, or the chunk's.
    length: u64,
}

impl HeadScan {
    pub(super) const fn new() -> Self {
        Self {
            part: Part::RequestLine,
            preface: Some(0),
            name: [0; NAME],
            line: 0,
            fields: 0,
            chunked: false,
            length: 0,
        }
    }

    /// Looks at what arrived. The colon of a second field that frames the body is made unreadable, and so is what does not
    /// belong into a length: the library then answers 400 and closes, as it does for any malformed request.
    pub(super) fn inspect(&mut self, bytes: &mut [u8]) {
        let mut rest = bytes;
        while self.part != Part::Foreign && !rest.is_empty() {
            let skipped = self.skip(rest);
            if skipped > 0 {
                rest = rest.get_mut(skipped..).unwrap_or_default();
                continue;
            }
            let Some((byte, after)) = rest.split_first_mut() else {
                return;
            };
            self.greet(*byte);
            if !self.step(*byte) {
                *byte = 0;
            }
            rest = after;
        }
    }

    /// Whether a head has begun and not ended.
    pub(super) fn is_within_head(&self) -> bool {
        match self.part {
            Part::RequestLine => self.line > 0,
            Part::Name | Part::Value | Part::Length | Part::Coding => true,
            _ => false,
        }
    }

    /// Passes over what says nothing: the rest of a line of which only the end matters, and bodies.
    fn skip(&mut self, bytes: &[u8]) -> usize {
        let left = match self.part {
            Part::Body(left) => left,
            Part::Value | Part::ChunkExtension => return to_line_end(bytes),
            Part::RequestLine if self.line > 0 && self.preface.is_none() => {
                return to_line_end(bytes);
            }
            _ => return 0,
        };
        let here = usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
        let left = left.saturating_sub(u64::try_from(here).unwrap_or(u64::MAX));
        self.part = match (left, self.chunked) {
            (0, true) => Part::ChunkEnd,
            (0, false) => self.next_request(),
            _ => Part::Body(left),
        };
        here
    }

    /// Whether the connection begins as HTTP/2 does.
    fn greet(&mut self, byte: u8) {
        if let Some(seen) = self.preface {
            let fits = PREFACE.get(seen) == Some(&byte);
            self.preface = fits.then_some(seen + 1);
            if self.preface == Some(PREFACE.len()) {
                self.part = Part::Foreign;
            }
        }
    }

    /// Takes in one byte; `false` if it must not be.
    fn step(&mut self, byte: u8) -> bool {
        match self.part {
            Part::RequestLine | Part::Name | Part::Value => return self.step_head(byte),
            Part::Length => return self.step_length(byte),
            Part::Coding => return self.step_coding(byte),
            Part::ChunkSize => return self.step_size(byte),
            Part::ChunkExtension if byte == b'\n' => self.begin_chunk(),
            Part::ChunkEnd => match byte {
                b'\r' => {}
                b'\n' => self.begin_size(),
                _ => return false,
            },
            Part::Trailer => match byte {
                b'\n' if self.line == 0 => self.part = self.next_request(),
                b'\n' => self.line = 0,
                b'\r' => {}
                _ => self.line += 1,
            },
            Part::ChunkExtension | Part::Body(_) | Part::Foreign => {}
        }
        true
    }

    fn step_head(&mut self, byte: u8) -> bool {
        match (byte, self.part) {
            (b'\r', _) => {}
            (b'\n', Part::RequestLine) if self.line == 0 => {}
            (b'\n', Part::Name) if self.line == 0 => self.end_head(),
            (b'\n', _) => self.begin_line(),
            (b':', Part::Name) => return self.end_name(),
            (_, Part::Name) => {
                if let Some(place) = self.name.get_mut(self.line) {
                    *place = byte.to_ascii_lowercase();
                }
                self.line += 1;
            }
            (_, Part::RequestLine) => self.line += 1,
            _ => {}
        }
        true
    }

    fn begin_line(&mut self) {
        self.part = Part::Name;
        self.line = 0;
    }

    /// Behind a field's name; `false` if it frames the body and another one did so before.
    fn end_name(&mut self) -> bool {
        self.part = Part::Value;
        match self.name.get(..self.line) {
            Some(b"content-length") => self.part = Part::Length,
            Some(b"transfer-encoding") => {
                self.part = Part::Coding;
                self.chunked = true;
                self.line = 0;
            }
            _ => return true,
        }
        self.fields += 1;
        self.fields == 1
    }

    fn step_length(&mut self, byte: u8) -> bool {
        match byte {
            b'\n' => self.begin_line(),
            b'\r' | b' ' | b'\t' => {}
            b'0'..=b'9' => self.grow(10, byte - b'0'),
            // A list of lengths (RFC 9112 §6.3 lets us refuse it), a sign, anything.
            _ => return false,
        }
        true
    }

    /// The one coding there is here (RFC 9112 §6.1 has a server refuse those it does not know), not a list of them.
    fn step_coding(&mut self, byte: u8) -> bool {
        let seen = self.line;
        match byte {
            b'\n' => {
                self.begin_line();
                seen == CHUNKED.len()
            }
            b'\r' => true,
            b' ' | b'\t' => seen == 0 || seen == CHUNKED.len(),
            _ => {
                self.line += 1;
                CHUNKED.get(seen) == Some(&byte.to_ascii_lowercase())
            }
        }
    }

    fn end_head(&mut self) {
        if self.chunked {
            self.begin_size();
        } else if self.length > 0 {
            self.part = Part::Body(self.length);
        } else {
            self.part = self.next_request();
        }
    }

    fn begin_size(&mut self) {
        self.part = Part::ChunkSize;
        self.length = 0;
    }

    fn step_size(&mut self, byte: u8) -> bool {
        match byte {
            b'\n' => self.begin_chunk(),
            b'\r' | b' ' | b'\t' => {}
            b';' => self.part = Part::ChunkExtension,
            _ => match char::from(byte).to_digit(16) {
                Some(digit) => self.grow(16, u8::try_from(digit).unwrap_or_default()),
                None => return false,
            },
        }
        true
    }

    fn begin_chunk(&mut self) {
        self.line = 0;
        self.part = match self.length {
            0 => Part::Trailer,
            length => Part::Body(length),
        };
    }

    fn grow(&mut self, base: u64, digit: u8) {
        self.length = self
            .length
            .saturating_mul(base)
            .saturating_add(u64::from(digit));
    }

    /// Whatever comes now is the next request's.
    fn next_request(&mut self) -> Part {
        self.line = 0;
        self.fields = 0;
        self.chunked = false;
        self.length = 0;
        Part::RequestLine
    }
}

fn to_line_end(bytes: &[u8]) -> usize {
    memchr::memchr(b'\n', bytes).unwrap_or(bytes.len())
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
    use proptest::prelude::*;

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

    /// Heads of bodies that have one length, or none.
    const CLEAR: [&str; 6] = [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nX: Content-Length: 4\r\nContent-Length-X: 5\r\nContent-Length: 4\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 80\r\n\r\nPOST / HTTP/1.1\r\nTransfer-Encoding: x\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding:CHUNKED \r\n\r\n0\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ];

    /// Heads that a proxy in front may read in another way.
    const UNCLEAR: [&str; 12] = [
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\ntransfer-ENCODING: chunked\r\ncontent-length: 4\r\n\r\n",
        "POST / HTTP/1.1\nContent-Length: 4\nTransfer-Encoding: chunked\n\n",
        "\r\n\r\nPOST / HTTP/1.1\r\nContent-Length:4\r\nContent-Length:4\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: ,chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunke\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chun ked\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding:\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: 4, 4\r\n\r\nabcd",
    ];

    #[test]
    fn s112_a_body_has_one_length() {
        let clear = CLEAR.into_iter().map(|head| (head, false));
        let unclear = UNCLEAR.into_iter().map(|head| (head, true));
        for (head, wanted) in clear.chain(unclear) {
            for chunk in [1, 7, 1000] {
                assert_eq!(broken(head, chunk), wanted, "{head:?} in pieces of {chunk}");
            }
        }
    }

    /// What becomes of bytes that arrive in these pieces.
    fn inspected(bytes: &[u8], cuts: &[usize]) -> Vec<u8> {
        let mut scan = HeadScan::new();
        let mut bytes = bytes.to_vec();
        let mut rest = bytes.as_mut_slice();
        for cut in cuts {
            let (now, later) = rest.split_at_mut((*cut).min(rest.len()));
            scan.inspect(now);
            rest = later;
        }
        scan.inspect(rest);
        bytes
    }

    /// A request that can be read in one way only.
    fn a_request() -> impl Strategy<Value = Vec<u8>> {
        let line = "(\r\n){0,2}(GET|POST|PUT) /[a-z:]{0,8} HTTP/1.1\r\n(X-[a-z]{1,20}: ?[ -~]{0,20}\r\n){0,3}";
        let body = prop_oneof![
            Just(b"\r\n".to_vec()),
            prop::collection::vec(any::<u8>(), 0..40).prop_map(|body| {
                let mut all = format!("Content-Length: {}\r\n\r\n", body.len()).into_bytes();
                all.extend(body);
                all
            }),
            prop::collection::vec(prop::collection::vec(any::<u8>(), 1..20), 0..4).prop_map(
                |chunks| {
                    let mut all = b"Transfer-Encoding: chunked\r\n\r\n".to_vec();
                    for chunk in chunks {
                        all.extend(format!("{:x};a=b\r\n", chunk.len()).into_bytes());
                        all.extend(chunk);
                        all.extend(b"\r\n");
                    }
                    all.extend(b"0\r\nX-Trailer: 1\r\n\r\n");
                    all
                }
            ),
        ];
        (line, body).prop_map(|(line, body)| [line.into_bytes(), body].concat())
    }

    proptest! {
        /// Where the network cuts says nothing, whatever is sent.
        #[test]
        fn s112_pieces_are_read_like_the_whole(bytes in prop::collection::vec(any::<u8>(), 0..200), cuts in prop::collection::vec(0..20_usize, 0..20)) {
            prop_assert_eq!(inspected(&bytes, &cuts), inspected(&bytes, &[]));
        }

        /// Requests of one meaning pass as they are, one behind the other; the first with two does not, whatever came before.
        #[test]
        fn s112_only_what_has_two_meanings_is_broken(
            requests in prop::collection::vec(a_request(), 0..5), cuts in prop::collection::vec(0..30_usize, 0..20), turned in any::<bool>(),
        ) {
            let good = requests.concat();
            prop_assert_eq!(&inspected(&good, &cuts), &good);
            let twice = if turned { AMBIGUOUS.to_owned() } else { AMBIGUOUS.replace("Transfer-Encoding: chunked", "content-LENGTH:4") };
            let bad = [good.clone(), twice.into_bytes()].concat();
            let seen = inspected(&bad, &cuts);
            prop_assert_eq!(&seen[..good.len()], &good[..], "what came before is left alone");
            prop_assert_ne!(&seen, &bad);
        }
    }

    const AMBIGUOUS: &str =
        "POST / HTTP/1.1\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";

    #[test]
    fn s112_a_request_behind_another_is_looked_at_as_well() {
        for before in [
            "",
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "\r\nGET / HTTP/1.1\r\nContent-Length: 0\r\n\r\n\r\n",
            "POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\na\r\n\r\n",
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            // A chunk that looks like an end, an extension, a trailer that looks like a frame.
            "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0A ;x=1\r\n0\r\n\r\n0\r\n\r\n\r\n0;y\r\nContent-Length: 4\r\nT: 1\r\n\r\n",
            "PRI / HTTP/1.1\r\nHost: x\r\n\r\n",
            "PRI * HTTP/2.0\r\n\r\nGET / HTTP/1.1\r\n\r\n",
        ] {
            for chunk in [1, 7, 1000] {
                let good = format!("{before}{}", "GET / HTTP/1.1\r\n\r\n");
                assert!(!broken(&good, chunk), "{good:?} in pieces of {chunk}");
                let bad = format!("{before}{AMBIGUOUS}");
                assert!(broken(&bad, chunk), "{bad:?} in pieces of {chunk}");
            }
        }
        // What looks like a head in a body is none.
        let body = format!(
            "POST / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{AMBIGUOUS}",
            AMBIGUOUS.len()
        );
        assert!(!broken(&body, 1000));
        let preface = format!("{}{AMBIGUOUS}", String::from_utf8_lossy(PREFACE));
        assert!(!broken(&preface, 5), "HTTP/2 has other heads");
    }
}
