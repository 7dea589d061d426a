//! The browser's half: compiled, bound to JavaScript, made small.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::places::{Places, Profile, hash16};
use crate::shell;

/// `-Oz` and what rustc's wasm32 target switches on. Debian's wasm-opt 108 takes the same flags and
/// makes a module that dies at its start, so only npm's, pinned in package.json, is used.
const WASM_OPT: &[&str] = &[
    "-Oz",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-multivalue",
];

pub struct Module {
    pub js: Vec<u8>,
    pub wasm: Vec<u8>,
}

/// Compiles `frontend` and says where cargo left it.
pub fn compile(places: &Places, profile: Profile) -> Result<std::path::PathBuf> {
    let (name, folder) = match profile {
        Profile::Debug => ("dev", "debug"),
        Profile::Release => ("wasm-release", "wasm-release"),
    };
    shell::run(shell::cargo(places).args([
        "build",
        "--package=frontend",
        "--target=wasm32-unknown-unknown",
        "--profile",
        name,
    ]))?;
    Ok(places.target.join("wasm32-unknown-unknown").join(folder).join("frontend.wasm"))
}

/// Binds and shrinks the module, or takes the result of last time when nothing has changed.
pub fn finish(places: &Places, profile: Profile, compiled: &Path) -> Result<Module> {
    let raw = fs::read(compiled).with_context(|| format!("reading {}", compiled.display()))?;
    let lock = fs::read(places.root.join("package-lock.json"))?;
    let recipe = if profile == Profile::Release { WASM_OPT.concat() } else { "debug".to_owned() };
    let key = hash16(&[&raw, &lock, recipe.as_bytes()]);
    let kept_js = places.cache.join(format!("module-{key}.js"));
    let kept_wasm = places.cache.join(format!("module-{key}.wasm"));
    if !kept_js.exists() || !kept_wasm.exists() {
        let work = places.cache.join("bindgen");
        if work.exists() {
            fs::remove_dir_all(&work)?;
        }
        fs::create_dir_all(&work)?;
        shell::timed("wasm-bindgen", || bind(compiled, &work, profile))?;
        bundle_js(places, profile, &work.join("dure.js"), &kept_js)?;
        let bound = work.join("dure_bg.wasm");
        match profile {
            Profile::Debug => drop(fs::copy(&bound, &kept_wasm)?),
            Profile::Release => {
                shell::timed("wasm-opt", || optimise(places, &bound, &kept_wasm))?;
            }
        }
    }
    Ok(Module { js: fs::read(kept_js)?, wasm: fs::read(kept_wasm)? })
}

fn bind(compiled: &Path, out: &Path, profile: Profile) -> Result<()> {
    let mut bindgen = Bindgen::new();
    bindgen.input_path(compiled).out_name("dure").typescript(false);
    // The page passes the hashed address to `init`, so the JavaScript needs none of its own.
    bindgen.omit_default_module_path(true);
    bindgen.web(true)?.debug(profile == Profile::Debug).keep_debug(profile == Profile::Debug);
    bindgen.generate(out)
}

/// Puts the snippets of other crates into the one file; minified in a release.
fn bundle_js(places: &Places, profile: Profile, from: &Path, to: &Path) -> Result<()> {
    let mut esbuild = Command::new(places.npm("esbuild/bin/esbuild")?);
    esbuild.arg(from).args(["--bundle", "--format=esm", "--target=es2022", "--log-level=warning"]);
    if profile == Profile::Release {
        esbuild.arg("--minify");
    }
    esbuild.arg(format!("--outfile={}", to.display()));
    shell::run_quietly(&mut esbuild)?;
    Ok(())
}

fn optimise(places: &Places, from: &Path, to: &Path) -> Result<()> {
    // Under another name first: a broken-off run must not be taken for a result.
    let unfinished = to.with_extension("unfinished");
    let mut wasm_opt = Command::new("node");
    wasm_opt.arg(places.npm("binaryen/bin/wasm-opt")?).args(WASM_OPT);
    shell::run_quietly(wasm_opt.arg(from).arg("-o").arg(&unfinished))?;
    Ok(fs::rename(unfinished, to)?)
}
