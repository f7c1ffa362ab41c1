//! Names are resolved here, and judged before anybody connects.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::address::{Allowed, is_global};

/// What a client may reach.
#[derive(Clone, Debug)]
pub(super) enum Reach {
    /// The public internet, and what the operator opened.
    PublicOr(Allowed),
    /// Only what the operator opened.
    Only(Allowed),
}

/// The name leads to an address that must not be reached.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the name leads to an address that is not public; `fetch.allow` may open its network")]
pub(super) struct RefusedAddress;

#[derive(Debug)]
pub(super) struct GuardedResolver {
    reach: Reach,
}

impl Reach {
    fn covers(&self, address: IpAddr) -> bool {
        match self {
            Self::PublicOr(allowed) => is_global(address) || allowed.names(address),
            Self::Only(allowed) => allowed.names(address),
        }
    }
}

impl GuardedResolver {
    pub(super) const fn new(reach: Reach) -> Self {
        Self { reach }
    }
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One address out of place condemns the name: whoever mixes them hopes that we pick the wrong one.
            if found.is_empty() || !found.iter().all(|address| reach.covers(address.ip())) {
                return Err(RefusedAddress.into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}
