//! `[audit]`

use identity_domain::Duration;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::load::Loaded;
use super::period::Period;
use super::problem::Problem;

/// So far back people see what happened in their account.
const SHORTEST: Period = Period::days(90);

/// `[audit]`
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Audit {
    /// How long a record is kept, with the address and the program that are in it; at least `90d`. Older ones are removed day by day,
    /// and the rest of the log is still proven. `0s` keeps them for ever.
    pub keep: Period,
}

impl Default for Audit {
    fn default() -> Self {
        Self {
            keep: Period::days(365),
        }
    }
}

impl Audit {
    /// How long a record is kept; `None`: for ever.
    pub fn kept(&self) -> Option<Duration> {
        (!self.keep.is_zero()).then(|| self.keep.as_domain())
    }
}

impl Loaded {
    pub(super) fn check_audit(&self) -> Option<Problem> {
        let keep = self.config.audit.keep;
        (!keep.is_zero() && keep < SHORTEST).then(|| {
            let key = "audit.keep";
            let message = "is shorter than the 90 days that people are shown of their own account; \
                           write `90d` or more, or `0s` to keep the log for ever";
            Problem::new(key, self.place(key), message)
        })
    }
}
