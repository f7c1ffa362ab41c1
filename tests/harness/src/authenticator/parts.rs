//! What an answer is made of, and where a test changes it.

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::{Value, json};

/// `clientDataJSON`, `authData` and what stands around them, before they are put together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parts {
    /// `webauthn.create` or `webauthn.get`.
    pub client_type: String,
    /// Base64url.
    pub challenge: String,
    /// As a browser writes it.
    pub origin: String,
    /// Members that are added to the client data.
    pub more: Value,
    /// Its hash begins the authenticator data.
    pub rp_id: String,
    /// Flags.
    pub flags: u8,
    /// Signature counter.
    pub counter: u32,
    /// COSE algorithm, at registration.
    pub algorithm: i8,
    /// `rawId`, base64url.
    pub raw_id: String,
    /// `id`.
    pub id: String,
    /// The credential id inside the authenticator data, at registration.
    pub attested_id: Vec<u8>,
    /// `type` of the credential.
    pub kind: String,
    /// `userHandle`, base64url, at assertion.
    pub user_handle: Option<String>,
    /// Sign something else.
    pub break_signature: bool,
    /// Sign with a fresh key instead.
    pub foreign_key: bool,
}

impl Parts {
    /// `clientDataJSON`, in the order of §5.8.1.1.
    pub(crate) fn client_data(&self) -> String {
        let mut data =
            json!({"type": self.client_type, "challenge": self.challenge, "origin": self.origin});
        let members = data.as_object_mut().expect("an object");
        members.extend(self.more.as_object().expect("members").clone());
        data.to_string()
    }

    /// The authenticator data up to the counter (§6.1).
    pub(crate) fn auth_data(&self) -> Vec<u8> {
        let mut data = digest(&SHA256, self.rp_id.as_bytes()).as_ref().to_vec();
        data.push(self.flags);
        data.extend(self.counter.to_be_bytes());
        data
    }
}
