//! `dure serve` and `dure worker`: everything that runs until it is told to stop.

use crate::{
    check::Gateway,
    config::Config,
    database::Database,
    demo,
    front::Front,
    health, life,
    listen::{Ears, listen},
    router::router,
    state::AppState,
    worker,
};
use anyhow::{Context, Result};
use axum::{ServiceExt, extract::Request};
use chrono::TimeDelta;
use kernel::clock::Clock;
use sandbox::Merchant;
use sqlx::PgPool;
use std::{net::SocketAddr, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::Notify, task::JoinSet};
use tokio_util::sync::CancellationToken;

/// How long open requests and jobs may take after the signal.
const GRACE: Duration = Duration::from_secs(25);

/// An upload younger than this may still get its rows.
const UNDER_WAY: TimeDelta = TimeDelta::hours(1);

/// Whether an empty private database is filled with the demo. One that others may use never is:
/// their workers would live through the demo's past on the present clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demo {
    WhenEmpty,
    Never,
}

/// Serves the site, with the worker beside it unless told otherwise.
pub async fn serve(config: Config, database: Database, demo: Demo) -> Result<()> {
    let listener = TcpListener::bind(config.listen)
        .await
        .with_context(|| format!("{} cannot be listened on; choose another with DURE_PORT", config.listen))?;
    let listen_on = listener.local_addr()?;
    let db = database.db.clone();
    if config.sandbox {
        db.clock.follow(&db.pool).await?;
    }
    if demo == Demo::WhenEmpty && database.is_private() && life::is_empty(&db.pool).await? {
        demo::fill(&config, &db).await.context("the demo could not be made")?;
    }
    let state = AppState::new(&config, db, config.gateway_url.clone()).await?;
    let secret = sandbox::merchant_secret(&state.db.pool).await?;
    let stop = CancellationToken::new();
    let mut parts = JoinSet::new();
    let service = Front::new(state.clone(), router(&state, secret.clone(), stop.clone()));
    let service = ServiceExt::<Request>::into_make_service_with_connect_info::<SocketAddr>(service);
    let web = axum::serve(listener, service).with_graceful_shutdown(stop.clone().cancelled_owned());
    parts.spawn(async move {
        if let Err(error) = web.await {
            tracing::error!(%error, "The web server ended");
        }
    });
    parts.spawn(database.watch(stop.clone()));
    if config.sandbox && config.gateway() == Gateway::Own {
        let (db, to) = (&state.db, merchant(&config, secret.clone())?);
        parts.spawn(report(db.pool.clone(), db.clock.clone(), to, stop.clone()));
    }
    background(&config, &state, config.worker, &stop, &mut parts).await?;
    println!("Dure is ready: http://{listen_on}");
    if database.is_private() {
        println!(
            "Another replica can join with DATABASE_URL=\"$(cat {}/database-url)\"",
            config.data.display()
        );
    }
    until_stopped(stop, parts).await;
    database.close().await;
    Ok(())
}

/// The sandbox gateway's reports to this site.
async fn report(pool: PgPool, clock: Clock, to: Merchant, stop: CancellationToken) {
    let mut tick = tokio::time::interval(Duration::from_secs(1));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = sandbox::deliver_webhooks(&pool, &to, clock.now()).await {
            tracing::warn!(%error, "The sandbox's reports were not sent");
        }
    }
}

/// Where the sandbox gateway finds this site, and the secret that both know.
pub fn merchant(config: &Config, secret: String) -> Result<Merchant> {
    let http = kernel::outbound::client(Duration::from_secs(5))?;
    let site = config.gateway_url.trim_end_matches("/sandbox/gateway");
    Ok(Merchant { http, address: format!("{site}/webhooks/sandbox"), secret })
}

/// Runs only the worker.
pub async fn work(config: Config, database: Database) -> Result<()> {
    let db = database.db.clone();
    db.clock.follow(&db.pool).await?;
    let state = AppState::new(&config, db, config.gateway_url.clone()).await?;
    let stop = CancellationToken::new();
    let mut parts = JoinSet::new();
    parts.spawn(database.watch(stop.clone()));
    background(&config, &state, true, &stop, &mut parts).await?;
    println!("Dure's worker is ready");
    until_stopped(stop, parts).await;
    database.close().await;
    Ok(())
}

async fn background(
    config: &Config,
    state: &AppState,
    with_worker: bool,
    stop: &CancellationToken,
    parts: &mut JoinSet<()>,
) -> Result<()> {
    let wake = Arc::new(Notify::new());
    let ears = Ears {
        db: state.db.clone(),
        hub: state.hub.clone(),
        cache: state.cache.clone(),
        wake: wake.clone(),
        sandbox_clock: config.sandbox,
    };
    parts.spawn(listen(ears, stop.clone()));
    if with_worker {
        parts.spawn(worker::serve(state.hands(), wake, stop.clone()));
        parts.spawn(sweep(state.clone(), stop.clone()));
    }
    if let Some(metrics) = config.metrics {
        let listener = TcpListener::bind(metrics).await.with_context(|| {
            format!("DURE_METRICS_ADDR is {metrics}, which cannot be listened on; allowed: a free address and port")
        })?;
        let stop = stop.clone();
        parts.spawn(async move {
            if let Err(error) = health::serve_metrics(listener, stop).await {
                tracing::error!(%error, "Serving /metrics ended");
            }
        });
    }
    Ok(())
}

/// Forgets what ran out, every ten minutes, and counts what needs eyes.
async fn sweep(state: AppState, stop: CancellationToken) {
    let mut tick = tokio::time::interval(Duration::from_secs(600));
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = tick.tick() => {}
        }
        if let Err(error) = sweep_once(&state).await {
            tracing::warn!(%error, "Sweeping failed");
        }
    }
}

async fn sweep_once(state: &AppState) -> Result<()> {
    kernel::limits::sweep(&state.db).await?;
    kernel::stash::sweep(&state.db).await?;
    accounts::store::sweep(&state.db).await?;
    accounts::notifications::sweep(&state.db).await?;
    kernel::outbox::sweep(&state.db.pool, state.db.now()).await?;
    kernel::undeliverable::sweep(&state.db.pool, state.db.now()).await?;
    settlement::sweep(&state.means()).await?;
    let report = crate::check::run_and_note(&state.db, state.config.gateway()).await?;
    metrics::gauge!("dure_books_faults").set(report.faults() as f64);
    metrics::gauge!("dure_jobs_dead").set(report.dead_jobs as f64);
    if report.faults() > 0 {
        tracing::error!(faults = report.faults(), "The books do not balance: run `dure check`");
    }
    // Last: a file store that is away keeps nothing else from being done.
    pictures::sweep(&state.db, &state.files, UNDER_WAY).await?;
    Ok(())
}

async fn until_stopped(stop: CancellationToken, mut parts: JoinSet<()>) {
    signal().await;
    tracing::info!("Stopping: what runs is finished first");
    stop.cancel();
    let finish = async { while parts.join_next().await.is_some() {} };
    if tokio::time::timeout(GRACE, finish).await.is_err() {
        tracing::warn!("Some requests or jobs did not finish in time; their leases run out");
    }
}

/// SIGTERM or Ctrl-C.
async fn signal() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => {
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}
