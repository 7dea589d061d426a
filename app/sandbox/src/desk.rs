//! How many charges the gateway works at: a gateway has its limit, and whoever asks for more waits.

use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Desk(Arc<Mutex<Places>>);

#[derive(Debug)]
struct Places {
    at_once: usize,
    free: Arc<Semaphore>,
}

impl Places {
    fn new(at_once: usize) -> Self {
        Self { at_once, free: Arc::new(Semaphore::new(at_once)) }
    }
}

impl Default for Places {
    fn default() -> Self {
        Self::new(0)
    }
}

impl Desk {
    /// Waits for a place among `at_once`, in the order in which callers came; 0 is without limit. A new limit
    /// holds for those who come from now on.
    pub(crate) async fn enter(&self, at_once: usize) -> Option<OwnedSemaphorePermit> {
        if at_once == 0 {
            return None;
        }
        let free = {
            let mut places = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if places.at_once != at_once {
                *places = Places::new(at_once);
            }
            places.free.clone()
        };
        // Nobody closes it.
        free.acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn more_than_the_limit_wait_until_a_place_is_free() {
        let desk = Desk::default();
        let first = desk.enter(2).await;
        let second = desk.enter(2).await;
        let now = Duration::ZERO;
        assert!(timeout(now, desk.enter(2)).await.is_err(), "a third waits");
        assert!(timeout(now, desk.enter(0)).await.is_ok(), "without a limit nobody waits");
        drop(first);
        assert!(timeout(now, desk.enter(2)).await.is_ok(), "a free place is taken");
        drop(second);
    }
}
