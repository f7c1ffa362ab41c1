//! The second yardstick: signing, verifying and hashing with nothing around them.

use std::hint::black_box;
use std::time::{Duration, Instant};

use argon2::Block;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, ED25519, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair as _, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256,
};

use crate::failure::{During as _, Failure, Outcome};
use crate::seed::{PASSWORD, argon2};
use crate::usage;

/// About the size of an access token's signing input.
const MESSAGE: [u8; 600] = [b'a'; 600];
/// One measurement is at least this many operations.
const FEWEST: u32 = 5;

/// What can be measured.
pub const KINDS: [&str; 7] = [
    "EdDSA",
    "ES256",
    "RS256",
    "Argon2id",
    "verify EdDSA",
    "verify ES256",
    "verify RS256",
];

/// CPU microseconds per operation.
pub fn measure(kind: &str, length: Duration) -> Outcome<f64> {
    match kind.strip_prefix("verify ") {
        Some(algorithm) => verifying(algorithm, length),
        None if kind == "Argon2id" => hashing(length),
        None => signing(kind, length),
    }
}

fn timed(length: Duration, mut operation: impl FnMut() -> Outcome<()>) -> Outcome<f64> {
    operation()?;
    let (began, used, mut count) = (Instant::now(), usage::own_thread(), 0_u32);
    while count < FEWEST || began.elapsed() < length {
        operation()?;
        count += 1;
    }
    Ok(usage::own_thread().saturating_sub(used).as_secs_f64() * 1e6 / f64::from(count))
}

/// A key pair, as a function from message to signature, and the key that checks it.
type Signer = Box<dyn Fn(&[u8]) -> Outcome<Vec<u8>>>;

fn key(algorithm: &str) -> Outcome<(Signer, ParsedPublicKey)> {
    let parsed =
        |algorithm, bytes: &[u8]| ParsedPublicKey::new(algorithm, bytes).during("a public key");
    match algorithm {
        "EdDSA" => {
            let pair = Ed25519KeyPair::generate().during("a key")?;
            let public = parsed(&ED25519, pair.public_key().as_ref())?;
            Ok((
                Box::new(move |message| {
                    pair.try_sign(message)
                        .map(|signature| signature.as_ref().to_vec())
                        .during("signing")
                }),
                public,
            ))
        }
        "ES256" => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).during("a key")?;
            let public = parsed(&ECDSA_P256_SHA256_FIXED, pair.public_key().as_ref())?;
            Ok((
                Box::new(move |message| {
                    pair.sign(&random(), message)
                        .map(|signature| signature.as_ref().to_vec())
                        .during("signing")
                }),
                public,
            ))
        }
        "RS256" => {
            let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048).during("a key")?;
            let public = parsed(&RSA_PKCS1_2048_8192_SHA256, pair.public_key().as_ref())?;
            let sign = move |message: &[u8]| {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random(), message, &mut signature)
                    .during("signing")?;
                Ok(signature)
            };
            Ok((Box::new(sign), public))
        }
        _ => Err(Failure::new(format!("unknown algorithm {algorithm}"))),
    }
}

fn signing(algorithm: &str, length: Duration) -> Outcome<f64> {
    let (sign, _) = key(algorithm)?;
    timed(length, || {
        sign(black_box(&MESSAGE)).map(|signature| drop(black_box(signature)))
    })
}

fn verifying(algorithm: &str, length: Duration) -> Outcome<f64> {
    let (sign, public) = key(algorithm)?;
    let signature = sign(&MESSAGE)?;
    timed(length, || {
        public
            .verify_sig(black_box(&MESSAGE), &signature)
            .during("verifying")
    })
}

fn hashing(length: Duration) -> Outcome<f64> {
    let argon2 = argon2()?;
    let mut memory = vec![Block::default(); argon2.params().block_count()];
    let mut output = [0_u8; 32];
    timed(length, || {
        argon2
            .hash_password_into_with_memory(
                black_box(PASSWORD.as_bytes()),
                b"sixteen byte sal",
                &mut output,
                &mut memory,
            )
            .during("hashing")?;
        black_box(output);
        Ok(())
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "the yardstick is the library by itself"
)]
fn random() -> SystemRandom {
    SystemRandom::new()
}
