//! What a signed-in person does with their own account.

pub mod applications;
pub mod change_password;
pub mod elevation;
pub mod sessions;
