//! wrk, and the bare handler that it is compared with.

use anyhow::{Context, Result, bail};
use axum::{Router, body::Bytes, http::header, routing::get};
use std::{
    path::Path,
    process::{Child, Command},
    time::Duration,
};
use tokio::net::TcpListener;

/// A process that serves the same bytes with nothing around them.
pub struct Bare {
    process: Child,
    pub address: String,
}

impl Bare {
    pub async fn start(page: &[u8]) -> Result<Self> {
        let file = std::env::temp_dir().join(format!("dure-bench-bare-{}.html", std::process::id()));
        std::fs::write(&file, page)?;
        let process = Command::new(std::env::current_exe()?).arg("--bare").arg(&file).spawn()?;
        let port_file = file.with_extension("port");
        for _ in 0..200 {
            if let Ok(port) = std::fs::read_to_string(&port_file)
                && !port.is_empty()
            {
                std::fs::remove_file(&port_file)?;
                std::fs::remove_file(&file)?;
                return Ok(Self { process, address: format!("http://127.0.0.1:{port}/") });
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        bail!("the bare handler did not start")
    }
}

impl Drop for Bare {
    fn drop(&mut self) {
        // It is ours, and there is nothing to lose in it.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The other side of [`Bare`].
pub async fn serve_bare(file: &Path) -> Result<()> {
    let bytes = Bytes::from(std::fs::read(file)?);
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    std::fs::write(file.with_extension("port"), listener.local_addr()?.port().to_string())?;
    let answer = move || {
        let bytes = bytes.clone();
        async move { ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], bytes) }
    };
    axum::serve(listener, Router::new().route("/", get(answer))).await?;
    Ok(())
}

/// Requests a second at 64 connections.
pub fn run(address: &str, cookie: Option<&str>, seconds: u32) -> Result<f64> {
    let mut command = Command::new("wrk");
    command.args(["-t2", "-c64", &format!("-d{seconds}s"), address]);
    if let Some(cookie) = cookie {
        command.args(["-H", &format!("Cookie: {cookie}")]);
    }
    let output = command.output().context("wrk does not run: install the Debian package wrk")?;
    let text = String::from_utf8_lossy(&output.stdout);
    if text.contains("Non-2xx") {
        bail!("wrk saw errors at {address}:\n{text}");
    }
    let rate =
        text.lines().find_map(|line| line.strip_prefix("Requests/sec:")).context("wrk told no rate")?;
    Ok(rate.trim().parse()?)
}
