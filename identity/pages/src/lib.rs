//! The contract with theme authors: what a person reads and touches.
//!
//! Every page and every mail is a typed struct with samples ([`Page`], [`Mail`]); a theme folder turns it into HTML.
//! The crate knows templates, texts, colours and static files. It must never know HTTP, cookies, SQL or the use cases:
//! a handler fills a struct and calls [`Engine::render`].
//!
//! Start reading at [`page`] (the trait), [`frame`] (what every page shares), [`catalogue`] (all pages), then [`engine`].

pub mod account;
pub mod brand;
pub mod catalogue;
pub mod check;
pub mod consent;
pub mod dev;
pub mod device;
pub mod engine;
pub mod enrolment;
pub mod entry_report;
pub mod errors;
pub mod factor;
pub mod field_error;
pub mod form;
pub mod form_post;
pub mod frame;
mod functions;
pub mod gallery;
pub mod i18n;
mod loaded;
pub mod login;
pub mod logout;
pub mod mail;
pub mod notice;
pub mod page;
pub mod passkey;
pub mod password;
pub mod person;
pub mod recovery;
pub mod reference;
pub mod registration;
pub mod secure;
pub mod security;
pub mod static_files;
pub mod text_message;
pub mod theme;
mod view;

pub use brand::Brand;
pub use engine::{Engine, EngineError, EngineOptions, Mode, RenderError};
pub use form::{Field, Hidden, Remember};
pub use frame::{Account, App, ColorScheme, Idle, Organization, PageFrame};
pub use mail::{Mail, RenderedMail};
pub use notice::{Alert, FieldError, Tone};
pub use page::Page;
pub use static_files::StaticFile;
