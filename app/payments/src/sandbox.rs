//! The sandbox gateway, reached over HTTP like any other.

use crate::gateway::{CardOutcome, CardPage, Charge, ChargeOutcome, Gateway, GatewayError, StoredCard};
use futures::{FutureExt, future::BoxFuture};
use kernel::{PaymentAttemptId, outbound};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use std::time::Duration;

/// Longer than any honest answer takes; what takes longer is asked about later.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Debug)]
pub struct SandboxGateway {
    http: Client,
    base: String,
    secret: String,
}

#[derive(Deserialize)]
struct PageAnswer {
    state: String,
    card: Option<StoredCard>,
}

#[derive(Deserialize)]
struct ChargeAnswer {
    id: String,
    state: String,
    decline: Option<String>,
}

impl SandboxGateway {
    /// `base` is where the sandbox is served, such as `http://127.0.0.1:8080/sandbox/gateway`.
    pub fn new(base: String, secret: String) -> Result<Self, GatewayError> {
        let http = outbound::client(PATIENCE).map_err(no_answer)?;
        Ok(Self { http, base, secret })
    }

    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base)).bearer_auth(&self.secret)
    }
}

fn no_answer(error: impl std::fmt::Display) -> GatewayError {
    GatewayError(error.to_string())
}

/// The body of a success, nothing for 404; everything else is no answer.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<Option<T>, GatewayError> {
    let response = request.send().await.map_err(no_answer)?;
    match response.status() {
        StatusCode::NOT_FOUND => Ok(None),
        status if status.is_success() => response.json().await.map(Some).map_err(no_answer),
        status => Err(no_answer(status)),
    }
}

fn known<T>(answer: Option<T>) -> Result<T, GatewayError> {
    answer.ok_or_else(|| GatewayError("the gateway does not know this".to_owned()))
}

fn card_outcome(answer: PageAnswer) -> CardOutcome {
    match (answer.state.as_str(), answer.card) {
        ("stored", Some(card)) => CardOutcome::Stored(card),
        ("closed", _) => CardOutcome::Closed,
        _ => CardOutcome::Open,
    }
}

fn charge_outcome(answer: ChargeAnswer) -> ChargeOutcome {
    if answer.state == "succeeded" {
        ChargeOutcome::Succeeded { gateway_ref: answer.id }
    } else {
        ChargeOutcome::Declined { code: answer.decline.unwrap_or_else(|| "declined".to_owned()) }
    }
}

impl Gateway for SandboxGateway {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn open_card_page(&self, page: CardPage) -> BoxFuture<'_, Result<String, GatewayError>> {
        #[derive(Deserialize)]
        struct Opened {
            url: String,
        }
        let body = json!({
            "key": page.key,
            "amount": page.amount.show(page.locale),
            "title": page.title,
            "return_url": page.return_url,
            "locale": page.locale,
        });
        async move {
            let opened: Opened = known(answer(self.call(Method::POST, "/card-pages").json(&body)).await?)?;
            Ok(opened.url)
        }
        .boxed()
    }

    fn ask_card_page(&self, key: PaymentAttemptId) -> BoxFuture<'_, Result<CardOutcome, GatewayError>> {
        async move {
            let page = answer(self.call(Method::GET, &format!("/card-pages/{key}"))).await?;
            Ok(page.map_or(CardOutcome::Open, card_outcome))
        }
        .boxed()
    }

    fn close_card_page(&self, key: PaymentAttemptId) -> BoxFuture<'_, Result<CardOutcome, GatewayError>> {
        async move {
            known(answer(self.call(Method::POST, &format!("/card-pages/{key}/close"))).await?)
                .map(card_outcome)
        }
        .boxed()
    }

    fn charge(&self, charge: Charge) -> BoxFuture<'_, Result<ChargeOutcome, GatewayError>> {
        let body = json!({
            "key": charge.key,
            "card": charge.card,
            "amount_minor": charge.amount.minor(),
            "currency": charge.amount.currency(),
        });
        async move {
            known(answer(self.call(Method::POST, "/charges").json(&body)).await?)
                .map(charge_outcome)
        }
        .boxed()
    }

    fn ask_charge(
        &self,
        key: PaymentAttemptId,
    ) -> BoxFuture<'_, Result<Option<ChargeOutcome>, GatewayError>> {
        async move {
            Ok(answer(self.call(Method::GET, &format!("/charges/{key}")))
                .await?
                .map(charge_outcome))
        }
        .boxed()
    }

    fn forget_card<'a>(&'a self, card: &'a str) -> BoxFuture<'a, Result<(), GatewayError>> {
        async move {
            let _: Option<serde_json::Value> =
                answer(self.call(Method::POST, &format!("/cards/{card}/forget"))).await?;
            Ok(())
        }
        .boxed()
    }
}
