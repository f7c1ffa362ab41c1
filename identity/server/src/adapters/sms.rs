//! Text messages leave by a gateway of the operator's choice: one that speaks Twilio's API, or any receiver of a signed JSON document.
//! Both go through the guarded client: no redirects, no private addresses, a bounded answer.

use std::sync::Arc;

use aws_lc_rs::hmac;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use identity_domain::ports::{
    BoxFuture, Clock, Fetch, FetchBody, FetchRequest, OutsideError, SmsTransport, TextMessage,
};
use identity_domain::secret::SecretString;
use serde_json::json;
use url::Url;

/// Largest answer read; only its status counts.
const MAX_ANSWER: usize = 64 * 1024;
/// Unix seconds of the signature.
pub const TIMESTAMP: &str = "identity-timestamp";
/// `v1=` and the signature in hexadecimal.
pub const SIGNATURE: &str = "identity-signature";

/// A gateway with Twilio's API: `POST {base}/2010-04-01/Accounts/{account}/Messages.json`.
pub struct TwilioSms {
    fetch: Arc<dyn Fetch>,
    url: Url,
    authorization: SecretString,
    from: String,
}

/// A receiver of `{"to": …, "text": …}`, signed with HMAC-SHA256 over `timestamp.body`.
pub struct WebhookSms {
    fetch: Arc<dyn Fetch>,
    clock: Arc<dyn Clock>,
    url: Url,
    key: hmac::Key,
}

impl TwilioSms {
    /// A client of the gateway at `base` for one account. `None` when `base` can hold no path, such as `data:`.
    pub fn new(
        fetch: Arc<dyn Fetch>,
        base: &Url,
        (account, token): (&str, &SecretString),
        from: String,
    ) -> Option<Self> {
        let mut url = base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend([
            "2010-04-01",
            "Accounts",
            account,
            "Messages.json",
        ]);
        let pair = STANDARD.encode(format!("{account}:{}", token.expose()));
        Some(Self {
            fetch,
            url,
            authorization: SecretString::from(format!("Basic {pair}")),
            from,
        })
    }
}

impl WebhookSms {
    /// A client of the receiver at `url`, which knows the same token.
    pub fn new(
        fetch: Arc<dyn Fetch>,
        clock: Arc<dyn Clock>,
        url: Url,
        token: &SecretString,
    ) -> Self {
        Self {
            fetch,
            clock,
            url,
            key: hmac::Key::new(hmac::HMAC_SHA256, token.expose().as_bytes()),
        }
    }
}

impl SmsTransport for TwilioSms {
    fn send<'a>(&'a self, message: &'a TextMessage) -> BoxFuture<'a, Result<(), OutsideError>> {
        // `MG…` names a pool of senders, not a number.
        let sender = if self.from.starts_with("MG") {
            "MessagingServiceSid"
        } else {
            "From"
        };
        let form = vec![
            ("To".to_owned(), message.to.clone()),
            (sender.to_owned(), self.from.clone()),
            ("Body".to_owned(), message.text.clone()),
        ];
        let mut request = FetchRequest::form(self.url.clone(), form, MAX_ANSWER);
        request
            .headers
            .push(("authorization", self.authorization.clone()));
        Box::pin(delivered(self.fetch.as_ref(), request))
    }
}

impl SmsTransport for WebhookSms {
    fn send<'a>(&'a self, message: &'a TextMessage) -> BoxFuture<'a, Result<(), OutsideError>> {
        let body = json!({ "to": message.to, "text": message.text }).to_string();
        let timestamp = self.clock.now().seconds().to_string();
        let tag = hmac::sign(&self.key, format!("{timestamp}.{body}").as_bytes());
        let signature = tag
            .as_ref()
            .iter()
            .fold("v1=".to_owned(), |text, byte| text + &format!("{byte:02x}"));
        let request = FetchRequest {
            url: self.url.clone(),
            body: FetchBody::Json(SecretString::from(body)),
            headers: vec![
                (TIMESTAMP, SecretString::from(timestamp)),
                (SIGNATURE, SecretString::from(signature)),
            ],
            max_bytes: MAX_ANSWER,
        };
        Box::pin(delivered(self.fetch.as_ref(), request))
    }
}

