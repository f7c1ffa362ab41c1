//! Whose looks a page has: the application's over its organization's. What neither says is the instance's, which the edge adds.

use identity_domain::brand::Branding;
use identity_domain::client::Client;

use crate::env::Env;

/// What lies over the instance's looks on the way to an application. The organization is the application's own, else the one it
/// asked for. An organization that has no looks of its own is not shown to whoever guesses its name: nothing changes.
pub fn on_the_way_to(env: &Env, client: Option<&Client>, asked: Option<&str>) -> Branding {
    let own = client.and_then(|client| client.organization_id);
    let tenant = match own {
        Some(id) => env.directory.organization(id),
        None => asked.and_then(|slug| env.directory.organization_by_slug(slug)),
    };
    let organization = tenant.and_then(|tenant| tenant.organization.looks());
    let application = client.and_then(Client::looks);
    application
        .unwrap_or_default()
        .merged_over(&organization.unwrap_or_default())
}
