//! The sandbox gateway, reached over HTTP like any other.

use crate::{
    DeclineClass,
    gateway::{
        Answer, Ask, AttemptKind, Charge, DisputeState, DisputeTold, Gateway, GatewayError, GiveBack,
        Movement, MovementKind, Opened, Report, StoredMethod, Told, Visit, Wish,
    },
};
use chrono::{DateTime, SecondsFormat, Utc};
use futures::FutureExt;
use kernel::{Money, outbound, signature};
use reqwest::{Client, Method, RequestBuilder, StatusCode, header::HeaderMap};
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
    card: Option<StoredMethod>,
}

#[derive(Deserialize)]
struct ChargeAnswer {
    id: String,
    state: String,
    decline: Option<String>,
    amount_minor: i64,
    currency: String,
}

#[derive(Deserialize)]
struct RefundAnswer {
    id: String,
    state: String,
    reason: Option<String>,
    amount_minor: i64,
    currency: String,
}

#[derive(Deserialize)]
struct DisputeAnswer {
    id: String,
    charge: String,
    amount_minor: i64,
    currency: String,
    reason: String,
    state: String,
    answer_until: DateTime<Utc>,
}

#[derive(Deserialize)]
struct Books {
    movements: Vec<MovementRow>,
}

#[derive(Deserialize)]
struct MovementRow {
    kind: String,
    id: String,
    amount_minor: i64,
    currency: String,
    at: DateTime<Utc>,
}

fn of_row(row: MovementRow) -> Result<Movement, GatewayError> {
    let kind = match row.kind.as_str() {
        "charge" => MovementKind::Charge,
        "refund" => MovementKind::Refund,
        "dispute" => MovementKind::Dispute,
        "deposit" => MovementKind::Deposit,
        other => return Err(no_answer(other)),
    };
    let amount = Money::new(row.amount_minor, row.currency.parse().map_err(no_answer)?);
    Ok(Movement { kind, gateway_ref: row.id, amount, at: row.at })
}

/// As a query holds it: the plus sign of an offset would be read as a space.
fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
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
    GatewayError::NoAnswer(error.to_string())
}

/// The body of a success, nothing for 404. A request that the sandbox finds wrong did nothing; everything
/// else is no answer.
async fn answer<T: DeserializeOwned>(request: RequestBuilder) -> Result<Option<T>, GatewayError> {
    let response = request.send().await.map_err(no_answer)?;
    match response.status() {
        StatusCode::NOT_FOUND => Ok(None),
        status if status.is_success() => response.json().await.map(Some).map_err(no_answer),
        status @ (StatusCode::UNAUTHORIZED | StatusCode::BAD_REQUEST | StatusCode::UNPROCESSABLE_ENTITY) => {
            Err(GatewayError::Ours(status.to_string()))
        }
        status => Err(no_answer(status)),
    }
}

fn known<T>(answer: Option<T>) -> Result<T, GatewayError> {
    answer.ok_or_else(|| GatewayError::Ours("the gateway does not know this".to_owned()))
}

fn of_page(page: PageAnswer) -> Told {
    match (page.state.as_str(), page.card) {
        ("stored", Some(card)) => Told::Stored(card),
        ("closed", _) => Told::Closed,
        _ => Told::Open,
    }
}

fn of_charge(charge: ChargeAnswer) -> Result<Told, GatewayError> {
    Ok(match charge.state.as_str() {
        "succeeded" => {
            let amount = Money::new(charge.amount_minor, charge.currency.parse().map_err(no_answer)?);
            Told::Charged { gateway_ref: charge.id, amount }
        }
        "closed" => Told::Closed,
        _ => {
            let code = charge.decline.unwrap_or_else(|| "declined".to_owned());
            let class = class(&code);
            Told::Declined { code, class }
        }
    })
}

fn of_refund(refund: RefundAnswer) -> Result<Told, GatewayError> {
    if refund.state == "succeeded" {
        let amount = Money::new(refund.amount_minor, refund.currency.parse().map_err(no_answer)?);
        return Ok(Told::Refunded { gateway_ref: refund.id, amount });
    }
    let code = refund.reason.unwrap_or_else(|| "refund_failed".to_owned());
    let class = match code.as_str() {
        "charge_disputed" | "refund_failed" => DeclineClass::Retryable,
        "more_than_paid" => DeclineClass::Ours,
        _ => DeclineClass::Final,
    };
    Ok(Told::Declined { code, class })
}

fn of_dispute(dispute: DisputeAnswer) -> Result<DisputeTold, GatewayError> {
    Ok(DisputeTold {
        gateway_ref: dispute.id,
        charge_ref: dispute.charge,
        amount: Money::new(dispute.amount_minor, dispute.currency.parse().map_err(no_answer)?),
        reason: dispute.reason,
        answer_until: Some(dispute.answer_until),
        state: match dispute.state.as_str() {
            "won" => DisputeState::Won,
            "lost" => DisputeState::Lost,
            _ => DisputeState::Opened,
        },
    })
}

/// The sandbox declines in Stripe's words.
fn class(code: &str) -> DeclineClass {
    match code {
        "expired_card" | "card_declined" => DeclineClass::Final,
        "authentication_required" => DeclineClass::Action,
        _ => DeclineClass::Retryable,
    }
}