/// Sends, and judges the answer by its status alone: its words may hold the number.
async fn delivered(fetch: &dyn Fetch, request: FetchRequest) -> Result<(), OutsideError> {
    let status = fetch.fetch(request).await?.status;
    let why = format!("the gateway answered {status}");
    match status {
        200..=299 => Ok(()),
        408 | 425 | 429 | 500..=599 => Err(OutsideError::Temporary(why)),
        _ => Err(OutsideError::Permanent(why)),
    }
}

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing,
        reason = "tests"
    )]
    use std::sync::Mutex;

    use identity_domain::Timestamp;
    use identity_domain::ports::FetchResponse;

    use super::*;

    struct Gateway(Mutex<Vec<FetchRequest>>, u16);

    impl Fetch for Gateway {
        fn fetch(
            &self,
            request: FetchRequest,
        ) -> BoxFuture<'_, Result<FetchResponse, OutsideError>> {
            self.0.lock().unwrap().push(request);
            let status = self.1;
            Box::pin(async move {
                Ok(FetchResponse {
                    status,
                    content_type: None,
                    max_age: None,
                    body: b"to +4915112345678".to_vec(),
                })
            })
        }
    }

    struct Noon;

    impl Clock for Noon {
        fn now(&self) -> Timestamp {
            Timestamp(1_700_000_000_000)
        }
    }

    fn gateway(status: u16) -> Arc<Gateway> {
        Arc::new(Gateway(Mutex::default(), status))
    }

    fn message() -> TextMessage {
        TextMessage {
            to: "+4915112345678".into(),
            text: "123456 is your code".into(),
        }
    }

    fn twilio(gateway: &Arc<Gateway>, from: &str) -> TwilioSms {
        let base = "https://gateway.test/base/".parse().unwrap();
        TwilioSms::new(
            Arc::clone(gateway) as _,
            &base,
            ("AC/1", &"token".into()),
            from.into(),
        )
        .unwrap()
    }

    #[tokio::test]
    async fn a_twilio_gateway_gets_a_form_under_the_account() {
        let answer = gateway(201);
        twilio(&answer, "+15005550006")
            .send(&message())
            .await
            .unwrap();
        twilio(&answer, "MG123").send(&message()).await.unwrap();
        let calls = answer.0.lock().unwrap();
        assert_eq!(
            calls[0].url.as_str(),
            "https://gateway.test/base/2010-04-01/Accounts/AC%2F1/Messages.json"
        );
        assert_eq!(calls[0].headers[0].1.expose(), "Basic QUMvMTp0b2tlbg==");
        let FetchBody::Form(form) = &calls[0].body else {
            panic!("a form");
        };
        assert_eq!(form[0], ("To".into(), "+4915112345678".into()));
        assert_eq!(form[1], ("From".into(), "+15005550006".into()));
        assert_eq!(form[2], ("Body".into(), "123456 is your code".into()));
        assert!(
            matches!(&calls[1].body, FetchBody::Form(form) if form[1].0 == "MessagingServiceSid")
        );
    }

    #[tokio::test]
    async fn a_webhook_gets_a_document_signed_with_its_time() {
        let answer = gateway(204);
        let url = "https://hook.test/sms".parse().unwrap();
        let hook = WebhookSms::new(
            Arc::clone(&answer) as _,
            Arc::new(Noon),
            url,
            &"shared".into(),
        );
        hook.send(&message()).await.unwrap();
        let calls = answer.0.lock().unwrap();
        let FetchBody::Json(body) = &calls[0].body else {
            panic!("a document");
        };
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"shared");
        let signed = format!("1700000000.{}", body.expose());
        let wanted = hmac::sign(&key, signed.as_bytes());
        let wanted = wanted
            .as_ref()
            .iter()
            .fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        assert_eq!(calls[0].headers[0].1.expose(), "1700000000");
        assert_eq!(calls[0].headers[1].1.expose(), &format!("v1={wanted}"));
        assert!(!format!("{:?}", calls[0]).contains("123456"));
    }

    #[tokio::test]
    async fn what_may_pass_is_tried_again_and_the_answer_is_not_repeated() {
        for (status, again) in [(503, true), (429, true), (302, false), (400, false)] {
            let error = twilio(&gateway(status), "x")
                .send(&message())
                .await
                .unwrap_err();
            assert_eq!(
                matches!(error, OutsideError::Temporary(_)),
                again,
                "{status}"
            );
            assert!(!error.to_string().contains("+49"), "{error}");
        }
    }
}
