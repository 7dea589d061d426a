//! Where files are kept.

use super::read::{read, read_optional};
use crate::storage::{Bucket, Storage};
use anyhow::{Context, Result, bail};
use std::path::Path;
use url::Url;

/// A folder, or a bucket, whose secret is never shown.
pub fn files(data: &Path) -> Result<Storage> {
    const ALLOWED: &str = "a folder, or s3://bucket or s3://bucket/prefix";
    let Some(place) = read_optional::<String>("DURE_FILES", ALLOWED)? else {
        return Ok(Storage::Folder(data.join("files")));
    };
    let Some(bucket) = place.strip_prefix("s3://") else {
        if place.contains("://") {
            bail!("DURE_FILES is {place:?}; allowed: {ALLOWED}");
        }
        return Ok(Storage::Folder(place.into()));
    };
    let (name, prefix) =
        bucket.trim_end_matches('/').split_once('/').unwrap_or((bucket.trim_end_matches('/'), ""));
    let named = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-._".contains(c);
    let parts_are_right = prefix.is_empty() || prefix.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !(3..=63).contains(&name.len()) || !name.chars().all(named) || !parts_are_right {
        bail!("DURE_FILES is {place:?}; allowed: {ALLOWED}");
    }
    let endpoint = read_optional::<String>("DURE_S3_ENDPOINT", "an http or https address")?;
    if let Some(endpoint) = &endpoint {
        let known = Url::parse(endpoint)
            .is_ok_and(|url| ["http", "https"].contains(&url.scheme()) && url.username().is_empty());
        if !known {
            bail!("DURE_S3_ENDPOINT is {endpoint:?}; allowed: an http or https address without a user in it");
        }
    }
    let needed = |name: &str, allowed: &str| {
        let value = read_optional::<String>(name, allowed)?;
        value.with_context(|| format!("{name} is not set and DURE_FILES is {place:?}; allowed: {allowed}"))
    };
    Ok(Storage::Bucket(Bucket {
        name: name.to_owned(),
        prefix: prefix.to_owned(),
        endpoint,
        region: read("DURE_S3_REGION", "a region such as ap-northeast-2", "us-east-1".to_owned())?,
        key: needed("DURE_S3_KEY", "the id of a key that may read, write, delete and list in the bucket")?,
        secret: needed("DURE_S3_SECRET", "the secret of the key")?,
    }))
}
