//! Tokens: arbitrary ones are never accepted, and of those we signed only the ones with sound claims are.
#![no_main]

use std::sync::OnceLock;

use identity_oauth::jose::{
    Algorithm, Expected, JwkSet, Lifetime, SigningKey, VerificationKey, decode_unverified, typ,
    verify,
};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

const NOW: i64 = 1_800_000_000;

fn key() -> &'static (SigningKey, [VerificationKey; 1]) {
    static KEY: OnceLock<(SigningKey, [VerificationKey; 1])> = OnceLock::new();
    KEY.get_or_init(|| {
        let pkcs8 = SigningKey::generate(Algorithm::EdDSA).expect("a key");
        let key = SigningKey::from_pkcs8(Algorithm::EdDSA, &pkcs8).expect("a key");
        let public = VerificationKey::from_jwk(key.public_jwk(), None).expect("a key");
        (key, [public])
    })
}

fuzz_target!(|data: &str| {
    let (key, public) = key();
    let expected = Expected {
        typ: &[typ::ACCESS_TOKEN],
        issuer: None,
        audience: None,
        lifetime: Lifetime::Checked {
            now: NOW,
            leeway: 0,
        },
    };
    let _ = decode_unverified(data);
    // The key is new in every run, so no input can have been signed by it.
    assert!(verify::<Value>(data, public, &expected).is_err());

    let Ok(claims) = serde_json::from_str::<Value>(data) else {
        return;
    };
    let _ = JwkSet::parse(&claims);
    let token = key
        .sign(typ::ACCESS_TOKEN, &claims)
        .expect("JSON can be signed");
    if let Ok(verified) = verify::<Value>(&token, public, &expected) {
        assert!(verified.claims["exp"].as_i64().is_some_and(|exp| exp > NOW));
        for name in ["nbf", "iat"] {
            let value = verified.claims.get(name);
            assert!(value.is_none_or(|value| value.as_i64().is_some_and(|at| at <= NOW)));
        }
        assert!(verified.claims.get("sub").is_none_or(Value::is_string));
    }
});
