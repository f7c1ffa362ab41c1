//! The browser a person signs in with, recognised by its cookie and its coarse traits.

use identity_domain::device::{Device, MAX_PER_USER, token_hash, traits};
use identity_domain::failure::Fault;
use identity_domain::id::Id;
use identity_domain::user::User;
use identity_storage::Work;

use crate::browser::Browser;
use crate::env::{Env, Visit};

/// The device this browser is for a person, if they signed in here before and did not disown it.
pub async fn known(
    env: &Env,
    user: Id<User>,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Option<Device>, Fault> {
    let Some(cookie) = &browser.binding else {
        return Ok(None);
    };
    let found = env.store.device_by_token(token_hash(cookie, user)).await?;
    let traits = traits(&visit.context.user_agent);
    Ok(found.filter(|device| device.is_known(&traits, visit.now)))
}

/// Whether a person is not asked for a second factor in this browser.
pub async fn is_trusted(
    env: &Env,
    user: Id<User>,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<bool, Fault> {
    let traits = traits(&visit.context.user_agent);
    let known = known(env, user, browser, visit).await?;
    Ok(known.is_some_and(|device| device.is_trusted(&traits, visit.now)))
}

/// A sign-in as its device sees it.
pub struct Arrival<'a> {
    /// Who signs in.
    pub user: &'a User,
    /// Where.
    pub browser: &'a Browser,
    /// "Don't ask again on this device" was chosen after a second factor was proven.
    pub trust: bool,
}

/// Adds a sign-in's device to a unit: a new row, or the row there is with what was seen now.
pub async fn arrive(
    env: &Env,
    work: Work,
    arrival: &Arrival<'_>,
    visit: Visit<'_>,
) -> Result<(Work, Option<Id<Device>>), Fault> {
    let Some(cookie) = &arrival.browser.binding else {
        return Ok((work, None));
    };
    let token_hash = token_hash(cookie, arrival.user.id);
    let before = env.store.device_by_token(token_hash).await?;
    let trusted_until = env
        .settings
        .mfa
        .trusted_device
        .filter(|_| arrival.trust)
        .map(|period| visit.now + period);
    let device = Device {
        id: before
            .as_ref()
            .map_or_else(|| env.id(visit.now), |device| device.id),
        user_id: arrival.user.id,
        token_hash,
        traits: traits(&visit.context.user_agent),
        label: None,
        first_seen_at: visit.now,
        last_seen_at: visit.now,
        address: visit.context.address.clone(),
        country: country(env, &visit.context.address),
        user_agent: visit.context.user_agent.clone(),
        trusted_until,
        distrusted_at: None,
    };
    let work = if before.is_none() {
        work.trim_devices_of(arrival.user.id, MAX_PER_USER - 1)
    } else {
        work
    };
    Ok((work.put_device(&device), Some(device.id)))
}

/// The country of an address, where the operator supplied a file that knows.
pub fn country(env: &Env, address: &str) -> Option<String> {
    let geo = env.outside.geo.as_ref()?;
    let place = geo.place(address.parse().ok()?)?;
    Some(place.country)
}
