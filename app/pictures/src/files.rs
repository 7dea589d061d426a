//! The file store: a folder or a bucket. Content types stay in the database, for a folder keeps none.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream::BoxStream};
use kernel::Refusal;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt, path::Path};
use std::{fmt, sync::Arc, time::Duration};
use tokio::time::timeout;

/// How long a call may take: somebody waits for it, and pages must not queue behind a store that hangs.
const DEADLINE: Duration = Duration::from_secs(10);

/// Cheap to clone.
#[derive(Clone)]
pub struct Files(Arc<dyn ObjectStore>);

/// Only where the files are: a store of its own accord would also show the keys to it.
impl fmt::Debug for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Files({})", self.0)
    }
}

impl Files {
    pub fn new(store: impl ObjectStore) -> Self {
        Self(Arc::new(store))
    }

    /// Whole or not at all.
    pub(crate) async fn put(&self, key: &str, bytes: Bytes) -> Result<(), Refusal> {
        in_time(self.0.put(&Path::from(key), bytes.into())).await.map(|_| ())
    }

    pub(crate) async fn get(&self, key: &str) -> Result<Bytes, Refusal> {
        in_time(async { self.0.get(&Path::from(key)).await?.bytes().await }).await
    }

    /// A file that has gone already is deleted too.
    pub(crate) async fn delete(&self, key: &Path) -> Result<(), Refusal> {
        match in_time(self.0.delete(key)).await {
            Err(Refusal::NotFound) => Ok(()),
            done => done,
        }
    }

    pub(crate) fn list(&self, folder: &str) -> Listed {
        Listed(self.0.list(Some(&Path::from(folder))).try_chunks(1000).map_err(|error| error.1).boxed())
    }
}

/// The files of a folder, many at a time.
pub(crate) struct Listed(BoxStream<'static, Result<Vec<ObjectMeta>, Error>>);

impl Listed {
    pub(crate) async fn next(&mut self) -> Result<Option<Vec<ObjectMeta>>, Refusal> {
        in_time(self.0.try_next()).await
    }
}

async fn in_time<T>(call: impl Future<Output = Result<T, Error>>) -> Result<T, Refusal> {
    match timeout(DEADLINE, call).await {
        Ok(Ok(value)) => Ok(value),
        Ok(Err(Error::NotFound { path, .. })) => {
            tracing::warn!(path, "The file store has no {path}");
            Err(Refusal::NotFound)
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "The file store does not answer");
            Err(Refusal::Unavailable)
        }
        Err(_) => {
            tracing::error!("The file store does not answer in time");
            Err(Refusal::Unavailable)
        }
    }
}
