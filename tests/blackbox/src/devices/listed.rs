//! The page of devices, and the end of sessions that follows from it.

use identity_harness::app::App;
use identity_harness::page::{Form, Page};
use identity_harness::seed::{ALICE, BOB};
use reqwest::Method;

use super::{behind_proxy, events, known_and_new, read, sign_in, signed_in};

fn form(page: &Page, action: &str, at: usize) -> Form {
    page.forms()
        .into_iter()
        .filter(|form| form.action.path().ends_with(action))
        .nth(at)
        .unwrap_or_else(|| panic!("no form {action}: {}", page.summary()))
}

#[tokio::test]
async fn a_device_is_renamed_and_its_name_is_shown_with_its_sessions() {
    let app = behind_proxy().start().await;
    let (known, _, _) = known_and_new(&app).await;
    let page = known.open("/account/devices").await;
    assert!(read(&page).contains("This device"), "{}", read(&page));
    let name = "<b>Kitchen</b>\u{202e} laptop";
    let other = form(&page, "rename", 0).fill("name", name);
    let page = known.send(&other).await;
    assert!(read(&page).contains("<b>Kitchen</b>"), "{}", read(&page));
    assert!(!page.body.contains("<b>Kitchen") && !page.body.contains('\u{202e}'));
    let page = known.open("/account/sessions").await;
    assert!(read(&page).contains("<b>Kitchen</b>"), "{}", read(&page));
    let page = known.open("/account/devices").await;
    let page = known
        .send(&form(&page, "rename", 0).fill("name", "  "))
        .await;
    assert!(!read(&page).contains("Kitchen"), "{}", read(&page));
}

#[tokio::test]
async fn forgetting_a_device_ends_its_sessions_at_once_and_says_so_there() {
    let app = behind_proxy().start().await;
    let rp = app.client("web1").await;
    let (known, new, _) = known_and_new(&app).await;
    let tokens = sign_in(&app, &new, ALICE).await;
    let page = known.open("/account/devices").await;
    known.send(&form(&page, "forget", 0)).await;
    assert_eq!(rp.userinfo(&tokens.access_token).await.status, 401);
    rp.refresh(tokens.refresh())
        .await
        .expect_error(400, "invalid_grant");
    assert!(!signed_in(&app, &new).await && signed_in(&app, &known).await);
    let page = new.open("/account").await;
    assert!(
        read(&page).contains("This device was removed"),
        "{}",
        read(&page)
    );
    assert_eq!(app.database.rows("devices").await.len(), 1);
    let changes = events(&app, "device.change").await;
    assert_eq!(changes.len(), 1, "{changes:?}");
}

#[tokio::test]
async fn ses_08_what_ends_on_one_node_is_over_on_the_other_at_once() {
    let (one, other) = App::two_nodes().await;
    let Some(other) = other else {
        return; // SQLite is for one node.
    };
    let here = other.browser();
    sign_in(&other, &here, ALICE).await;
    for way in ["end", "end_others", "password"] {
        let gone = one.browser();
        sign_in(&one, &gone, ALICE).await;
        assert!(signed_in(&one, &gone).await, "{way}");
        if way == "password" {
            crate::pwd::change_password(&here, ALICE.password, "granite-meadow-owls-93")
                .await
                .expect("changed");
        } else {
            let page = here.open("/account/sessions").await;
            here.send(&form(&page, way, 0)).await;
        }
        assert!(!signed_in(&one, &gone).await, "{way}");
        assert!(signed_in(&other, &here).await, "{way}");
    }
}

#[tokio::test]
async fn disowning_a_device_is_a_report_and_leads_to_the_guided_page() {
    let app = behind_proxy().start().await;
    let (known, new, _) = known_and_new(&app).await;
    let page = known.open("/account/devices").await;
    let page = known.send(&form(&page, "disown", 0)).await;
    assert_eq!(page.url.path(), "/account/secure", "{}", page.summary());
    assert!(!signed_in(&app, &new).await && signed_in(&app, &known).await);
    assert_eq!(events(&app, "session.report").await.len(), 1);
    let page = new.open("/account").await;
    assert!(
        read(&page).contains("reported something unusual"),
        "{}",
        read(&page)
    );
}

#[tokio::test]
async fn a_device_of_somebody_else_does_not_exist() {
    let app = behind_proxy().start().await;
    let (known, new, _) = known_and_new(&app).await;
    let page = known.open("/account/devices").await;
    let bob = app.browser();
    sign_in(&app, &bob, BOB).await;
    let own = bob.open("/account/devices").await;
    let token = own.form("csrf").value("csrf").expect("a token").to_owned();
    for action in ["rename", "forget", "disown"] {
        let stolen = form(&page, action, 0).forge("csrf", &token);
        let answer = bob.send(&stolen).await;
        assert_eq!(answer.status, 404, "{action}: {}", answer.summary());
    }
    assert!(signed_in(&app, &new).await);
    let rows = page.forms();
    let renamable = rows
        .iter()
        .filter(|form| form.action.path().ends_with("rename"));
    let devices: Vec<&str> = renamable.filter_map(|form| form.value("device")).collect();
    // Used last comes first, so the one in hand is the second.
    let token = page.form("csrf").value("csrf").expect("a token").to_owned();
    let own = app.origin.origin().ascii_serialization();
    let answer = known
        .request_raw(
            Method::POST,
            "/account/devices/disown",
            &[("csrf", &token), ("device", devices[1])],
            &[("origin", &own), ("sec-fetch-site", "same-origin")],
        )
        .await;
    assert_eq!(answer.status, 404, "nobody disowns the device in hand");
    assert!(signed_in(&app, &known).await);
}
