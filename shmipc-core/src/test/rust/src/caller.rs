//! Callers, a stream each, with one call outstanding.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use serde::Serialize;
use tokio::{runtime::Handle, sync::Barrier};

use crate::{
    client::Sessions,
    control::{CallOptions, Mode},
    frame::{FrameStream, Trouble, fill_pattern, verify_reply},
    process::{PATIENCE, Process},
};

/// The pace of asking again for a stream.
const RETRY_PAUSE: Duration = Duration::from_millis(10);
const BYSTANDER_BYTES: usize = 100;

/// What the callers of a client saw; all peers give these the same names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    roundtrips: u64,
    errors: u64,
    lost: u64,
    corrupt: u64,
    refused: u64,
    fallback_writes: u64,
    fallback_reads: u64,
    queue_full: u64,
    first_error: String,
}

/// What all callers share.
struct Calls {
    sessions: Arc<Sessions>,
    options: CallOptions,
    stopping: Arc<AtomicBool>,
    /// Numbers requests over all streams; it is taken after the stream, so that it grows within each.
    sequence: AtomicU64,
    round_trips: AtomicU64,
    lost: AtomicU64,
    corrupt: AtomicU64,
    refused: AtomicU64,
    first_error: Mutex<String>,
    /// Where callers and bystanders meet: before the calls, and after them.
    meeting: Barrier,
}

pub async fn run(
    sessions: Arc<Sessions>,
    options: CallOptions,
    stopping: Arc<AtomicBool>,
    process: &Process,
) -> Outcome {
    let meeting = Barrier::new(options.callers + options.bystanders);
    let calls = Arc::new(Calls {
        sessions,
        options,
        stopping,
        sequence: AtomicU64::new(0),
        round_trips: AtomicU64::new(0),
        lost: AtomicU64::new(0),
        corrupt: AtomicU64::new(0),
        refused: AtomicU64::new(0),
        first_error: Mutex::new(String::new()),
        meeting,
    });
    let mut callers = Vec::new();
    for index in 0..calls.options.callers + calls.options.bystanders {
        callers.push(Arc::clone(&calls).start(index));
    }
    for caller in callers {
        caller.join().await;
    }
    let outcome = calls.outcome();
    if !outcome.first_error.is_empty() {
        process.fail(&outcome.first_error);
    }
    outcome
}

/// A caller at work.
enum Running {
    Thread(std::thread::JoinHandle<()>),
    Task(tokio::task::JoinHandle<()>),
}

impl Running {
    async fn join(self) {
        match self {
            Self::Thread(thread) => {
                _ = tokio::task::spawn_blocking(move || thread.join()).await;
            }
            Self::Task(task) => {
                _ = task.await;
            }
        }
    }
}

impl Calls {
    fn start(self: Arc<Self>, index: usize) -> Running {
        match self.options.mode {
            Mode::Sync => {
                let runtime = Handle::current();
                Running::Thread(std::thread::spawn(move || runtime.block_on(self.call_all(index))))
            }
            Mode::Callback => Running::Task(tokio::spawn(async move { self.call_all(index).await })),
        }
    }

    async fn call_all(&self, index: usize) {
        let mut caller = Caller { calls: self, stream: None, calls_on_stream: 0, request: Vec::new() };
        if index < self.options.callers {
            if !self.options.pooled {
                caller.take_stream().await;
            }
            // No stream is given out any more once another has fallen back.
            self.meeting.wait().await;
            for &size in &self.options.sizes {
                let mut made = 0;
                while !self.stopping.load(Ordering::SeqCst) && (self.options.calls == 0 || made < self.options.calls) {
                    caller.call(size).await;
                    made += 1;
                }
            }
            self.meeting.wait().await;
        } else {
            caller.call(BYSTANDER_BYTES).await;
            self.meeting.wait().await;
            self.meeting.wait().await;
            caller.call(BYSTANDER_BYTES).await;
        }
        caller.close().await;
    }

    fn failed(&self, counter: &AtomicU64, what: &str, trouble: &dyn std::fmt::Display) {
        counter.fetch_add(1, Ordering::SeqCst);
        let mut first = self.first_error.lock().expect("no thread panicked");
        if first.is_empty() {
            *first = format!("{what}: {trouble}");
        }
    }

    fn outcome(&self) -> Outcome {
        let stats = self.sessions.stats();
        let count = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        let (lost, corrupt, refused) = (count(&self.lost), count(&self.corrupt), count(&self.refused));
        Outcome {
            roundtrips: count(&self.round_trips),
            errors: lost + corrupt + refused,
            lost,
            corrupt,
            refused,
            fallback_writes: stats.fallback_write_count,
            fallback_reads: stats.fallback_read_count,
            queue_full: stats.queue_full_error_count,
            first_error: self.first_error.lock().expect("no thread panicked").clone(),
        }
    }
}

struct Caller<'a> {
    calls: &'a Calls,
    stream: Option<FrameStream>,
    calls_on_stream: u64,
    request: Vec<u8>,
}

impl Caller<'_> {
    /// Sees to it that there is an open stream, or books that there is none.
    async fn take_stream(&mut self) {
        if self.stream.as_ref().is_some_and(FrameStream::is_open) {
            return;
        }
        let calls = self.calls;
        match calls.sessions.stream() {
            Ok(stream) => self.stream = Some(FrameStream::new(stream, calls.options.mode)),
            Err(error) => {
                self.stream = None;
                calls.failed(&calls.refused, "refused", &error);
                tokio::time::sleep(RETRY_PAUSE).await;
            }
        }
    }

    /// Makes one call and books its outcome.
    async fn call(&mut self, size: usize) {
        let calls = self.calls;
        self.take_stream().await;
        let Some(mut stream) = self.stream.take() else {
            return;
        };
        match self.round_trip(&mut stream, size).await {
            Ok(()) => {
                calls.round_trips.fetch_add(1, Ordering::SeqCst);
                self.keep(stream).await;
            }
            Err(trouble) => {
                let counter = if matches!(trouble, Trouble::Corrupt(_)) { &calls.corrupt } else { &calls.lost };
                calls.failed(counter, "failed", &trouble);
                stream.close().await;
            }
        }
    }

    async fn round_trip(&mut self, stream: &mut FrameStream, size: usize) -> Result<(), Trouble> {
        let sequence = self.calls.sequence.fetch_add(1, Ordering::SeqCst) + 1;
        self.request.resize(size, 0);
        fill_pattern(&mut self.request, sequence);
        stream.send(sequence, &[&self.request]).await?;
        let reply = stream.read(Some(PATIENCE)).await?;
        verify_reply(&reply, sequence, size, &self.calls.options.prefix)?;
        let payload_bytes = reply.payload.len();
        drop(reply);
        stream.release(payload_bytes);
        Ok(())
    }

    async fn keep(&mut self, stream: FrameStream) {
        let options = &self.calls.options;
        self.calls_on_stream += 1;
        if options.pooled {
            stream.put_back().await;
        } else if options.calls_per_stream > 0 && self.calls_on_stream >= options.calls_per_stream {
            self.calls_on_stream = 0;
            stream.close().await;
        } else {
            self.stream = Some(stream);
        }
    }

    async fn close(self) {
        if let Some(stream) = self.stream {
            stream.close().await;
        }
    }
}
