//! Answers framed requests.

use std::{
    io,
    os::unix::net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use anyhow::Result;
use serde::Serialize;
use shmipc::{
    Listener,
    config::Config,
    stream::Stream,
    transport::{DefaultUnixListen, TransportListen},
};
use tokio::{net::TcpListener, runtime::Handle, sync::oneshot, task::JoinHandle, time::timeout};

use crate::{
    control::{Address, Mode, ServeOptions},
    frame::{Frame, FrameStream, Trouble, matches_pattern},
    process::{HANG_UP, PATIENCE, Process},
};

/// What a server saw; all peers give these the same names.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    streams: u64,
    ended: u64,
    aborted: u64,
    received: u64,
    replied: u64,
    errors: u64,
    first_error: String,
}

#[derive(Default)]
struct Counts {
    streams: AtomicU64,
    ended: AtomicU64,
    aborted: AtomicU64,
    received: AtomicU64,
    replied: AtomicU64,
    errors: AtomicU64,
    first_error: Mutex<String>,
}

pub struct Server {
    address: String,
    counts: Arc<Counts>,
    stop: oneshot::Sender<()>,
    running: JoinHandle<()>,
}

impl Server {
    /// Listens, and serves until it is closed.
    pub async fn start(options: ServeOptions, process: Arc<Process>) -> Result<Self> {
        let config = Config { initialize_timeout: PATIENCE, ..Config::default() };
        let address = Address::parse(&options.address)?;
        let (listener, bound) = match &address {
            Address::Unix(path) => {
                let listener = Listener::new(DefaultUnixListen, SocketAddr::from_pathname(path)?, config).await?;
                (listener, options.address.clone())
            }
            Address::Tcp(at) => {
                let socket = TcpListener::bind(at).await?;
                let bound = format!("tcp:{}", socket.local_addr()?);
                (Listener::new(BoundTcp(Mutex::new(Some(socket))), (), config).await?, bound)
            }
        };
        let counts = Arc::new(Counts::default());
        let (stop, stopped) = oneshot::channel();
        let service = Service { options, process, counts: Arc::clone(&counts) };
        let running = tokio::spawn(async move {
            Arc::new(service).run(listener, stopped).await;
            if let Address::Unix(path) = address {
                // The crate leaves its socket file where it is.
                _ = std::fs::remove_file(path);
            }
        });
        Ok(Self { address: bound, counts, stop, running })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    pub fn totals(&self) -> Totals {
        self.counts.totals()
    }

    /// Closes the listener and its sessions.
    pub async fn close(self) -> Totals {
        _ = self.stop.send(());
        _ = self.running.await;
        self.counts.totals()
    }
}

/// A socket that is bound already: the crate's own way to listen does not tell which port it got.
struct BoundTcp(Mutex<Option<TcpListener>>);

impl TransportListen for BoundTcp {
    type Listener = TcpListener;
    type Address = ();

    async fn listen(&self, _: ()) -> io::Result<TcpListener> {
        let socket = self.0.lock().expect("no thread panicked").take();
        socket.ok_or_else(|| io::Error::other("listens already"))
    }
}

impl Counts {
    fn totals(&self) -> Totals {
        let count = |counter: &AtomicU64| counter.load(Ordering::SeqCst);
        Totals {
            streams: count(&self.streams),
            ended: count(&self.ended),
            aborted: count(&self.aborted),
            received: count(&self.received),
            replied: count(&self.replied),
            errors: count(&self.errors),
            first_error: self.first_error.lock().expect("no thread panicked").clone(),
        }
    }
}

fn add_one(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::SeqCst);
}

/// What all streams of a server share.
struct Service {
    options: ServeOptions,
    process: Arc<Process>,
    counts: Arc<Counts>,
}

impl Service {
    async fn run(self: Arc<Self>, mut listener: Listener, mut stopped: oneshot::Receiver<()>) {
        loop {
            tokio::select! {
                accepted = listener.accept() => match accepted {
                    Ok(stream) => Arc::clone(&self).serve(stream),
                    Err(error) => {
                        self.process.fail(&format!("accept: {error}"));
                        break;
                    }
                },
                _ = &mut stopped => break,
            }
        }
        _ = timeout(HANG_UP, tokio::spawn(listener.close())).await;
    }

    fn serve(self: Arc<Self>, stream: Stream) {
        add_one(&self.counts.streams);
        let conversation = FrameStream::new(stream, self.options.mode);
        match self.options.mode {
            Mode::Sync => {
                let runtime = Handle::current();
                std::thread::spawn(move || runtime.block_on(self.converse(conversation)));
            }
            Mode::Callback => {
                tokio::spawn(async move { self.converse(conversation).await });
            }
        }
    }

    async fn converse(&self, mut stream: FrameStream) {
        match self.answer_all(&mut stream).await {
            Ok(()) | Err(Trouble::End) => add_one(&self.counts.ended),
            Err(Trouble::Gone(_)) => add_one(&self.counts.aborted),
            Err(trouble) => self.failed(&trouble),
        }
        stream.close().await;
    }

    async fn answer_all(&self, stream: &mut FrameStream) -> Result<(), Trouble> {
        let mut last = None;
        let mut replies = 0;
        while self.options.close_after == 0 || replies < self.options.close_after {
            let request = stream.read(None).await?;
            self.check(&request, last)?;
            last = Some(request.sequence);
            add_one(&self.counts.received);
            match stream.send(request.sequence, &[self.options.prefix.as_bytes(), &request.payload]).await {
                Ok(()) => {
                    add_one(&self.counts.replied);
                    replies += 1;
                }
                // The client did not wait for its reply; what it sent counts all the same.
                Err(Trouble::Gone(_)) => {}
                Err(trouble) => return Err(trouble),
            }
            let payload_bytes = request.payload.len();
            drop(request);
            stream.release(payload_bytes);
        }
        Ok(())
    }

    fn check(&self, request: &Frame, last: Option<u64>) -> Result<(), Trouble> {
        if !matches_pattern(&request.payload, request.sequence) {
            return Err(Trouble::Corrupt(format!("frame {} does not hold its bytes", request.sequence)));
        }
        if last.is_some_and(|last| request.sequence <= last) {
            return Err(Trouble::Corrupt(format!("frame {} came after frame {last:?}", request.sequence)));
        }
        Ok(())
    }

    fn failed(&self, trouble: &Trouble) {
        add_one(&self.counts.errors);
        let mut first = self.counts.first_error.lock().expect("no thread panicked");
        if first.is_empty() {
            *first = trouble.to_string();
        }
        self.process.fail(&trouble.to_string());
    }
}