impl SandboxGateway {
    async fn about(&self, ask: &Ask, method: Method, path: &str) -> Result<Told, GatewayError> {
        let place = match ask.kind {
            AttemptKind::StoreCard => "card-pages",
            AttemptKind::Charge | AttemptKind::Pay => "charges",
            AttemptKind::IssueAccount | AttemptKind::Refund => return Err(GatewayError::NotAble),
        };
        let request = self.call(method, &format!("/{place}/{}{path}", ask.key));
        if ask.kind == AttemptKind::StoreCard {
            return Ok(answer(request).await?.map_or(Told::Unheard, of_page));
        }
        answer(request).await?.map_or(Ok(Told::Unheard), of_charge)
    }
}

impl Gateway for SandboxGateway {
    fn name(&self) -> &'static str {
        "sandbox"
    }

    fn takes_visits_to_pay(&self) -> bool {
        true
    }

    fn open_visit<'a>(&'a self, visit: &'a Visit) -> Answer<'a, Opened> {
        #[derive(Deserialize)]
        struct Address {
            url: String,
        }
        let body = json!({
            "key": visit.key,
            "wish": match visit.wish { Wish::Store => "store", Wish::Pay => "pay" },
            "amount": visit.amount.show(visit.locale),
            "amount_minor": visit.amount.minor(),
            "currency": visit.amount.currency(),
            "title": visit.title,
            "return_url": visit.return_url,
            "locale": visit.locale,
        });
        async move {
            let opened: Address = known(answer(self.call(Method::POST, "/card-pages").json(&body)).await?)?;
            Ok(Opened { visit_ref: None, address: opened.url })
        }
        .boxed()
    }

    fn charge<'a>(&'a self, charge: &'a Charge) -> Answer<'a, Told> {
        let body = json!({
            "key": charge.key,
            "card": charge.method,
            "amount_minor": charge.amount.minor(),
            "currency": charge.amount.currency(),
        });
        async move { of_charge(known(answer(self.call(Method::POST, "/charges").json(&body)).await?)?) }
            .boxed()
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told> {
        async move {
            if ask.kind == AttemptKind::Refund {
                let told = answer(self.call(Method::GET, &format!("/refunds/{}", ask.key))).await?;
                return told.map_or(Ok(Told::Unheard), of_refund);
            }
            if ask.kind != AttemptKind::Pay {
                return self.about(ask, Method::GET, "").await;
            }
            // The page before the charge: what is paid between the two questions is seen by the second.
            let page: Option<PageAnswer> =
                answer(self.call(Method::GET, &format!("/card-pages/{}", ask.key))).await?;
            match self.about(ask, Method::GET, "").await? {
                Told::Unheard if page.is_some() => Ok(Told::Open),
                told => Ok(told),
            }
        }
        .boxed()
    }

    fn give_back<'a>(&'a self, back: &'a GiveBack) -> Answer<'a, Told> {
        let body = json!({
            "key": back.key,
            "charge": back.charge_ref,
            "amount_minor": back.amount.minor(),
            "currency": back.amount.currency(),
        });
        async move { of_refund(known(answer(self.call(Method::POST, "/refunds").json(&body)).await?)?) }
            .boxed()
    }

    fn dispute<'a>(&'a self, gateway_ref: &'a str) -> Answer<'a, Option<DisputeTold>> {
        async move {
            let told: Option<DisputeAnswer> =
                answer(self.call(Method::GET, &format!("/disputes/{gateway_ref}"))).await?;
            told.map(of_dispute).transpose()
        }
        .boxed()
    }

    fn abandon<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Told> {
        self.about(ask, Method::POST, "/close").boxed()
    }

    fn read_report<'a>(
        &'a self,
        heads: &'a HeaderMap,
        body: &'a [u8],
        now: DateTime<Utc>,
    ) -> Answer<'a, Option<Report>> {
        #[derive(Deserialize)]
        struct Sent {
            id: String,
            kind: String,
            key: String,
        }
        let head = heads.get("sandbox-signature").and_then(|head| head.to_str().ok()).unwrap_or_default();
        let signed = signature::is_signed(head, body, &[&self.secret], now);
        let report = signed.then(|| serde_json::from_slice::<Sent>(body).ok()).flatten();
        let report = report.map(|sent| Report { key: sent.id, kind: sent.kind, subject: sent.key });
        async move { Ok(report) }.boxed()
    }

    fn movements<'a>(&'a self, from: DateTime<Utc>, until: DateTime<Utc>) -> Answer<'a, Vec<Movement>> {
        async move {
            let path = format!("/movements?from={}&until={}", instant(from), instant(until));
            let books: Books = known(answer(self.call(Method::GET, &path)).await?)?;
            books.movements.into_iter().map(of_row).collect()
        }
        .boxed()
    }

    fn forget<'a>(&'a self, method: &'a str) -> Answer<'a, ()> {
        async move {
            let _: Option<serde_json::Value> =
                answer(self.call(Method::POST, &format!("/cards/{method}/forget"))).await?;
            Ok(())
        }
        .boxed()
    }
}
