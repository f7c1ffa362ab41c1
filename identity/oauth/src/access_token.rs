//! The wire form of access tokens and status lists. It is owned by `identity-verify`, which relying services link, so
//! that writer and reader cannot drift apart.

pub use identity_verify::claims::{
    AccessTokenClaims, Actor, Audience, Confirmation, NumericDate, Scope, StatusClaim,
    StatusReference, UnreadableClaims,
};
pub use identity_verify::status_list;
