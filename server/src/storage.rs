//! Where pictures are kept: a folder, or a bucket of an S3 service.

use anyhow::{Context, Result};
use object_store::{
    ClientOptions, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, prefix::PrefixStore,
};
use pictures::Files;
use std::{fmt, fs, path::PathBuf, time::Duration};

/// How long a call waits for a connection, and for its answer. The site's own deadline is a little longer.
const CONNECT: Duration = Duration::from_secs(3);
const ANSWER: Duration = Duration::from_secs(8);

#[derive(Clone, Debug)]
pub enum Storage {
    Folder(PathBuf),
    Bucket(Bucket),
}

#[derive(Clone)]
pub struct Bucket {
    pub name: String,
    /// What all names of files begin with; may be empty.
    pub prefix: String,
    /// None: Amazon's of the region.
    pub endpoint: Option<String>,
    pub region: String,
    pub key: String,
    pub secret: String,
}

/// Without the key and its secret.
impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoint = self.endpoint.as_deref().unwrap_or(&self.region);
        write!(f, "s3://{}/{} at {endpoint}", self.name, self.prefix)
    }
}

impl Storage {
    /// Asks no other machine yet: a bucket that is away must not keep the site from starting.
    pub fn open(&self) -> Result<Files> {
        match self {
            Self::Folder(folder) => {
                let allowed =
                    || format!("DURE_FILES is {folder:?}; allowed: a folder that can be made or used");
                fs::create_dir_all(folder).with_context(allowed)?;
                Ok(Files::new(LocalFileSystem::new_with_prefix(folder).with_context(allowed)?))
            }
            Self::Bucket(bucket) => bucket.open().context("the S3 of DURE_FILES cannot be used"),
        }
    }
}

impl Bucket {
    fn open(&self) -> Result<Files> {
        choose_ring();
        // Tried again while somebody waits, so only for a moment.
        let retry = RetryConfig { max_retries: 2, retry_timeout: ANSWER, ..RetryConfig::default() };
        let client = ClientOptions::new().with_connect_timeout(CONNECT).with_timeout(ANSWER);
        let mut builder = AmazonS3Builder::new()
            .with_client_options(client)
            .with_retry(retry)
            .with_bucket_name(&self.name)
            .with_region(&self.region)
            .with_access_key_id(&self.key)
            .with_secret_access_key(&self.secret);
        if let Some(endpoint) = &self.endpoint {
            builder = builder.with_endpoint(endpoint).with_allow_http(endpoint.starts_with("http://"));
        }
        let bucket = builder.build()?;
        Ok(match self.prefix.as_str() {
            "" => Files::new(bucket),
            prefix => Files::new(PrefixStore::new(bucket, prefix)),
        })
    }
}

/// Chooses what object_store's clients encrypt with; to choose again does no harm. Our own calls bring theirs.
pub fn choose_ring() {
    let _ = rustls::crypto::ring::default_provider().install_default();
}
