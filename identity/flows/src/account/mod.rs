//! What a signed-in person does with their own account.

pub mod activity;
pub mod applications;
pub mod change_password;
pub mod deletion;
pub mod devices;
pub mod elevation;
pub mod email;
pub mod export;
pub mod factors;
pub mod profile;
pub mod secure;
pub mod sessions;
pub mod undo_email;
