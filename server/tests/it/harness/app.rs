//! The app under test: the real router on a port of its own, with a clock that the test moves.

use crate::harness::{Browser, TestDatabase};
use axum::{ServiceExt, extract::Request};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{clock::Clock, db::Db, site::ReviewPolicy};
use pledges::Means;
use serde::Deserialize;
use server::{
    check,
    config::{Config, LogFormat},
    database::practice_keys,
    front::Front,
    router::router,
    state::AppState,
    storage::Storage,
    worker,
};
use std::{
    env, fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    thread,
};
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

/// When every test begins.
const START: &str = "2026-11-22T03:00:00Z";

/// Ends with [`TestApp::finish`], which proves the books.
#[derive(Debug)]
pub struct TestApp {
    pub state: AppState,
    pub means: Means,
    pub base: String,
    pub database: TestDatabase,
    data: PathBuf,
    finished: bool,
    _serving: DropGuard,
}

/// A mail as scripts find it in the sandbox's mailbox.
#[derive(Clone, Debug, Deserialize)]
pub struct Mail {
    pub subject: String,
    pub text: String,
    pub html: String,
    pub links: Vec<String>,
}

impl TestApp {
    pub async fn start() -> Self {
        Self::start_with(|_| ()).await
    }

    /// Starts with settings that the test is about.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        Self::start_on(TestDatabase::create().await, change).await
    }

    pub async fn start_on(database: TestDatabase, change: impl FnOnce(&mut Config)) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let listen = listener.local_addr().expect("the port is open");
        let data = env::temp_dir().join(database.name());
        let mut config = config(database.url(), listen, &data);
        change(&mut config);
        let url = config.database_url.clone().unwrap_or_default();
        let (pool, own_role) = kernel::db::connect(&url, 24).await.expect("the database answers");
        assert!(own_role, "the program acts as dure_app");
        let keys = practice_keys(&pool).await.expect("the database answers");
        let db = Db::new(pool, Clock::frozen_at(START.parse().expect("an instant")), keys);
        let gateway = format!("http://{listen}/sandbox/gateway");
        let state = AppState::new(&config, db, gateway).await.expect("the state can be made");
        let secret = sandbox::merchant_secret(&state.db.pool).await.expect("the sandbox has a secret");
        let stop = CancellationToken::new();
        let service = Front::new(state.clone(), router(&state, secret, stop.clone()));
        let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
        let serving = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
        tokio::spawn(async move { serving.await.expect("the app is served") });
        Self {
            means: state.means(),
            base: format!("http://{listen}"),
            state,
            database,
            data,
            finished: false,
            _serving: stop.drop_guard(),
        }
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.state.db.now()
    }

    /// Somebody who is not logged in.
    pub fn visitor(&self) -> Browser {
        Browser::at(&self.base)
    }

    /// A page as nobody in particular sees it now. Pages are kept for some seconds, and here nobody listens
    /// for changes: see `live.rs` for that.
    pub async fn page(&self, address: &str) -> crate::harness::Answer {
        self.state.cache.clear();
        self.visitor().get(address).await
    }

    /// Moves the clock and does nothing else.
    pub fn set_clock(&self, at: DateTime<Utc>) {
        self.state.db.clock.freeze(at);
        self.state.cache.clear();
    }

    /// Moves the clock and does what is due.
    pub async fn advance(&self, by: TimeDelta) {
        self.set_clock(self.now() + by);
        self.drain().await;
    }

    /// Moves the clock to `at` and does what is due.
    pub async fn advance_to(&self, at: DateTime<Utc>) {
        self.set_clock(at);
        self.drain().await;
    }

    /// Does all jobs that are due now; tells how many.
    pub async fn drain(&self) -> u64 {
        worker::drain(&self.means.clone().into(), self.now()).await.expect("the database answers")
    }

    /// The mails to an address, newest first.
    pub async fn mails(&self, to: &str) -> Vec<Mail> {
        self.drain().await;
        let to: String = url::form_urlencoded::byte_serialize(to.as_bytes()).collect();
        let answer = self.visitor().get(&format!("/sandbox/mailbox.json?to={to}")).await;
        serde_json::from_str(&answer.text).expect("the mailbox is JSON")
    }

    /// The lines of `dure check` that tell of a broken law.
    pub async fn broken_laws(&self) -> Vec<String> {
        let report =
            check::run(&self.state.db.pool, check::Gateway::Own).await.expect("the books can be read");
        let broken = report.checked.iter().filter(|(_, rows)| !rows.is_empty());
        broken.map(|(law, rows)| format!("{law}: {}", rows.join("; "))).collect()
    }

    /// Does what is due and proves the books.
    pub async fn finish(mut self) {
        self.finished = true;
        self.drain().await;
        assert_eq!(self.broken_laws().await, Vec::<String>::new(), "the books hold at the end");
    }

    /// Ends a test that broke the books on purpose.
    pub fn abandon(mut self) {
        self.finished = true;
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        // Not every test stores files.
        let _ = fs::remove_dir_all(&self.data);
        assert!(self.finished || thread::panicking(), "a test ends with finish() or abandon()");
    }
}

fn config(database_url: String, listen: SocketAddr, data: &Path) -> Config {
    Config {
        database_url: Some(database_url),
        data: data.to_owned(),
        files: Storage::Folder(data.join("files")),
        listen,
        origin: None,
        keys: None,
        providers: std::sync::Arc::default(),
        mail_webhook_secret: None,
        mail: None,
        metrics: None,
        sandbox: true,
        review: ReviewPolicy::Rules,
        gateway_url: format!("http://{listen}/sandbox/gateway"),
        gateway_secret: None,
        collection: payments::Schedule::parse("now").expect("a schedule"),
        deposit_days: 3,
        worker: false,
        connections: 24,
        // Each browser of a test tells an address of its own.
        proxies: 1,
        site: data.join("site"),
        log: "warn".to_owned(),
        log_format: LogFormat::Text,
    }
}
