//! The fonts of the site, cut by `xtask/fonts.mjs` for the texts of this source.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use crate::places::{Places, files_under, hash16};
use crate::shell;

/// The folder with the cut fonts, their licence and `fonts.css`. Cut only when a letter, the
/// recipe or Pretendard itself has changed.
pub fn cut(places: &Places) -> Result<PathBuf> {
    let letters = letters_of_our_texts(&places.root.join("app"))?;
    let recipe = places.root.join("xtask/fonts.mjs");
    let lock = fs::read(places.root.join("package-lock.json"))?;
    let key = hash16(&[&fs::read(&recipe)?, &lock, letters.as_bytes()]);
    let kept = places.cache.join(format!("fonts-{key}"));
    if !kept.exists() {
        places.npm("pretendard/package.json")?;
        let unfinished = places.cache.join("fonts.unfinished");
        if unfinished.exists() {
            fs::remove_dir_all(&unfinished)?;
        }
        fs::create_dir_all(&unfinished)?;
        let texts = places.cache.join("letters.txt");
        fs::write(&texts, letters)?;
        shell::timed("cutting fonts", || {
            let mut node = Command::new("node");
            shell::run_quietly(node.arg(&recipe).arg(&unfinished).arg(&texts))
        })?;
        fs::rename(&unfinished, &kept)?;
    }
    Ok(kept)
}

/// The file that every page needs, as a path below the site.
pub fn core(folder: &Path) -> Result<String> {
    let names = fs::read_dir(folder)?.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names
        .into_iter()
        .find(|name| name.starts_with("core."))
        .map(|name| format!("fonts/{name}"))
        .context("no core font was cut")
}

/// Every Hangul syllable in the catalogues of texts, each once.
fn letters_of_our_texts(app: &Path) -> Result<String> {
    let mut letters = BTreeSet::new();
    for file in files_under(app)? {
        if file.extension().is_some_and(|end| end == "rs") {
            let source = fs::read_to_string(&file)?;
            if source.contains("texts! {") {
                letters.extend(source.chars().filter(|letter| ('가'..='힣').contains(letter)));
            }
        }
    }
    Ok(letters.into_iter().collect())
}
