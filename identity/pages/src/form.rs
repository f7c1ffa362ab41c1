//! Forms as typed values: names, autocomplete tokens and errors of fields, so that templates cannot mistype them.

use serde::Serialize;

use crate::notice::FieldError;

/// One input of a form. The label is the template's, everything a machine relies on is here.
#[derive(Clone, Debug, Serialize)]
pub struct Field {
    /// Name in the form post; also the element's id.
    pub name: &'static str,
    /// The `type` attribute.
    pub kind: &'static str,
    /// Tokens of the HTML autofill list.
    pub autocomplete: &'static str,
    pub inputmode: Option<&'static str>,
    /// What was typed before; always empty for passwords.
    pub value: String,
    pub error: Option<FieldError>,
    pub required: bool,
    pub autofocus: bool,
    pub maxlength: Option<u32>,
}

impl Field {
    const fn new(name: &'static str, kind: &'static str, autocomplete: &'static str) -> Self {
        Self {
            name,
            kind,
            autocomplete,
            inputmode: None,
            value: String::new(),
            error: None,
            required: true,
            autofocus: false,
            maxlength: None,
        }
    }

    /// `identifier`: the address a person signs in with. A text field and not `type=email`, because usernames and
    /// international addresses must pass.
    pub const fn identifier() -> Self {
        let mut field = Self::new("identifier", "text", "username webauthn");
        field.inputmode = Some("email");
        field.maxlength = Some(320);
        field
    }

    /// `password`: the password a person has.
    pub const fn current_password() -> Self {
        Self::new("password", "password", "current-password")
    }

    /// `password`: a password that is being made.
    pub const fn new_password() -> Self {
        Self::new("password", "password", "new-password")
    }

    /// `current_password` beside a new one on the same page.
    pub const fn old_password() -> Self {
        Self::new("current_password", "password", "current-password")
    }

    /// `email` at sign-up.
    pub const fn email() -> Self {
        let mut field = Self::new("email", "email", "email");
        field.maxlength = Some(320);
        field
    }

    /// `name`: the whole name in one field.
    pub const fn name() -> Self {
        let mut field = Self::new("name", "text", "name");
        field.maxlength = Some(200);
        field
    }

    /// `given_name`, where it is wanted apart.
    pub const fn given_name() -> Self {
        let mut field = Self::new("given_name", "text", "given-name").optional();
        field.maxlength = Some(120);
        field
    }

    /// `family_name`, where it is wanted apart.
    pub const fn family_name() -> Self {
        let mut field = Self::new("family_name", "text", "family-name").optional();
        field.maxlength = Some(120);
        field
    }

    /// `zoneinfo`: an IANA time zone.
    pub const fn zoneinfo() -> Self {
        let mut field = Self::new("zoneinfo", "text", "off").optional();
        field.maxlength = Some(64);
        field
    }

    /// `code`: a mailed one-time code in one field. It is made of letters, so phones show the whole keyboard.
    pub const fn code() -> Self {
        let mut field = Self::new("code", "text", "one-time-code");
        field.inputmode = Some("text");
        field.maxlength = Some(32);
        field
    }

    /// `code`: six digits of an app, a message or a mail, in one field (H-36). Blanks are welcome, so there is room for some.
    pub const fn one_time_code() -> Self {
        let mut field = Self::new("code", "text", "one-time-code");
        field.inputmode = Some("numeric");
        field.maxlength = Some(12);
        field
    }

    /// `code`: a backup code, visible while it is typed (H-40).
    pub const fn backup_code() -> Self {
        let mut field = Self::new("code", "text", "off");
        field.maxlength = Some(40);
        field
    }

    /// `name`: how its owner calls a second factor.
    pub const fn factor_name() -> Self {
        let mut field = Self::new("name", "text", "off");
        field.maxlength = Some(60);
        field.required = false;
        field
    }

    /// `phone`: a number with its country.
    pub const fn phone() -> Self {
        let mut field = Self::new("phone", "tel", "tel");
        field.inputmode = Some("tel");
        field.maxlength = Some(40);
        field
    }

    /// With what was typed before. Ignored by password fields: a password is never sent back.
    #[must_use]
    pub fn with_value(mut self, value: impl Into<String>) -> Self {
        if self.kind != "password" {
            self.value = value.into();
        }
        self
    }

    /// With the reason it was refused.
    #[must_use]
    pub fn with_error(mut self, error: FieldError) -> Self {
        self.error = Some(error);
        self
    }

    /// With an optional reason, as validation results come.
    #[must_use]
    pub fn with_optional_error(mut self, error: Option<FieldError>) -> Self {
        self.error = error;
        self
    }

    /// The field that has the cursor when the page opens.
    #[must_use]
    pub const fn focused(mut self) -> Self {
        self.autofocus = true;
        self
    }

    /// A field that may stay empty.
    #[must_use]
    pub const fn optional(mut self) -> Self {
        self.required = false;
        self
    }
}

/// A hidden input.
#[derive(Clone, Debug, Serialize)]
pub struct Hidden {
    pub name: String,
    pub value: String,
}

impl Hidden {
    /// A hidden input of this name and value.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

/// The check box `remember` (value `1`); absent from the page when the policy forbids it.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Remember {
    /// How long the session is kept.
    pub days: u32,
    pub checked: bool,
}

impl Remember {
    /// Off, as the box has to start.
    pub const fn days(days: u32) -> Self {
        Self {
            days,
            checked: false,
        }
    }
}
