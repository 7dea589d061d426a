//! `build`: the browser's half, the server's half, and both in one folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use serde_json::json;

use crate::places::{Places, Profile, hash16};
use crate::{assets, pack, shell, wasm};

/// Results of earlier builds are kept this long after their last use.
const KEPT: Duration = Duration::from_secs(14 * 24 * 60 * 60);

/// Makes `out/dure` and `out/site`.
pub fn build(places: &Places, profile: Profile, out: &Path) -> Result<()> {
    let compiled = shell::timed("browser side", || wasm::compile(places, profile))?;
    // wasm-opt and Brotli use one core for long, the linker of the server another.
    std::thread::scope(|scope| {
        let browser = scope.spawn(|| site_from(places, profile, &compiled, out));
        let server = shell::timed("server side", || server(places, profile, out));
        let browser = browser.join().map_err(|_| anyhow::anyhow!("building the site panicked"))?;
        match (server, browser) {
            (Err(server), Err(browser)) => anyhow::bail!("{server:#}\nand: {browser:#}"),
            (server, browser) => server.and(browser),
        }
    })?;
    forget_old_results(places)?;
    println!("  made {}", out.display());
    Ok(())
}

/// The site alone, when the server has not changed.
pub fn site(places: &Places, profile: Profile, out: &Path) -> Result<()> {
    let compiled = wasm::compile(places, profile)?;
    site_from(places, profile, &compiled, out)
}

fn site_from(places: &Places, profile: Profile, compiled: &Path, out: &Path) -> Result<()> {
    let unfinished = out.join("site.unfinished");
    remove_folder(&unfinished)?;
    fs::create_dir_all(&unfinished)?;
    let module = wasm::finish(places, profile, compiled)?;
    let (js, wasm) = assets::module(&unfinished, &module)?;
    let (css, font) = shell::timed("style", || assets::style_and_public(places, profile, &unfinished))?;
    // They keep their names, so the addresses that pages load them by must tell one version from the next.
    let version = |name: &str| anyhow::Ok(hash16(&[&fs::read(unfinished.join(name))?]));
    let (boot, passkey) = (version("boot.js")?, version("passkey.js")?);
    let manifest =
        json!({ "js": js, "wasm": wasm, "css": css, "boot": boot, "passkey": passkey, "font": font });
    fs::write(unfinished.join("manifest.json"), format!("{manifest:#}\n"))?;
    if profile == Profile::Release {
        shell::timed("packing (.br and .gz)", || pack::pack(places, &unfinished))?;
    }
    remove_folder(&out.join("site"))?;
    fs::rename(unfinished, out.join("site")).context("putting the new site in place")
}

/// Compiles the server and puts its binary into `out`.
pub fn server(places: &Places, profile: Profile, out: &Path) -> Result<()> {
    let mut cargo = shell::cargo(places);
    cargo.args(["build", "--package=server"]);
    let folder = match profile {
        Profile::Debug => "debug",
        Profile::Release => {
            cargo.arg("--release");
            "release"
        }
    };
    shell::run(&mut cargo)?;
    fs::create_dir_all(out)?;
    // Under another name first: a running program's file cannot be written, but it can be replaced.
    let unfinished = out.join("dure.unfinished");
    let built: PathBuf = places.target.join(folder).join("dure");
    fs::copy(&built, &unfinished).with_context(|| format!("copying {}", built.display()))?;
    fs::rename(unfinished, out.join("dure")).context("putting the new binary in place")
}

fn remove_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("removing {}", folder.display()))?;
    }
    Ok(())
}

fn forget_old_results(places: &Places) -> Result<()> {
    for entry in fs::read_dir(&places.cache)? {
        let entry = entry?;
        let found = entry.metadata()?;
        let used = found.accessed().or_else(|_| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        if used.elapsed().is_ok_and(|age| age > KEPT) {
            match found.is_dir() {
                true => fs::remove_dir_all(entry.path())?,
                false => fs::remove_file(entry.path())?,
            }
        }
    }
    Ok(())
}
