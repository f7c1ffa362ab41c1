//! The applications a person uses, and how they take back what they allowed.

use std::collections::{HashMap, HashSet};

use identity_domain::audit::{Actor, Event, RequestContext};
use identity_domain::consent::Consent;
use identity_domain::failure::Fault;
use identity_domain::time::Timestamp;

use crate::env::{Env, Visit, fault};
use crate::session::LiveSession;

/// Nobody looks through more of them for the one to open (DOS-07).
const MOST_TILES: usize = 200;

/// An application with a grant or a consent of the person.
#[derive(Clone, Debug)]
pub struct Application {
    /// Its id.
    pub client_id: String,
    /// Its name.
    pub name: String,
    /// Where it lives, if it said so.
    pub uri: Option<String>,
    /// What was allowed, if it was asked for.
    pub consent: Option<Consent>,
    /// Last token.
    pub last_used_at: Option<Timestamp>,
}

/// The person's applications.
pub async fn list(env: &Env, here: &LiveSession) -> Result<Vec<Application>, Fault> {
    let consents = env.store.consents_of(here.user.id).await?;
    let mut consents: HashMap<String, Consent> = consents
        .into_iter()
        .map(|consent| (consent.client_id.clone(), consent))
        .collect();
    let used = env.store.applications_of(here.user.id).await?;
    let mut applications: Vec<Application> = Vec::new();
    for (client_id, last_used_at) in used {
        let consent = consents.remove(&client_id);
        applications.extend(application(env, client_id, consent, Some(last_used_at)));
    }
    for consent in consents.into_values() {
        applications.extend(application(
            env,
            consent.client_id.clone(),
            Some(consent),
            None,
        ));
    }
    in_order(&mut applications);
    Ok(applications)
}

/// By name, and always the same where two have one.
fn in_order(applications: &mut [Application]) {
    applications.sort_by(|a, b| (&a.name, &a.client_id).cmp(&(&b.name, &b.client_id)));
}

/// The applications a person may open: those in use, and those of the house that are open to them. Without the ones that have no
/// address to open, and no more than [`MOST_TILES`].
pub async fn to_open(env: &Env, here: &LiveSession) -> Result<Vec<Application>, Fault> {
    let mut applications = list(env, here).await?;
    let person = env.directory.person(&env.store, here.user.id).await?;
    let known: HashSet<String> = applications
        .iter()
        .map(|known| known.client_id.clone())
        .collect();
    for client in env.directory.all_clients() {
        let is_member = client.organization_id.is_none_or(|organization| {
            person
                .as_deref()
                .is_some_and(|person| env.directory.place(person, organization).is_some())
        });
        let is_new = !known.contains(&client.client_id);
        // What asks for consent is a stranger until it is allowed something.
        let is_of_the_house = client.is_active() && !client.metadata.require_consent;
        if is_new && is_of_the_house && is_member {
            applications.extend(application(env, client.client_id.clone(), None, None));
        }
    }
    applications.retain(|application| application.uri.is_some());
    in_order(&mut applications);
    applications.truncate(MOST_TILES);
    Ok(applications)
}

fn application(
    env: &Env,
    client_id: String,
    consent: Option<Consent>,
    last_used_at: Option<Timestamp>,
) -> Option<Application> {
    let client = env.directory.client(&client_id)?;
    Some(Application {
        name: client.display_name().to_owned(),
        uri: client.metadata.client_uri.clone(),
        client_id,
        consent,
        last_used_at,
    })
}

/// Takes consent back: the consent goes, and every token under it dies.
pub async fn withdraw(
    env: &Env,
    here: &LiveSession,
    client_id: &str,
    context: &RequestContext,
) -> Result<(), Fault> {
    let now = env.now();
    let event = Event::ConsentWithdrawn {
        user: here.user.id,
        client: client_id.to_owned(),
        how: "withdrawn",
    };
    let work = env
        .audited(
            None,
            Actor::User(here.user.id),
            event,
            Visit { context, now },
        )
        .delete_consent(here.user.id, client_id)
        .revoke_families_of_user_and_client(
            here.user.id,
            client_id,
            "consent_withdrawn",
            now,
            now + env.settings.token.access,
        );
    env.store.commit(work).await.map_err(fault)?;
    env.status.refresh(env).await
}
