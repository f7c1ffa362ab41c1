//! The `claims` parameter (OpenID Connect Core §5.5): which claims the client asks for, one by one.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::OAuthError;
use crate::strict_json;

/// The object, its two members, a claim, its `values`, and one structured value.
const MAX_DEPTH: usize = 6;
const MAX_CLAIMS: usize = 64;
const MAX_VALUES: usize = 32;

/// A parsed `claims` parameter.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsRequest {
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub userinfo: BTreeMap<String, ClaimRequest>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub id_token: BTreeMap<String, ClaimRequest>,
}

/// How one claim is asked for. `null` on the wire is the default: voluntary, any value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRequest {
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub essential: bool,
    /// The values asked for, in order of preference; empty means any. `value` on the wire is one of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<Value>,
}

impl ClaimRequest {
    /// Whether a claim with this value is what was asked for.
    pub fn accepts(&self, value: &Value) -> bool {
        self.values.is_empty() || self.values.contains(value)
    }
}

impl ClaimsRequest {
    /// Whether the answer may be about this subject: a `sub` asked for by value must not be answered with another (OpenID Connect Core §3.1.2.2).
    pub fn accepts_subject(&self, subject: &str) -> bool {
        let asked = [&self.id_token, &self.userinfo];
        let mut asked = asked.into_iter().filter_map(|claims| claims.get("sub"));
        asked.all(|sub| sub.accepts(&subject.into()))
    }

    pub fn parse(text: &str) -> Result<Self, OAuthError> {
        let members = strict_json::object(text.as_bytes(), MAX_DEPTH)
            .map_err(|error| OAuthError::invalid_request(format!("claims {error}")))?;
        // OpenID Connect Core §5.5: members that are not understood are ignored.
        Ok(Self {
            userinfo: section(members.get("userinfo"))?,
            id_token: section(members.get("id_token"))?,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.userinfo.is_empty() && self.id_token.is_empty()
    }
}

fn section(value: Option<&Value>) -> Result<BTreeMap<String, ClaimRequest>, OAuthError> {
    let members = match value {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(Value::Object(members)) if members.len() <= MAX_CLAIMS => members,
        Some(_) => return Err(malformed()),
    };
    members
        .iter()
        .map(|(name, value)| Ok((name.clone(), claim(value)?)))
        .collect()
}

fn claim(value: &Value) -> Result<ClaimRequest, OAuthError> {
    match value {
        Value::Null => Ok(ClaimRequest::default()),
        Value::Object(members) => {
            let essential = match members.get("essential") {
                None => false,
                Some(Value::Bool(essential)) => *essential,
                Some(_) => return Err(malformed()),
            };
            Ok(ClaimRequest {
                essential,
                values: values(members)?,
            })
        }
        _ => Err(malformed()),
    }
}

fn values(members: &Map<String, Value>) -> Result<Vec<Value>, OAuthError> {
    match (members.get("value"), members.get("values")) {
        (None, None) => Ok(Vec::new()),
        (Some(value), None) => Ok(vec![value.clone()]),
        (None, Some(Value::Array(values))) if (1..=MAX_VALUES).contains(&values.len()) => {
            Ok(values.clone())
        }
        _ => Err(malformed()),
    }
}

fn malformed() -> OAuthError {
    OAuthError::invalid_request("claims is not a claims request of OpenID Connect Core section 5.5")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_example_of_section_5_5_is_read() {
        let text = r#"{
            "userinfo": { "given_name": {"essential": true}, "nickname": null, "http://example.info/claims/groups": null },
            "id_token": { "auth_time": {"essential": true}, "acr": {"values": ["urn:mace:incommon:iap:silver"]},
                          "sub": {"value": "248289761001"} } }"#;
        let request = ClaimsRequest::parse(text).unwrap();
        assert!(request.userinfo["given_name"].essential);
        assert_eq!(request.userinfo["nickname"], ClaimRequest::default());
        assert!(request.id_token["acr"].accepts(&"urn:mace:incommon:iap:silver".into()));
        assert!(!request.id_token["sub"].accepts(&"other".into()));
        assert!(request.accepts_subject("248289761001") && !request.accepts_subject("other"));
        assert!(ClaimsRequest::default().accepts_subject("anybody"));
        let json = serde_json::to_string(&request).unwrap();
        assert_eq!(
            serde_json::from_str::<ClaimsRequest>(&json).unwrap(),
            request
        );
    }

    #[test]
    fn a_number_stays_the_same_when_it_is_stored() {
        for number in [
            "9.999000000000001e53",
            "0.1",
            "5e-324",
            "-1.7976931348623157e308",
        ] {
            let text = format!(r#"{{"userinfo":{{"a":{{"value":{number}}}}}}}"#);
            let request = ClaimsRequest::parse(&text).unwrap();
            let wanted: f64 = number.parse().unwrap();
            assert_eq!(request.userinfo["a"].values[0].as_f64(), Some(wanted));
            let json = serde_json::to_string(&request).unwrap();
            assert_eq!(
                serde_json::from_str::<ClaimsRequest>(&json).unwrap(),
                request
            );
        }
    }

    #[test]
    fn malformed_requests_are_refused() {
        for text in [
            "",
            "[]",
            "null",
            r#"{"userinfo":[]}"#,
            r#"{"userinfo":{"a":1}}"#,
            r#"{"userinfo":{"a":{"essential":"yes"}}}"#,
            r#"{"id_token":{"a":{"value":1,"values":[1]}}}"#,
            r#"{"id_token":{"a":{"values":[]}}}"#,
            r#"{"id_token":{"a":null,"a":null}}"#,
            r#"{"x":[[[[[[[[]]]]]]]]}"#,
        ] {
            assert!(ClaimsRequest::parse(text).is_err(), "{text}");
        }
        assert!(
            ClaimsRequest::parse(r#"{"vp_token":{},"userinfo":null}"#)
                .unwrap()
                .is_empty()
        );
    }

    proptest! {
        #[test]
        fn never_panics(text in "\\PC*") {
            let _ = ClaimsRequest::parse(&text);
        }
    }
}
