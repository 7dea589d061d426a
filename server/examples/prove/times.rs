//! How long answers took.

use std::time::Duration;

#[derive(Default)]
pub struct Times {
    good: Vec<Duration>,
    pub failed: usize,
}

impl Times {
    /// An answer, and whether it was the right one.
    pub fn note(&mut self, took: Duration, right: bool) {
        if right {
            self.good.push(took);
        } else {
            self.failed += 1;
        }
    }

    /// A line with the count, the median, the 99th percentile and the slowest.
    pub fn line(&mut self, what: &str) -> String {
        self.good.sort_unstable();
        let at = |part: f64| {
            let place = (self.good.len() as f64 * part).ceil() as usize;
            self.good.get(place.saturating_sub(1)).copied().unwrap_or_default().as_secs_f64() * 1e3
        };
        format!(
            "  {what:<26} {:>6} answers, {} failed; p50 {:.0} ms, p99 {:.0} ms, slowest {:.0} ms",
            self.good.len(),
            self.failed,
            at(0.5),
            at(0.99),
            at(1.0)
        )
    }
}
