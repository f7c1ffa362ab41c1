//! Whether the members of a registration are sound, each and together.

use super::{ClientMetadata, MetadataError, TokenEndpointAuthMethod};
use crate::redirect_uri::RegisteredRedirectUri;
use crate::scope::{OFFLINE_ACCESS, OPENID};
use crate::text::is_readable;
use crate::token_request::GrantType;

/// Bounds on lists and texts (every list is bounded).
const MAX_URIS: usize = 64;
const MAX_NAME: usize = 200;
const MAX_CONTACTS: usize = 16;
const MAX_AUDIENCES: usize = 32;
const MAX_TEXT: usize = 2048;

type Errors = Vec<MetadataError>;

impl ClientMetadata {
    /// Check values and how they fit together. Every error is reported.
    pub fn validate(&self) -> Result<(), Vec<MetadataError>> {
        let mut errors = Errors::new();
        self.check_texts(&mut errors);
        self.check_uris(&mut errors);
        self.check_scope(&mut errors);
        self.check_grants(&mut errors);
        self.check_authentication(&mut errors);
        if errors.is_empty() {
            Ok(())
        } else {
            Err(errors)
        }
    }

    fn check_texts(&self, errors: &mut Errors) {
        if let Some(name) = &self.client_name
            && (name.len() > MAX_NAME || !is_readable(name))
        {
            refuse(
                errors,
                "client_name",
                "must have 1 to 200 bytes with a letter or a digit, and no control characters or marks of direction",
            );
        }
        let contact = |text: &String| {
            text.len() <= 320 && text.contains('@') && !text.chars().any(char::is_control)
        };
        if self.contacts.len() > MAX_CONTACTS || !self.contacts.iter().all(contact) {
            refuse(errors, "contacts", "must be at most 16 e-mail addresses");
        }
        let audience = |text: &String| {
            (1..=MAX_TEXT).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
        };
        if self.audience.len() > MAX_AUDIENCES || !self.audience.iter().all(audience) {
            refuse(
                errors,
                "audience",
                "must be at most 32 texts of visible ASCII characters, URIs by preference",
            );
        }
    }

    fn check_uris(&self, errors: &mut Errors) {
        for (field, uris) in [
            ("redirect_uris", &self.redirect_uris),
            ("post_logout_redirect_uris", &self.post_logout_redirect_uris),
        ] {
            if uris.len() > MAX_URIS {
                refuse(errors, field, "has more than 64 entries");
                continue;
            }
            for (index, uri) in uris.iter().enumerate() {
                if let Err(error) = RegisteredRedirectUri::parse(uri, self.application_type) {
                    errors.push(MetadataError::new(
                        format!("{field}[{index}]"),
                        format!("{uri} {error}"),
                    ));
                } else if uris.iter().take(index).any(|earlier| earlier == uri) {
                    refuse(errors, &format!("{field}[{index}]"), "is given twice");
                }
            }
        }
        // Shown as links or fetched: never a scheme that runs or reads something.
        for (field, uri, fragment) in [
            ("client_uri", &self.client_uri, true),
            ("logo_uri", &self.logo_uri, true),
            ("policy_uri", &self.policy_uri, true),
            ("tos_uri", &self.tos_uri, true),
            ("jwks_uri", &self.jwks_uri, false),
            // Back-Channel Logout §2.2: absolute, without a fragment.
            (
                "backchannel_logout_uri",
                &self.backchannel_logout_uri,
                false,
            ),
        ] {
            let Some(uri) = uri else { continue };
            let checked = if fragment {
                uri.split('#').next().unwrap_or_default()
            } else {
                uri
            };
            if let Err(error) = RegisteredRedirectUri::parse(checked, super::ApplicationType::Web) {
                errors.push(MetadataError::new(field, error.to_string()));
            }
        }
        if self.backchannel_logout_session_required && self.backchannel_logout_uri.is_none() {
            refuse(
                errors,
                "backchannel_logout_session_required",
                "needs a backchannel_logout_uri",
            );
        }
    }

    /// A scope that nobody knows is one of the client's own interfaces. No interface is called almost as one of OpenID's words is, that
    /// mean nothing when they are misspelt.
    fn check_scope(&self, errors: &mut Errors) {
        for name in self.scope.iter().filter(|name| name.len() <= 64) {
            let meant = [OPENID, OFFLINE_ACCESS].into_iter().find(|word| {
                *word != name
                    && strsim::damerau_levenshtein(word, &name.to_lowercase()) <= word.len() / 6
            });
            if let Some(meant) = meant {
                let problem = format!("has {name}, which is unknown; did you mean {meant}?");
                errors.push(MetadataError::new("scope", problem));
            }
        }
    }

    fn check_grants(&self, errors: &mut Errors) {
        if self.grant_types.is_empty() {
            refuse(errors, "grant_types", "must not be empty");
        }
        if self.uses_code() {
            if self.redirect_uris.is_empty() {
                refuse(
                    errors,
                    "redirect_uris",
                    "must not be empty for the authorization_code grant",
                );
            }
            // RFC 7591 §2.1: response types and grant types go together.
            if self.response_types.is_empty() {
                refuse(
                    errors,
                    "response_types",
                    "must contain code for the authorization_code grant",
                );
            }
        } else {
            if !self.response_types.is_empty() {
                refuse(
                    errors,
                    "response_types",
                    "must be empty without the authorization_code grant",
                );
            }
            if self.allows(GrantType::RefreshToken) {
                refuse(
                    errors,
                    "grant_types",
                    "refresh_token needs authorization_code",
                );
            }
        }
        // RFC 6749 §4.4: only confidential clients.
        if self.is_public() && self.allows(GrantType::ClientCredentials) {
            refuse(
                errors,
                "grant_types",
                "client_credentials is not for public clients",
            );
        }
    }

    fn check_authentication(&self, errors: &mut Errors) {
        let method = self.token_endpoint_auth_method;
        // RFC 9700 §2.1.1: public clients MUST use PKCE.
        if self.is_public() && !self.require_pkce {
            refuse(errors, "require_pkce", "must be true for public clients");
        }
        // RFC 7591 §2: not both.
        if self.jwks.is_some() && self.jwks_uri.is_some() {
            refuse(errors, "jwks", "and jwks_uri exclude each other");
        }
        if method == TokenEndpointAuthMethod::PrivateKeyJwt {
            if self.jwks.is_none() && self.jwks_uri.is_none() {
                refuse(
                    errors,
                    "token_endpoint_auth_method",
                    "private_key_jwt needs jwks or jwks_uri",
                );
            }
            if let Some(jwks) = &self.jwks {
                let usable = |algorithm| jwks.keys.iter().any(|key| key.allows(algorithm));
                if jwks.keys.is_empty() {
                    refuse(
                        errors,
                        "jwks",
                        "has no key this provider can use (EC P-256, Ed25519, RSA)",
                    );
                } else if self
                    .token_endpoint_auth_signing_alg
                    .is_some_and(|algorithm| !usable(algorithm))
                {
                    refuse(
                        errors,
                        "token_endpoint_auth_signing_alg",
                        "fits none of the keys in jwks",
                    );
                }
            }
        } else if self.token_endpoint_auth_signing_alg.is_some() {
            refuse(
                errors,
                "token_endpoint_auth_signing_alg",
                "is for private_key_jwt only",
            );
        }
    }
}

fn refuse(errors: &mut Errors, field: &str, problem: &str) {
    errors.push(MetadataError::new(field, problem));
}
