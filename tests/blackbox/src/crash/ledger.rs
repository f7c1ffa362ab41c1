//! What the provider has promised so far. It lives in this process, so no crash of the other can touch it.

/// Everything acknowledged.
#[derive(Default)]
pub struct Ledger {
    /// Refresh families, each rotated by one task.
    pub families: Vec<Family>,
    /// Codes of the life of the process that is running.
    pub codes: Vec<Code>,
    /// Clients and scopes that the person allowed them.
    pub consents: Vec<(String, String)>,
    /// How many scopes were asked about.
    pub asked: usize,
    /// Promises of this life.
    pub acknowledged: usize,
    /// Refreshes acknowledged in all lives.
    pub refreshes: usize,
    /// Redemptions acknowledged in all lives.
    pub redemptions: usize,
}

impl Ledger {
    /// Whether something of every kind was promised.
    pub fn has_every_kind(&self) -> bool {
        self.refreshes > 0 && self.redemptions > 0 && !self.consents.is_empty()
    }
}

/// One refresh family.
pub struct Family {
    /// The token of generation one; long used.
    pub first: String,
    /// The newest token that arrived.
    pub newest: String,
}

/// One authorization code that arrived.
#[derive(Clone)]
pub struct Code {
    /// The code.
    pub value: String,
    /// Its PKCE verifier.
    pub verifier: String,
    /// What became of it.
    pub state: CodeState,
}

/// What became of a code.
#[derive(Clone, PartialEq, Eq)]
pub enum CodeState {
    /// Not presented yet.
    Issued,
    /// Presented, and no answer arrived.
    Tried,
    /// Redeemed for this refresh token.
    Redeemed(String),
}
