//! Randomness from the one crypto library.

use identity_domain::ports::Entropy;

/// The library's CSPRNG, seeded by the kernel.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    fn fill(&self, bytes: &mut [u8]) {
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
}
