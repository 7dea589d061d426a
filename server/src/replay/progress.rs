//! A progress bar with the rate.

use chrono::{DateTime, Utc};
use std::{
    io::{IsTerminal, Write, stderr},
    time::{Duration, Instant},
};

const WIDTH: usize = 30;

pub struct Progress {
    all: usize,
    done: usize,
    started: Instant,
    shown: Instant,
    /// A terminal gets one line that moves, a log a line now and then.
    every: Duration,
    terminal: bool,
}

impl Progress {
    pub fn new(all: usize) -> Self {
        let terminal = stderr().is_terminal();
        let every = if terminal { Duration::from_millis(200) } else { Duration::from_secs(5) };
        let now = Instant::now();
        Self { all, done: 0, started: now, shown: now, every, terminal }
    }

    pub fn step(&mut self, events: usize, at: DateTime<Utc>) {
        self.done += events;
        if self.shown.elapsed() >= self.every {
            self.shown = Instant::now();
            self.show(&at.format("%Y-%m-%d").to_string());
        }
    }

    pub fn end(&self) {
        self.show("done");
        if self.terminal {
            eprintln!();
        }
    }

    fn show(&self, what: &str) {
        let seconds = self.started.elapsed().as_secs_f64().max(0.001);
        let filled = WIDTH * self.done / self.all.max(1);
        let bar: String = (0..WIDTH).map(|n| if n < filled { '█' } else { '░' }).collect();
        let rate = self.done as f64 / seconds;
        let line = format!("{bar} {}/{} events, {rate:.0} a second, {what}", self.done, self.all);
        if self.terminal {
            eprint!("\r{line}\x1b[K");
            // A bar that cannot be drawn is no reason to stop.
            let _ = stderr().flush();
        } else {
            eprintln!("{line}");
        }
    }
}
