//! A token request with its client authentication: the first line is the `Authorization` header, the rest the body.
#![no_main]

use identity_oauth::client_authentication::PresentedClient;
use identity_oauth::introspection::IntrospectionRequest;
use identity_oauth::parameters::Parameters;
use identity_oauth::revocation::RevocationRequest;
use identity_oauth::token_request::TokenRequest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (header, body) = match data.iter().position(|byte| *byte == b'\n') {
        Some(end) => (std::str::from_utf8(&data[..end]).ok(), &data[end + 1..]),
        None => (None, data),
    };
    if let Some(header) = header {
        let _ = identity_oauth::bearer::token(header);
    }
    let Ok(parameters) = Parameters::parse(body) else {
        return;
    };
    let _ = IntrospectionRequest::parse(&parameters);
    let _ = RevocationRequest::parse(&parameters);
    let shown = [
        format!("{:?}", TokenRequest::parse(&parameters)),
        format!("{:?}", PresentedClient::parse(header, &parameters)),
    ];
    for name in [
        "code",
        "code_verifier",
        "refresh_token",
        "client_secret",
        "client_assertion",
    ] {
        // A short value may be part of any text by chance, and a value may be repeated in a parameter that is shown.
        let Some(secret) = parameters.get(name).filter(|value| value.len() > 16) else {
            continue;
        };
        let elsewhere = parameters
            .iter()
            .any(|(other, value)| other != name && value.contains(secret));
        assert!(
            elsewhere || shown.iter().all(|text| !text.contains(secret)),
            "{name} is shown"
        );
    }
});
