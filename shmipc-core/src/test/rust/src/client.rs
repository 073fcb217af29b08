//! Connects, and runs callers or one sender until they are done.

use std::{
    os::unix::net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use anyhow::Result;
use shmipc::{
    session::{SessionManager, SessionManagerConfig},
    stats::StatsSnapshot,
    stream::Stream,
    transport::{DefaultTcpConnect, DefaultUnixConnect},
};
use tokio::{runtime::Runtime, time::timeout};

use crate::{
    caller,
    control::{Address, CallOptions, DialOptions, SendOptions},
    process::{HANG_UP, Process},
    sender,
};

/// A client at work; it prints DONE when it is done.
pub struct ClientRun {
    stopping: Arc<AtomicBool>,
    running: JoinHandle<()>,
}

impl ClientRun {
    pub fn calls(options: CallOptions, runtime: &Runtime, process: &Arc<Process>) -> Self {
        Self::start(runtime, process, |process, stopping| async move {
            let sessions = Arc::new(Sessions::open(&options.dial).await?);
            process.line(&format!("READY {}", options.dial.address));
            let outcome = caller::run(Arc::clone(&sessions), options, stopping, &process).await;
            sessions.close().await;
            process.json("DONE", &outcome);
            Ok(())
        })
    }

    pub fn sends(options: SendOptions, runtime: &Runtime, process: &Arc<Process>) -> Self {
        Self::start(runtime, process, |process, stopping| async move {
            let sessions = Arc::new(Sessions::open(&options.dial).await?);
            process.line(&format!("READY {}", options.dial.address));
            let outcome = sender::run(&sessions, options, stopping, &process).await;
            sessions.close().await;
            process.json("DONE", &outcome);
            Ok(())
        })
    }

    fn start<W, F>(runtime: &Runtime, process: &Arc<Process>, work: W) -> Self
    where
        W: FnOnce(Arc<Process>, Arc<AtomicBool>) -> F,
        F: Future<Output = Result<()>> + Send + 'static,
    {
        let stopping = Arc::new(AtomicBool::new(false));
        let future = work(Arc::clone(process), Arc::clone(&stopping));
        let (runtime, process) = (runtime.handle().clone(), Arc::clone(process));
        let running = std::thread::spawn(move || {
            if let Err(error) = runtime.block_on(future) {
                process.fail(&format!("{error:#}"));
            }
        });
        Self { stopping, running }
    }

    pub fn stop(&self) {
        self.stopping.store(true, Ordering::SeqCst);
    }

    pub fn join(self) {
        _ = self.running.join();
    }
}

/// The crate's manager over either network.
pub enum Sessions {
    Unix(SessionManager<DefaultUnixConnect>),
    Tcp(SessionManager<DefaultTcpConnect>),
}

impl Sessions {
    async fn open(options: &DialOptions) -> Result<Self> {
        let config = SessionManagerConfig::new().with_config(options.config()?);
        Ok(match Address::parse(&options.address)? {
            Address::Unix(path) => {
                Self::Unix(SessionManager::new(config, DefaultUnixConnect, SocketAddr::from_pathname(path)?).await?)
            }
            Address::Tcp(at) => Self::Tcp(SessionManager::new(config, DefaultTcpConnect, at).await?),
        })
    }

    pub fn stream(&self) -> Result<Stream, shmipc::Error> {
        match self {
            Self::Unix(manager) => manager.get_stream(),
            Self::Tcp(manager) => manager.get_stream(),
        }
    }

    pub fn stats(&self) -> StatsSnapshot {
        match self {
            Self::Unix(manager) => manager.stats_snapshot(),
            Self::Tcp(manager) => manager.stats_snapshot(),
        }
    }

    /// Hangs up.
    async fn close(self: Arc<Self>) {
        let closing = tokio::spawn(async move {
            match &*self {
                Self::Unix(manager) => manager.close().await,
                Self::Tcp(manager) => manager.close().await,
            }
        });
        _ = timeout(HANG_UP, closing).await;
    }
}
