//! What a token or the userinfo endpoint says about a person: by scope, and by the `claims` parameter (OpenID Connect Core §5.4, §5.5).

use identity_oauth::authorization_request::AuthorizationRequest;
use identity_oauth::claims_request::{ClaimRequest, ClaimsRequest};
use identity_oauth::scope::Scope;
use serde_json::{Map, Value};

use crate::directory::{Person, Place};

/// Claims by the scope that asks for them; also what discovery lists.
pub const BY_SCOPE: [(&str, &[&str]); 3] = [
    (
        "profile",
        &[
            "name",
            "given_name",
            "family_name",
            "locale",
            "zoneinfo",
            "updated_at",
        ],
    ),
    ("email", &["email", "email_verified"]),
    ("phone", &["phone_number", "phone_number_verified"]),
];

/// The scope that a claim belongs to, for those that a scope asks for.
fn scope_of(claim: &str) -> Option<&'static str> {
    let found = BY_SCOPE.iter().find(|(_, claims)| claims.contains(&claim));
    found.map(|(scope, _)| *scope)
}

/// Leaves of the `claims` parameter what this client may ask for: a claim of a scope that is not registered for it is not given, whichever
/// way it is asked for. What is voluntary may be left out (OpenID Connect Core §5.5.1), and so may what is essential.
pub fn keep_registered(requested: &mut ClaimsRequest, registered: &Scope) {
    let may = |claim: &String| scope_of(claim).is_none_or(|scope| registered.contains(scope));
    requested.userinfo.retain(|claim, _| may(claim));
    requested.id_token.retain(|claim, _| may(claim));
}

/// What a request asks a person for, as scopes: those it names, and those whose claims it asks for one by one. This is what is shown,
/// allowed and remembered.
pub fn asked_scope(request: &AuthorizationRequest) -> Vec<&str> {
    let requested = &request.claims;
    let claims = || requested.userinfo.keys().chain(requested.id_token.keys());
    let by_claims = BY_SCOPE.iter().map(|(scope, _)| *scope);
    let by_claims = by_claims.filter(|scope| {
        !request.scope.contains(scope) && claims().any(|claim| scope_of(claim) == Some(scope))
    });
    request.scope.iter().chain(by_claims).collect()
}

/// All claims about a person that can be asked for.
pub fn supported() -> Vec<String> {
    let fixed = [
        "sub",
        "iss",
        "aud",
        "exp",
        "iat",
        "auth_time",
        "nonce",
        "acr",
        "amr",
        "sid",
        "org_id",
        "org_slug",
        "roles",
    ];
    fixed
        .into_iter()
        .chain(
            BY_SCOPE
                .iter()
                .flat_map(|(_, claims)| claims.iter().copied()),
        )
        .map(str::to_owned)
        .collect()
}

/// The claims that `scope` and the requested ones allow, of what is known.
pub fn about(
    person: &Person,
    place: Option<&Place>,
    scope: &[String],
    requested: Option<&std::collections::BTreeMap<String, ClaimRequest>>,
) -> Map<String, Value> {
    let mut claims = Map::new();
    let in_scope = |name: &str| {
        BY_SCOPE
            .iter()
            .any(|(s, names)| scope.iter().any(|granted| granted == s) && names.contains(&name))
    };
    let mut put = |name: &str, value: Option<Value>| {
        let asked = requested.and_then(|requested| requested.get(name));
        if let Some(value) = value
            && (in_scope(name) || asked.is_some_and(|asked| asked.accepts(&value)))
        {
            claims.insert(name.to_owned(), value);
        }
    };
    let (user, profile) = (&person.user, &person.user.profile);
    let text = |value: &Option<String>| value.clone().map(Value::String);
    put("name", text(&profile.name));
    put("given_name", text(&profile.given_name));
    put("family_name", text(&profile.family_name));
    put("locale", text(&profile.locale));
    put("zoneinfo", text(&profile.zoneinfo));
    put("updated_at", Some(user.updated_at.seconds().into()));
    put("email", Some(user.email.as_str().into()));
    put(
        "email_verified",
        Some(user.email_verified_at.is_some().into()),
    );
    if let Some(place) = place {
        claims.insert(
            "org_id".to_owned(),
            place.organization_id.to_string().into(),
        );
        claims.insert("org_slug".to_owned(), place.slug.clone().into());
        claims.insert("roles".to_owned(), place.roles.clone().into());
    }
    claims
}

/// The `claims` parameter as stored with a grant.
pub fn requested(stored: Option<&Value>) -> ClaimsRequest {
    stored
        .and_then(|stored| serde_json::from_value(stored.clone()).ok())
        .unwrap_or_default()
}
