//! A real mail server beside the test: npm's smtp-server in a process of its own.

use serde_json::Value;
use std::{path::Path, process::Stdio, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
    time::timeout,
};

pub struct MailServer {
    // Ended with this value.
    _process: Child,
    orders: ChildStdin,
    told: Lines<BufReader<ChildStdout>>,
    pub port: u16,
}

impl MailServer {
    /// On a free port, or on one that another had before; with `keys` (key and certificate) it asks for
    /// STARTTLS and a log-in.
    pub async fn start(port: u16, keys: Option<(&Path, &Path)>) -> Self {
        let script = Path::new(&std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo runs this"))
            .join("tests/it/harness/smtp.cjs");
        let mut command = Command::new("node");
        command
            .arg(script)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        if let Some((key, certificate)) = keys {
            command.arg(key).arg(certificate);
        }
        let mut process = command.spawn().expect("node runs");
        let orders = process.stdin.take().expect("orders can be given");
        let told = BufReader::new(process.stdout.take().expect("it tells what comes")).lines();
        let mut server = Self { _process: process, orders, told, port };
        let first = server.next().await.expect("the mail server starts: `npm ci` installs it");
        server.port = first["port"].as_u64().and_then(|port| u16::try_from(port).ok()).expect("a port");
        server
    }

    /// From now on it is in this manner: `accept`, `later`, `never` or `slow`.
    pub async fn be(&mut self, manner: &str) {
        self.orders.write_all(format!("{manner}\n").as_bytes()).await.expect("orders are heard");
        let heard = self.next().await.expect("orders are answered");
        assert_eq!(heard["manner"], manner);
    }

    /// The next mail, if one comes within some seconds.
    pub async fn next(&mut self) -> Option<Value> {
        let line = timeout(Duration::from_secs(10), self.told.next_line()).await.ok()?;
        serde_json::from_str(&line.expect("it is there")?).ok()
    }

    /// Whether no mail has come that was not asked for.
    pub async fn is_silent(&mut self) -> bool {
        timeout(Duration::from_millis(300), self.told.next_line()).await.is_err()
    }
}
