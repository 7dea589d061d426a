//! Style, fonts and public files, each at its place in the site.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::places::{Places, Profile, files_under, hash16};
use crate::wasm::Module;
use crate::{fonts, shell};

/// Browsers with WASM reference types, `:has` and nesting; lightningcss lowers the rest.
const BROWSERS: &str = "chrome >= 111, edge >= 111, firefox >= 121, safari >= 16.4, ios_saf >= 16.4";

/// Everything but the module: returns the name that pages load the style by, and the core font.
pub fn style_and_public(places: &Places, profile: Profile, site: &Path) -> Result<(String, String)> {
    copy_folder(&places.root.join("public"), site)?;
    let cut = fonts::cut(places)?;
    copy_folder(&cut, &site.join("fonts"))?;
    fs::remove_file(site.join("fonts/fonts.css"))?;
    let mut style = fs::read(cut.join("fonts.css"))?;
    style.extend(style_of_pages(places, profile)?);
    let name = write_hashed(site, "css", &style)?;
    Ok((name, fonts::core(&cut)?))
}

/// `style/main.css` with all that it imports; an error in any of them fails the build.
fn style_of_pages(places: &Places, profile: Profile) -> Result<Vec<u8>> {
    let mut lightningcss = Command::new(lightningcss(places)?);
    lightningcss.arg(places.root.join("style/main.css")).args(["--bundle", "--targets", BROWSERS]);
    // Its errors come as panics: the first line says all.
    lightningcss.env("RUST_BACKTRACE", "0");
    if profile == Profile::Release {
        lightningcss.arg("--minify");
    }
    Ok(shell::run_quietly(&mut lightningcss)?.stdout)
}

/// The program itself from the package of this platform, so that no install script has to run.
fn lightningcss(places: &Places) -> Result<std::path::PathBuf> {
    let mut packages = fs::read_dir(places.npm("")?)?.filter_map(|entry| entry.ok());
    packages
        .find_map(|package| {
            let program = package.path().join("lightningcss");
            let name = package.file_name().into_string().ok()?;
            (name.starts_with("lightningcss-cli-") && program.exists()).then_some(program)
        })
        .context("npm has no lightningcss-cli for this platform: run bin/setup")
}

/// Puts the module into `pkg/` and returns the names of its JavaScript and its WASM.
pub fn module(site: &Path, module: &Module) -> Result<(String, String)> {
    Ok((write_hashed(site, "js", &module.js)?, write_hashed(site, "wasm", &module.wasm)?))
}

/// Writes `pkg/dure.HASH.END` and returns the name within `pkg/`.
fn write_hashed(site: &Path, end: &str, content: &[u8]) -> Result<String> {
    let name = format!("dure.{}.{end}", hash16(&[content]));
    let folder = site.join("pkg");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(&name), content)?;
    Ok(name)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    for file in files_under(from)? {
        let target = to.join(file.strip_prefix(from)?);
        if let Some(folder) = target.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &target).with_context(|| format!("copying {}", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::write_hashed;

    #[test]
    fn a_name_in_pkg_changes_with_the_content() -> anyhow::Result<()> {
        let site = std::env::temp_dir().join(format!("dure-assets-{}", std::process::id()));

        let one = write_hashed(&site, "css", b"a{}")?;
        let two = write_hashed(&site, "css", b"b{}")?;

        assert_ne!(one, two);
        assert_eq!(fs::read(site.join("pkg").join(one))?, b"a{}");
        fs::remove_dir_all(site)?;
        Ok(())
    }
}
