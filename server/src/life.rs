//! Living through a script on a clock of its own: people, projects and pledges made by the functions
//! that pages call, cards entered on the sandbox gateway's page over HTTP.

use crate::{config::Config, front::Front, router::router, state::AppState, worker};
use accounts::store::{NewMember, add, confirm_now};
use anyhow::{Context, Result, bail};
use axum::{ServiceExt, extract::Request};
use chrono::{DateTime, Utc};
use kernel::{
    Currency, Locale, MemberId, Money, PledgeId, ProjectId,
    clock::Clock,
    db::{Act, Db},
};
use pledges::{CheckedLine, CheckedPledge, Means, Settled};
use projects::{CheckedProject, Project};
use reqwest::Client;
use sqlx::PgPool;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// The cards that people in scripts carry.
pub const GOOD_CARD: &str = "4242424242424242";
pub const REFUSED_LATER: &str = "4000000000000341";

/// A script's stage: a frozen clock, and a sandbox gateway that listens on a free port.
#[derive(Debug)]
pub struct Stage {
    pub means: Means,
    pub state: AppState,
    http: Client,
    _gateway: DropGuard,
}

/// Whether nobody has signed up yet.
pub async fn is_empty(pool: &PgPool) -> sqlx::Result<bool> {
    sqlx::query_scalar!(r#"select not exists (select from members) as "empty!""#).fetch_one(pool).await
}

impl Stage {
    pub async fn set(config: &Config, db: &Db, at: DateTime<Utc>) -> Result<Self> {
        let db = Db::new(db.pool.clone(), Clock::frozen_at(at), db.keys.clone());
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let address = listener.local_addr()?;
        let state = AppState::new(config, db, format!("http://{address}/sandbox/gateway")).await?;
        let secret = sandbox::merchant_secret(&state.db.pool).await?;
        let stop = CancellationToken::new();
        let service = Front::new(state.clone(), router(&state, secret, stop.clone()));
        let service =
            ServiceExt::<Request>::into_make_service_with_connect_info::<std::net::SocketAddr>(service);
        let serving = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "The script's gateway ended");
            }
        });
        let http = kernel::outbound::client(Duration::from_secs(30))?;
        // Pages that the gateway sends people back to stand where the gateway does.
        let mut means = state.means();
        means.site = kernel::site::Site(std::sync::Arc::new(kernel::site::SiteSettings {
            origin: format!("http://{address}"),
            sandbox: true,
            https: false,
            review: kernel::site::ReviewPolicy::Rules,
            providers: std::sync::Arc::default(),
        }));
        Ok(Self { means, state, http, _gateway: stop.drop_guard() })
    }

    #[must_use]
    pub fn db(&self) -> &Db {
        &self.means.db
    }

    /// Moves the clock and does everything that was due until then.
    pub async fn move_to(&self, at: DateTime<Utc>) -> Result<()> {
        self.db().clock.freeze(at);
        worker::drain(&self.means.clone().into(), at).await?;
        Ok(())
    }

    /// A member with a confirmed address. Scripts share one password hash: hashing is slow on purpose.
    pub async fn member(&self, person: &Person<'_>, password_hash: &str) -> Result<MemberId> {
        let now = self.db().now();
        let id = MemberId::new();
        let new = NewMember {
            id,
            handle: person.handle,
            email: person.email,
            name: person.name,
            password_hash: Some(password_hash),
            locale: person.locale,
            consents: &["terms", "privacy"],
            at: now,
        };
        let mut tx = self.db().pool.begin().await?;
        if !add(&mut tx, &new).await? {
            bail!("{} has an account already", person.email);
        }
        confirm_now(&mut tx, id, now).await?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn project(
        &self,
        creator: MemberId,
        currency: Currency,
        new: &CheckedProject,
    ) -> Result<Project> {
        let now = self.db().now();
        let mut tx = self.db().begin(Act::by(creator, "draft started")).await?;
        let (id, _) = projects::store::create(&mut tx, creator, currency, new, now).await?;
        tx.commit().await?;
        Ok(projects::store::by_id(&mut *self.db().pool.acquire().await?, id).await?)
    }

    pub async fn launch(&self, creator: MemberId, id: ProjectId) -> Result<()> {
        let project = projects::store::by_id(&mut *self.db().pool.acquire().await?, id).await?;
        projects::launch(self.db(), creator, &project).await.context("the launch was refused")
    }

    pub async fn cancel(&self, creator: MemberId, id: ProjectId) -> Result<()> {
        let project = projects::store::by_id(&mut *self.db().pool.acquire().await?, id).await?;
        projects::cancel(self.db(), creator, &project).await.context("the project could not be stopped")
    }

    /// Pledges and enters a card, as somebody at `at` would.
    pub async fn pledge(&self, pledge: &ScriptPledge, at: DateTime<Utc>) -> Result<PledgeId> {
        let form = CheckedPledge::new(pledge.lines.clone(), pledge.extra);
        let gateway = self.means.till.for_cards();
        let id = pledges::place(self.db(), gateway, pledge.backer, pledge.project, &form, at).await?;
        let page = pledges::visit(&self.means, id, Locale::Ko).await?;
        let (address, query) = page.split_once('?').context("the card page has no id")?;
        let visit = query.strip_prefix("page=").context("the card page has no id")?;
        let form = [("page", visit), ("number", pledge.card), ("expiry", "12/40"), ("cvc", "123")];
        let answer = self.http.post(address).form(&form).send().await?;
        if !answer.status().is_redirection() {
            bail!("the card page answered {}", answer.status());
        }
        match pledges::returned(&self.means, id, at).await? {
            Settled::Booked => Ok(id),
            other => bail!("the visit is {other:?} after the card was entered"),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Person<'a> {
    pub handle: &'a str,
    pub email: &'a str,
    pub name: &'a str,
    pub locale: Locale,
}

#[derive(Clone, Debug)]
pub struct ScriptPledge {
    pub project: ProjectId,
    pub backer: MemberId,
    pub lines: Vec<CheckedLine>,
    pub extra: Money,
    pub card: &'static str,
}

/// A small, repeatable source of variety for scripts; nothing secret comes from it (splitmix64).
#[derive(Clone, Debug)]
pub struct Variety(u64);

impl Variety {
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % limit.max(1)
    }
}
