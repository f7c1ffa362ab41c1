//! The browser a person signs in with, recognised by its cookie and its coarse traits.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity_domain::audit::{Actor, Event};
use identity_domain::device::{
    Device, MAX_PER_USER, Unusual, UnusualSignIn, Whereabouts, id_of, token_hash, traits,
};
use identity_domain::failure::Fault;
use identity_domain::id::Id;
use identity_domain::job::JobKind;
use identity_domain::ports::Place;
use identity_domain::secret::{SecretString, ValueHash};
use identity_domain::session::Session;
use identity_domain::time::{Duration, Timestamp};
use identity_domain::user::User;
use identity_storage::Work;

use crate::browser::Browser;
use crate::env::{Env, Visit};
use crate::jobs;

/// The device this browser is for a person, if they signed in here before and did not disown it.
pub async fn known(
    env: &Env,
    user: Id<User>,
    browser: &Browser,
    visit: Visit<'_>,
) -> Result<Option<Device>, Fault> {
    let found = found(env, user, browser).await?;
    let traits = traits(&visit.context.user_agent);
    Ok(found.filter(|device| device.is_known(&traits, visit.now)))
}

/// The device whose secret this browser holds, whatever has become of it.
pub(crate) async fn found(
    env: &Env,
    user: Id<User>,
    browser: &Browser,
) -> Result<Option<Device>, Fault> {
    let hashes = browser
        .devices
        .iter()
        .map(|secret| token_hash(secret, user));
    env.store
        .device_by_tokens(&hashes.collect::<Vec<_>>())
        .await
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
    /// The session that begins.
    pub session: Id<Session>,
    /// The application it leads to.
    pub client_id: Option<&'a str>,
}

/// A unit with the sign-in's device.
pub struct Arrived {
    /// The unit.
    pub work: Work,
    /// The device.
    pub device_id: Id<Device>,
    /// What the browser is recognised by from now on.
    pub devices: Vec<SecretString>,
    /// Its owner will be told.
    pub is_unusual: bool,
}

/// Adds a sign-in's device to a unit: a new row, or the row there is with what was seen now. Its secret is a new one each time: what the
/// browser held before somebody proved who they are may be known to whoever sat there earlier. What is unusual is written down, and its
/// owner is told.
pub async fn arrive(
    env: &Env,
    work: Work,
    arrival: &Arrival<'_>,
    visit: Visit<'_>,
) -> Result<Arrived, Fault> {
    let before = found(env, arrival.user.id, arrival.browser).await?;
    let secret = successor(env, arrival, before.as_ref(), visit.now)?;
    let value_hash = token_hash(&secret, arrival.user.id);
    let devices = arrival.browser.devices_with(secret, |old| {
        before
            .as_ref()
            .is_some_and(|before| before.token_hash == token_hash(old, arrival.user.id))
    });
    let trusted_until = env
        .settings
        .mfa
        .trusted_device
        .filter(|_| arrival.trust)
        .map(|period| visit.now + period);
    let device = Device {
        id: before
            .as_ref()
            .map_or_else(|| id_of(&value_hash), |device| device.id),
        user_id: arrival.user.id,
        token_hash: value_hash,
        traits: traits(&visit.context.user_agent),
        label: None,
        first_seen_at: visit.now,
        last_seen_at: visit.now,
        address: visit.context.address.clone(),
        country: country(env, &visit.context.address),
        user_agent: visit.context.user_agent.clone(),
        trusted_until,
        distrusted_at: None,
        passed_over_at: None,
    };
    let what = unusual(env, before.as_ref(), &device, visit).await?;
    let work = match what {
        Some(what) => told(env, work, arrival, (&device, what), visit),
        None => work,
    };
    let work = if before.is_none() {
        work.trim_devices_of(arrival.user.id, MAX_PER_USER - 1)
    } else {
        work
    };
    Ok(Arrived {
        work: work.put_device(&device),
        device_id: device.id,
        devices,
        is_unusual: what.is_some(),
    })
}

/// So long several sign-ins in a new browser are taken for one.
const AT_ONCE: Duration = Duration::minutes(10);

/// The secret that a device gets with a sign-in. Nobody without our key can tell it from what the browser held before, and sign-ins at the
/// same moment get the same one, so that whichever cookie arrives last is good.
fn successor(
    env: &Env,
    arrival: &Arrival<'_>,
    before: Option<&Device>,
    now: Timestamp,
) -> Result<SecretString, Fault> {
    let (user, browser) = (arrival.user.id, arrival.browser);
    let predecessor = if let Some(before) = before {
        URL_SAFE_NO_PAD.encode(before.token_hash.0)
    } else {
        let binding = browser.binding_hash().unwrap_or(ValueHash::of(b""));
        let period = now.millis().div_euclid(AT_ONCE.0);
        format!("{}\n{period}", URL_SAFE_NO_PAD.encode(binding.0))
    };
    let secret = env
        .keys
        .keyed_hash("device", &format!("{user}\n{predecessor}"))?;
    Ok(URL_SAFE_NO_PAD.encode(secret.0).into())
}

/// What is unusual about a sign-in. The first one ever is not, and neither is a sign-up.
async fn unusual(
    env: &Env,
    before: Option<&Device>,
    here: &Device,
    visit: Visit<'_>,
) -> Result<Option<Unusual>, Fault> {
    let known = before.filter(|device| device.is_known(&here.traits, visit.now));
    if let Some(known) = known
        && (here.country.is_none() || here.country == known.country)
    {
        return Ok(None);
    }
    let devices = env.store.devices_of(here.user_id).await?;
    if known.is_none() && !devices.is_empty() {
        return Ok(Some(Unusual::NewDevice));
    }
    // Devices know where they were last, the log knows of every sign-in.
    let addresses = env.store.sign_in_addresses_of(here.user_id).await?;
    if known.is_none() {
        return Ok((!addresses.is_empty()).then_some(Unusual::NewDevice));
    }
    let earlier: Vec<String> = addresses
        .iter()
        .filter_map(|address| country(env, address))
        .chain(devices.into_iter().filter_map(|device| device.country))
        .collect();
    let whereabouts = Whereabouts {
        earlier: &earlier,
        now: here.country.as_deref(),
    };
    Ok(whereabouts.is_new().then_some(Unusual::NewCountry))
}

/// The event, and the job that tells the owner once.
fn told(
    env: &Env,
    work: Work,
    arrival: &Arrival<'_>,
    (device, what): (&Device, Unusual),
    visit: Visit<'_>,
) -> Work {
    let event = Event::NewDevice {
        user: arrival.user.id,
        device: device.id.to_string(),
        what: what.as_str(),
    };
    let sign_in = UnusualSignIn {
        user_id: arrival.user.id,
        what,
        device_id: device.id,
        session_id: arrival.session,
        at: visit.now,
        address: visit.context.address.clone(),
        user_agent: visit.context.user_agent.clone(),
        country: device.country.clone(),
        client_id: arrival.client_id.map(str::to_owned),
    };
    let record = env.record(None, Actor::User(arrival.user.id), event, visit);
    work.and_event(record)
        .enqueue(jobs::now(env, JobKind::TellSignIn { sign_in }, visit.now))
}

/// The country of an address, where the operator supplied a file that knows.
pub fn country(env: &Env, address: &str) -> Option<String> {
    place(env, address).map(|place| place.country)
}

/// The place of an address, where the operator supplied a file that knows.
pub fn place(env: &Env, address: &str) -> Option<Place> {
    let geo = env.outside.geo.as_ref()?;
    geo.place(address.parse().ok()?)
}
