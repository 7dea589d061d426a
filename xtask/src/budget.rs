//! `budget`: what a first view loads, in bytes on the wire, and how much it may be.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result, bail};

/// JavaScript and WASM of a first view, Brotli, in bytes (1 kB = 1000 bytes).
const JS_AND_WASM: u64 = 180_000;
/// All that a browser with an empty cache loads for a project's page.
const FIRST_VIEW: u64 = 270_000;
/// The HTML of such a page, Brotli, rounded up from what `bin/bench` measured.
const HTML: u64 = 2_400;

pub fn check(out: &Path) -> Result<()> {
    let site = out.join("site");
    let manifest = fs::read_to_string(site.join("manifest.json"))
        .with_context(|| format!("{} has no built site: run bin/build", out.display()))?;
    let manifest: serde_json::Value = serde_json::from_str(&manifest)?;
    let size = |kind: &str| -> Result<u64> {
        let name = manifest[kind].as_str().with_context(|| format!("manifest.json has no {kind}"))?;
        let file = match kind {
            "font" => site.join(name),
            _ => site.join("pkg").join(format!("{name}.br")),
        };
        let found = fs::metadata(&file).with_context(|| format!("reading {}", file.display()))?;
        println!("  {kind:<5}{:>8.1} kB  {name}", found.len() as f64 / 1000.0);
        Ok(found.len())
    };
    let code = size("js")? + size("wasm")?;
    let boot = fs::metadata(site.join("boot.js.br")).context("reading boot.js.br")?.len();
    let all = code + boot + size("css")? + size("font")? + HTML;
    println!("  js + wasm {:.1} kB of {:.0} kB", kilo(code), kilo(JS_AND_WASM));
    println!(
        "  first view, with style, the first font and HTML {:.1} kB of {:.0} kB",
        kilo(all),
        kilo(FIRST_VIEW)
    );
    if code > JS_AND_WASM {
        bail!("JavaScript and WASM are {:.1} kB over their budget", kilo(code - JS_AND_WASM));
    }
    if all > FIRST_VIEW {
        bail!("a first view is {:.1} kB over its budget", kilo(all - FIRST_VIEW));
    }
    Ok(())
}

fn kilo(bytes: u64) -> f64 {
    bytes as f64 / 1000.0
}
