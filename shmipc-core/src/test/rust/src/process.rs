//! The lines that this process prints, and how long it waits for anything.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use serde::Serialize;

/// How long anything may take; far more than a slow machine needs.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How long the orderly end of a session may hold up a result. The crate then waits up to 5 s for counters of its region
/// that only come to zero where both ends took the same slices; nobody else waits for that.
pub const HANG_UP: Duration = Duration::from_millis(20);

/// Keeps a broken run from flooding its parent.
const FAIL_LINE_LIMIT: usize = 100;

pub struct Process {
    failures: AtomicUsize,
}

impl Process {
    pub fn new() -> Arc<Self> {
        Arc::new(Self { failures: AtomicUsize::new(0) })
    }

    pub fn line(&self, text: &str) {
        let mut out = std::io::stdout().lock();
        // The parent may be gone.
        _ = writeln!(out, "{}", text.replace('\n', " "));
        _ = out.flush();
    }

    pub fn json<T: Serialize>(&self, word: &str, value: &T) {
        self.line(&format!("{word} {}", serde_json::to_string(value).expect("plain data")));
    }

    pub fn fail(&self, text: &str) {
        if self.failures.fetch_add(1, Ordering::Relaxed) < FAIL_LINE_LIMIT {
            self.line(&format!("FAIL {text}"));
        }
    }
}
