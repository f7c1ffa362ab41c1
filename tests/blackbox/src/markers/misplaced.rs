//! LOG-01: secrets in requests where none belong.

use identity_harness::answer::Answer;
use reqwest::Method;

use super::{Run, without_own_address};

/// Secrets where none belong: other methods, other types of body, queries, paths, cookies, broken encodings.
pub async fn misuse(run: &mut Run) {
    let client = run.network.client();
    let marker = run.secrets.marker("misplaced");
    let fields = format!(
        "grant_type=password&username=alice&password={marker}&client_id=web1&client_secret={marker}&code={marker}\
         &refresh_token={marker}&token={marker}&code_verifier={marker}&client_assertion={marker}&client_assertion_type={marker}\
         &csrf={marker}&current_password={marker}&credential={marker}&phone={marker}&method={marker}"
    );
    let multipart = format!(
        "--x\r\ncontent-disposition: form-data; name=\"password\"\r\n\r\n{marker}\r\n--x--\r\n"
    );
    let json = format!("{{\"password\": \"{marker}\", \"token\": [\"{marker}\"");
    let broken = [
        fields.as_bytes(),
        b"&password=\xff\xfe%ff%00",
        marker.as_bytes(),
    ]
    .concat();
    for path in [
        "/oauth2/token",
        "/oauth2/introspect",
        "/oauth2/revoke",
        "/oauth2/userinfo",
        "/oauth2/authorize",
        "/login/018f0000-0000-7000-8000-000000000000/identifier",
        "/login/018f0000-0000-7000-8000-000000000000/second_factor",
        "/login/018f0000-0000-7000-8000-000000000000/passkey",
        "/login/018f0000-0000-7000-8000-000000000000/enrol",
        "/login/018f0000-0000-7000-8000-000000000000/backup_codes",
        "/account/security/apps/add",
        "/account/security/phone/code",
        "/account/security/passkeys/add",
        "/recover/factors/018f0000-0000-7000-8000-000000000000",
        "/register",
        "/recover",
        "/recover/code",
        "/password/check",
        "/account/password",
        "/logout",
        "/nowhere",
    ] {
        let address = run.served.origin.join(path).expect("an address");
        for (kind, body) in [
            ("application/x-www-form-urlencoded", fields.as_bytes()),
            ("multipart/form-data; boundary=x", multipart.as_bytes()),
            ("application/json", json.as_bytes()),
            ("text/plain;charset=utf-16", fields.as_bytes()),
            ("application/x-www-form-urlencoded; charset=x", &broken),
            ("", fields.as_bytes()),
            (marker.as_str(), fields.as_bytes()),
        ] {
            let mut request = client
                .post(address.clone())
                .body(body.to_vec())
                .header("origin", run.served.origin.origin().ascii_serialization());
            if !kind.is_empty() {
                request = request.header("content-type", kind);
            }
            let answer = Answer::read(request.send().await.expect("an answer")).await;
            run.secrets.expect_absent(path, &answer.text);
        }
        for method in [Method::GET, Method::PUT, Method::DELETE] {
            let mut address = address.clone();
            address.set_query(Some(&fields));
            let request = client.request(method, address);
            let answer = Answer::read(request.send().await.expect("an answer")).await;
            run.secrets
                .expect_absent(path, &without_own_address(&answer.text));
        }
    }
}

/// Secrets in every place of a request's head.
pub async fn everywhere(run: &mut Run) {
    let client = run.network.client();
    let marker = run.secrets.marker("in-a-head");
    for path in [
        format!("/{marker}"),
        format!("/recover/018f0000-0000-7000-8000-000000000000.{marker}"),
        format!("/verify/018f0000-0000-7000-8000-000000000000.{marker}"),
        format!("/admin/link/018f0000-0000-7000-8000-000000000000.{marker}"),
        format!("/login/{marker}/identifier"),
        format!("/theme/{marker}.css"),
        format!("/oauth2/userinfo?access_token={marker}"),
        format!("/oauth2/authorize?client_id={marker}&redirect_uri=https://{marker}.test/"),
        format!(
            "/oauth2/logout?id_token_hint={marker}&post_logout_redirect_uri=https://x.test/{marker}"
        ),
    ] {
        for header in [
            "authorization",
            "cookie",
            "x-request-id",
            "x-forwarded-for",
            "dpop",
            "accept-language",
            "referer",
        ] {
            let value = match header {
                "authorization" => format!("Bearer {marker}"),
                "cookie" => format!("session={marker}; __Host-session={marker}; csrf={marker}"),
                "referer" => format!("https://rp.test/?code={marker}"),
                _ => marker.clone(),
            };
            let address = run.served.origin.join(&path).expect("an address");
            let request = client.get(address).header(header, value);
            request.send().await.expect("an answer");
        }
    }
}
