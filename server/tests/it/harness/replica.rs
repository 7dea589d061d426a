//! A second process on the same database: the program itself, as it is shipped.

use crate::harness::{Browser, TestApp};
use bytes::BytesMut;
use std::{net::TcpListener, path::PathBuf, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, Command},
    time::timeout,
};

/// Longer than anything takes here; a test that waits in vain fails after it.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Debug)]
pub struct Replica {
    pub base: String,
    data: PathBuf,
    child: Child,
}

impl Replica {
    /// Starts `dure serve` and waits until it says that it is ready.
    pub async fn of(app: &TestApp) -> Self {
        Self::with(app, &["serve", "--empty"]).await
    }

    /// As [`Replica::of`], with other arguments.
    pub async fn with(app: &TestApp, arguments: &[&str]) -> Self {
        let port = TcpListener::bind(("127.0.0.1", 0))
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let data = std::env::temp_dir().join(format!("{}-{port}", app.database.name()));
        let mut child = Command::new(env!("CARGO_BIN_EXE_dure"))
            .args(arguments)
            .env("DATABASE_URL", app.database.url())
            .env("DURE_PORT", port.to_string())
            .env("DURE_DATA", &data)
            .env("DURE_WORKER", "off")
            .env("DURE_DB_CONNECTIONS", "6")
            .env("DURE_LOG", "warn")
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output is ours")).lines();
        let ready = async {
            while let Some(line) = lines.next_line().await.expect("its output is text") {
                if line.contains("Dure is ready") {
                    return;
                }
            }
            panic!("the replica ended before it was ready");
        };
        timeout(PATIENCE, ready).await.expect("the replica is ready in time");
        Self { base: format!("http://127.0.0.1:{port}"), data, child }
    }

    pub fn visitor(&self) -> Browser {
        Browser::at(&self.base)
    }

    /// The most memory that it has held, in bytes.
    pub fn most_memory(&self) -> u64 {
        let id = self.child.id().expect("it runs");
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("Linux tells it");
        let kilobytes = line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number");
        kilobytes * 1024
    }
}

impl Drop for Replica {
    fn drop(&mut self) {
        // What is left behind in the temporary folder disturbs nobody.
        let _ = std::fs::remove_dir_all(&self.data);
    }
}

/// The events of a page that is open.
#[derive(Debug)]
pub struct Stream {
    response: reqwest::Response,
    read: BytesMut,
}

impl Stream {
    pub async fn open(browser: &Browser, address: &str) -> Self {
        let response = browser.request(http::Method::GET, address).send().await.expect("the server answers");
        assert_eq!(response.status().as_u16(), 200);
        Self { response, read: BytesMut::new() }
    }

    /// The next event's data.
    pub async fn next(&mut self) -> serde_json::Value {
        let next = async {
            loop {
                if let Some(end) = self.read.windows(2).position(|pair| pair == b"\n\n") {
                    let event = self.read.split_to(end + 2);
                    let event = String::from_utf8_lossy(&event).into_owned();
                    if let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) {
                        return serde_json::from_str(data).expect("events are JSON");
                    }
                    continue;
                }
                let chunk = self.response.chunk().await.expect("the stream is whole");
                self.read.extend_from_slice(&chunk.expect("the stream goes on"));
            }
        };
        timeout(PATIENCE, next).await.expect("an event comes in time")
    }

    /// The first event that is as told; what is told twice, or of a step between, is passed over.
    pub async fn until(&mut self, told: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        loop {
            let event = self.next().await;
            if told(&event) {
                return event;
            }
        }
    }
}
