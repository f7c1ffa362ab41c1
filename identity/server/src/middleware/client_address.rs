//! Who is calling: computed once by the rule of the domain, used by limits, allow-lists, audit and mails.

use std::net::IpAddr;

use http::{HeaderMap, HeaderName};
use ipnet::IpNet;

use super::answer::EdgeAnswer;
use crate::listen::PeerAddress;

const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The address of the client, canonical: the socket's peer, or what a trusted proxy says. A request extension.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);

/// Resolves it. A list that a trusted proxy sent and nobody can read fails closed.
pub(super) fn resolve(
    peer: PeerAddress,
    headers: &HeaderMap,
    trusted: &[IpNet],
) -> Result<ClientAddress, EdgeAnswer> {
    // What is no text cannot be an address either: the empty string makes the resolver refuse the list.
    let forwarded = headers
        .get_all(X_FORWARDED_FOR)
        .iter()
        .map(|value| value.to_str().unwrap_or_default());
    identity_domain::client_address::resolve(peer.0.ip(), forwarded, trusted)
        .map(ClientAddress)
        .map_err(|_| {
            EdgeAnswer::Malformed("The proxy in front sent an X-Forwarded-For that cannot be read.")
        })
}
