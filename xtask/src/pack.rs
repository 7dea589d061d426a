//! `.br` and `.gz` beside every file that gains by it, made once per content.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use anyhow::{Context, Result};

use crate::places::{Places, files_under, hash16};

const COMPRESSIBLE: &[&str] = &["js", "wasm", "css", "svg", "html", "txt", "json", "xml", "webmanifest"];
const THREADS: usize = 2;

/// Packs the files of a site. `manifest.json` is for the server alone and stays as it is.
pub fn pack(places: &Places, site: &Path) -> Result<()> {
    let mut work: Vec<PathBuf> = files_under(site)?;
    work.retain(|file| is_compressible(file) && *file != site.join("manifest.json"));
    // The largest last, so that `pop` begins with it and the threads end together.
    work.sort_by_key(|file| fs::metadata(file).map_or(0, |found| found.len()));
    let work = Mutex::new(work);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..THREADS).map(|_| scope.spawn(|| pack_all(places, &work))).collect();
        for thread in threads {
            thread.join().map_err(|_| anyhow::anyhow!("a packing thread panicked"))??;
        }
        Ok(())
    })
}

fn is_compressible(file: &Path) -> bool {
    file.extension().and_then(|end| end.to_str()).is_some_and(|end| COMPRESSIBLE.contains(&end))
}

fn pack_all(places: &Places, work: &Mutex<Vec<PathBuf>>) -> Result<()> {
    loop {
        let next = work.lock().map_err(|_| anyhow::anyhow!("the other packing thread panicked"))?.pop();
        let Some(file) = next else { return Ok(()) };
        let content = fs::read(&file)?;
        let key = hash16(&[&content]);
        for (end, packer) in [("br", brotli as fn(&[u8]) -> Result<Vec<u8>>), ("gz", gzip)] {
            let kept = places.cache.join(format!("packed-{key}.{end}"));
            if !kept.exists() {
                let unfinished = places.cache.join(format!("packed-{key}.{end}.unfinished"));
                fs::write(&unfinished, packer(&content)?)?;
                fs::rename(unfinished, &kept)?;
            }
            let mut name = file.clone().into_os_string();
            name.push(format!(".{end}"));
            fs::copy(&kept, &name).with_context(|| format!("writing {}", name.display()))?;
        }
    }
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let settings = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &*content, &mut packed, &settings)?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(content)?;
    Ok(packer.finish()?)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{brotli, gzip, is_compressible};

    #[test]
    fn text_is_packed_and_pictures_are_not() {
        assert!(is_compressible(Path::new("pkg/dure.0011.wasm")));
        assert!(!is_compressible(Path::new("fonts/core.woff2")));
        assert!(!is_compressible(Path::new("LICENSE")));
    }

    #[test]
    fn both_packings_make_a_repetitive_text_small() -> anyhow::Result<()> {
        let text = "두레 ".repeat(1000);
        assert!(brotli(text.as_bytes())?.len() < 100);
        assert!(gzip(text.as_bytes())?.len() < 100);
        Ok(())
    }
}
