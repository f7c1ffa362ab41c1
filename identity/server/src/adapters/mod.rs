//! The ports of the domain, connected to the world.

pub mod breached;
pub mod clock;
pub mod entropy;
pub mod fetch;
pub mod geo;
pub mod mail;
pub mod mail_renderer;
pub mod mail_sink;
pub mod sms;
pub mod sms_sink;
