//! The query of an authorization request.
#![no_main]

use identity_oauth::authorization_request::{AuthorizationRequest, RequestTarget};
use identity_oauth::logout::EndSessionRequest;
use identity_oauth::parameters::Parameters;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let _ = Parameters::parse_form(data);
    let Ok(parameters) = Parameters::parse(data) else {
        return;
    };
    for (name, value) in parameters.iter() {
        assert!(!name.is_empty() && !value.is_empty());
        assert!(name == "resource" || parameters.all(name).count() == 1);
    }
    let _ = EndSessionRequest::parse(&parameters);
    let Ok(target) = RequestTarget::parse(&parameters) else {
        return;
    };
    if let Ok(request) = AuthorizationRequest::parse(&parameters, target) {
        let stored = serde_json::to_string(&request).expect("a request can be stored");
        let read: AuthorizationRequest = serde_json::from_str(&stored).expect("and read back");
        assert_eq!(read, request);
    }
});
