//! Randomness from the one crypto library for what is secret, from the kernel directly for identifiers.

use std::cell::RefCell;

use identity_domain::ports::Entropy;
use zeroize::Zeroize as _;

/// What is asked for in so few bytes is an identifier or a short code, of which a request needs several.
const SMALL: usize = 16;
/// Drawn ahead for those: each call costs the same, however little is asked for.
const AHEAD: usize = 512;

/// The library's CSPRNG, seeded by the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

thread_local! {
    static SUPPLY: RefCell<Supply> = const { RefCell::new(Supply::new()) };
}

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        if bytes.len() > SMALL {
            return draw(bytes);
        }
        // While a thread ends its supply is gone.
        let served = SUPPLY.try_with(|supply| supply.borrow_mut().serve(bytes));
        if served.is_err() {
            draw(bytes);
        }
    }
}

/// Random bytes of one thread. Each is handed out once and forgotten.
struct Supply {
    bytes: [u8; AHEAD],
    left: usize,
}

impl Supply {
    const fn new() -> Self {
        Self {
            bytes: [0; AHEAD],
            left: 0,
        }
    }

    fn serve(&mut self, wanted: &mut [u8]) {
        if self.left < wanted.len() {
            // Not from the library: it takes long to collect its first entropy, and a start needs identifiers only.
            if getrandom::fill(&mut self.bytes).is_err() {
                std::process::abort();
            }
            self.left = AHEAD;
        }
        let from = self.left - wanted.len();
        if let Some(taken) = self.bytes.get_mut(from..self.left) {
            wanted.copy_from_slice(taken);
            taken.zeroize();
        }
        self.left = from;
    }
}

fn draw(bytes: &mut [u8]) {
    #[expect(
        clippy::disallowed_methods,
        reason = "this adapter is the injected source of randomness"
    )]
    let filled = aws_lc_rs::rand::fill(bytes);
    if filled.is_err() {
        // Going on would hand out guessable tokens. Nobody can catch an abort and carry on.
        std::process::abort();
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn no_byte_is_handed_out_twice() {
        let mut seen = HashSet::new();
        for length in (8..=SMALL).cycle().take(5_000) {
            let mut bytes = [0_u8; SMALL];
            SystemEntropy.fill(bytes.get_mut(..length).unwrap_or_default());
            // Eight bytes of a CSPRNG do not repeat within thousands of draws; a supply that is read twice does.
            assert!(seen.insert(bytes[..8].to_vec()), "after {}", seen.len());
            assert_ne!(bytes[..8], [0; 8]);
        }
    }

    #[test]
    fn what_was_handed_out_is_forgotten() {
        let mut supply = Supply::new();
        supply.serve(&mut [0; 10]);
        assert_eq!(supply.left, AHEAD - 10);
        assert_eq!(supply.bytes[AHEAD - 10..], [0; 10]);
        assert!(supply.bytes[..AHEAD - 10].iter().any(|byte| *byte != 0));
    }
}
