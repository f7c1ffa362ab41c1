//! Why somebody who was signed in here has to sign in again (H-51).

use identity_domain::session::{EndReason, Over};
use identity_flows::session;
use identity_pages::Alert;

use super::visit::Visit;
use crate::app::AppState;

/// The sentence for the sign-in page, where the browser still holds a session that is over. A page that cannot say why is shown without.
pub(crate) async fn alert(state: &AppState, visit: &Visit) -> Option<Alert> {
    let over = session::over(&state.env, &visit.browser, state.env.now()).await;
    sentence(over.ok().flatten()?)
}

const fn sentence(over: Over) -> Option<Alert> {
    Some(match over {
        Over::Idle => Alert::SessionIdle,
        Over::Absolute => Alert::SessionExpired,
        Over::Ended(reason) => match reason {
            // Done in this very browser.
            EndReason::SignedOut | EndReason::Replaced => return None,
            EndReason::EndedByUser => Alert::SessionEndedElsewhere,
            EndReason::PasswordChanged => Alert::SessionEndedByPassword,
            EndReason::FactorChanged => Alert::SessionEndedByFactor,
            EndReason::DeviceRemoved => Alert::SessionEndedByDevice,
            EndReason::Reported => Alert::SessionEndedByReport,
            EndReason::TooMany => Alert::SessionTooMany,
            // Not told before a proven sign-in (H-70).
            EndReason::EndedByOperator | EndReason::AccountDeleted => Alert::SessionEnded,
        },
    })
}
