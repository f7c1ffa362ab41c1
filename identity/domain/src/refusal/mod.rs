//! Every way of saying no, one enum per family. `Display` is for log and audit; pages and answers choose their own words.

mod grant;
mod login;

pub use grant::GrantRefusal;
pub use login::LoginRefusal;
