//! A `dure serve` of its own, in a folder of its own.

use anyhow::{Context, Result, bail};
use reqwest::{Client, header, redirect::Policy};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

pub struct Site {
    process: Child,
    port: u16,
    data: PathBuf,
    pub http: Client,
    pub first_start: Duration,
    pub second_start: Duration,
}

fn start(dist: &Path, data: &Path, port: u16) -> Result<Child> {
    Command::new(fs::canonicalize(dist.join("dure")).context("there is no dist/dure: run bin/build")?)
        .args(["serve", "--empty", "--port", &port.to_string()])
        .env_remove("DATABASE_URL")
        .env("DURE_DATA", data)
        .env("DURE_LOG", "warn")
        .stdout(Stdio::null())
        .spawn()
        .context("dist/dure does not start")
}

fn interrupt(process: &mut Child) -> Result<()> {
    Command::new("kill").args(["-TERM", &process.id().to_string()]).status()?;
    process.wait()?;
    Ok(())
}

impl Site {
    pub async fn start(dist: &Path) -> Result<Self> {
        let data = std::env::temp_dir().join(format!("dure-bench-{}", std::process::id()));
        fs::create_dir_all(&data)?;
        let port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        server::tls::choose_ring();
        let http =
            Client::builder().redirect(Policy::none()).no_proxy().timeout(Duration::from_secs(60)).build()?;
        let mut process = start(dist, &data, port)?;
        let first_start = ready(&http, port).await?;
        interrupt(&mut process)?;
        let process = start(dist, &data, port)?;
        let second_start = ready(&http, port).await?;
        Ok(Self { process, port, data, http, first_start, second_start })
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    pub fn database_url(&self) -> Result<String> {
        Ok(fs::read_to_string(self.data.join("database-url"))?)
    }

    pub async fn get(&self, path: &str, encoding: Option<&str>) -> Result<Vec<u8>> {
        let mut request = self.http.get(self.address(path));
        if let Some(encoding) = encoding {
            request = request.header(header::ACCEPT_ENCODING, encoding);
        }
        let answer = request.send().await?;
        if !answer.status().is_success() {
            bail!("{path} answered {}", answer.status());
        }
        Ok(answer.bytes().await?.to_vec())
    }

    /// Resident memory of the program, in MB, without its PostgreSQL.
    pub fn memory(&self) -> Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
        let kilobytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
        Ok(kilobytes / 1024)
    }

    pub async fn stop(mut self) -> Result<()> {
        interrupt(&mut self.process)?;
        fs::remove_dir_all(&self.data)?;
        Ok(())
    }
}

async fn ready(http: &Client, port: u16) -> Result<Duration> {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(120) {
        let asked = http.get(format!("http://127.0.0.1:{port}/readyz")).send().await;
        if asked.is_ok_and(|answer| answer.status().is_success()) {
            return Ok(started.elapsed());
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    bail!("dist/dure was not ready in two minutes")
}

/// What a first view loads, cold, as Brotli bytes; the font that every page needs counts as loaded.
pub async fn first_view(site: &Site, page: &str) -> Result<()> {
    let html = site.get(page, Some("br")).await?.len();
    let manifest: serde_json::Value = serde_json::from_slice(
        &fs::read(Path::new("dist/site/manifest.json")).context("dist/site/manifest.json")?,
    )?;
    let mut sizes = Vec::new();
    for name in ["js", "wasm", "css"] {
        let file = manifest.get(name).and_then(|file| file.as_str()).context("the manifest lacks a name")?;
        sizes.push(site.get(&format!("/pkg/{file}"), Some("br")).await?.len());
    }
    let boot = site.get("/boot.js", Some("br")).await?.len();
    let font = manifest.get("font").and_then(|file| file.as_str()).unwrap_or_default();
    let font = if font.is_empty() { 0 } else { site.get(&format!("/{font}"), None).await?.len() };
    let [js, wasm, css] = sizes.as_slice() else { bail!("three files were expected") };
    let code = js + wasm + boot;
    println!("first view of a project page, cold, Brotli bytes, without pictures:");
    println!("  html {html}, css {css}, js {}, wasm {wasm}, core font {font}", js + boot);
    println!(
        "  js + wasm {:.1} kB of 180, everything {:.1} kB of 260",
        code as f64 / 1e3,
        (html + css + code + font) as f64 / 1e3
    );
    Ok(())
}
