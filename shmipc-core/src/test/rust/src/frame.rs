//! The frames that peers exchange inside a stream; `../go/README.md` defines them.
//!
//! ```text
//! byte  0          4          8                     16               16 + length
//!       +----------+----------+---------------------+-----------------+
//!       | length   | crc32    | sequence            | payload …       |      big-endian
//!       +----------+----------+---------------------+-----------------+
//!         u32        u32        u64
//! ```

use std::{
    ops::Deref,
    time::{Duration, Instant},
};

use bytes::Bytes;
use shmipc::{
    Error,
    buffer::{Buf, BufferReader as _},
    stream::Stream,
};
use tokio::time::timeout;

use crate::{control::Mode, process::PATIENCE};

const HEADER_BYTES: usize = 16;
const MAX_PAYLOAD: usize = 256 << 20;
/// After how many bytes the payload's pattern repeats.
const PERIOD: usize = 251;
/// Payloads up to this size are written in place, larger ones are copied in: both ways of writing are used.
const RESERVED_BYTES: usize = 4096;
/// Frames up to this size lie in one slice.
const REUSED_BYTES: usize = 8000;

/// Why no frame came, or none could be sent.
#[derive(Debug)]
pub enum Trouble {
    /// The stream ended between two frames.
    End,
    /// These are not the bytes that were sent.
    Corrupt(String),
    /// The stream or its session is gone.
    Gone(String),
    /// Nothing within the limit.
    TimedOut(String),
    Other(String),
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        match error {
            Error::EndOfStream | Error::StreamClosed | Error::SessionShutdown | Error::Io(_) | Error::Others(_) => {
                Self::Gone(error.to_string())
            }
            other => Self::Other(other.to_string()),
        }
    }
}

impl std::fmt::Display for Trouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::End => write!(f, "end of the stream"),
            Self::Corrupt(what) => write!(f, "corrupt: {what}"),
            Self::Gone(what) => write!(f, "gone: {what}"),
            Self::TimedOut(what) => write!(f, "timed out: {what}"),
            Self::Other(what) => write!(f, "{what}"),
        }
    }
}

pub struct Frame {
    pub sequence: u64,
    pub payload: Payload,
}

/// In shared memory where the frame lies in one slice there, else a copy.
pub enum Payload {
    Shared(Bytes),
    Copied(Vec<u8>),
}

impl Deref for Payload {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        match self {
            Self::Shared(bytes) => bytes,
            Self::Copied(bytes) => bytes,
        }
    }
}

/// Writes the payload that belongs to a sequence.
pub fn fill_pattern(payload: &mut [u8], sequence: u64) {
    let start = (sequence % PERIOD as u64) as usize;
    let first = payload.len().min(PERIOD);
    for (i, byte) in payload[..first].iter_mut().enumerate() {
        *byte = ((i * 31 + start) % PERIOD) as u8;
    }
    let mut done = first;
    while done < payload.len() {
        let more = done.min(payload.len() - done);
        payload.copy_within(..more, done);
        done += more;
    }
}

pub fn matches_pattern(payload: &[u8], sequence: u64) -> bool {
    let mut first = [0; PERIOD];
    fill_pattern(&mut first, sequence);
    let begin = payload.len().min(PERIOD);
    payload[..begin] == first[..begin] && payload[begin..] == payload[..payload.len() - begin]
}

/// A stream that carries frames. One thread or task at a time uses it.
pub struct FrameStream {
    stream: Stream,
    mode: Mode,
    /// What was taken off the stream and belongs to the next frames.
    taken: Vec<u8>,
}

impl FrameStream {
    pub fn new(stream: Stream, mode: Mode) -> Self {
        Self { stream, mode, taken: Vec::new() }
    }

    pub fn is_open(&self) -> bool {
        self.stream.is_open()
    }

    /// Reads one frame, waiting for what is missing, as long as it takes unless there is a limit.
    pub async fn read(&mut self, limit: Option<Duration>) -> Result<Frame, Trouble> {
        let frame = async {
            match self.mode {
                Mode::Sync => self.read_exactly().await,
                Mode::Callback => self.read_chunks().await,
            }
        };
        match limit {
            None => frame.await,
            Some(limit) => timeout(limit, frame)
                .await
                .unwrap_or_else(|_| Err(Trouble::TimedOut(format!("no frame within {limit:?}")))),
        }
    }

    async fn read_exactly(&mut self) -> Result<Frame, Trouble> {
        let header = self.stream.read_exact_bytes(HEADER_BYTES).await.map(Buf::into_bytes);
        let header = match header {
            Ok(header) => Header::of(&header)?,
            Err(Error::EndOfStream) if self.stream.recv_buf().is_empty() => return Err(Trouble::End),
            Err(error) => return Err(error.into()),
        };
        let payload = self.stream.read_exact_bytes(header.length).await?.into_bytes();
        header.checked(Payload::Shared(payload))
    }

    async fn read_chunks(&mut self) -> Result<Frame, Trouble> {
        self.take(HEADER_BYTES).await?;
        let header = Header::of(&self.taken)?;
        let frame_bytes = HEADER_BYTES + header.length;
        self.take(frame_bytes).await?;
        let rest = self.taken.split_off(frame_bytes);
        let mut payload = std::mem::replace(&mut self.taken, rest);
        payload.drain(..HEADER_BYTES);
        header.checked(Payload::Copied(payload))
    }

    async fn take(&mut self, bytes: usize) -> Result<(), Trouble> {
        while self.taken.len() < bytes {
            match self.stream.read_chunk().await {
                Ok(chunk) => self.taken.extend_from_slice(&chunk),
                Err(Error::EndOfStream) if self.taken.is_empty() => return Err(Trouble::End),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Gives back the memory of the frame that was read. In task mode the slice of a small one carries the next frame; the
    /// crate loses slices for good when it reuses the last of several.
    pub fn release(&mut self, payload_bytes: usize) {
        match self.mode {
            Mode::Callback if payload_bytes <= REUSED_BYTES => self.stream.release_read_and_reuse(),
            _ => self.stream.recv_buf().release_previous_read(),
        }
    }

    /// Sends one frame whose payload is all the parts, one after the other.
    pub async fn send(&mut self, sequence: u64, parts: &[&[u8]]) -> Result<(), Trouble> {
        let mut checksum = crc32fast::Hasher::new();
        parts.iter().for_each(|part| checksum.update(part));
        let length = parts.iter().map(|part| part.len()).sum::<usize>() as u32;
        self.stream.write_bytes(&length.to_be_bytes())?;
        self.stream.write_bytes(&checksum.finalize().to_be_bytes())?;
        self.stream.write_bytes(&sequence.to_be_bytes())?;
        for part in parts.iter().filter(|part| !part.is_empty()) {
            if part.len() <= RESERVED_BYTES {
                self.stream.reserve(part.len())?.copy_from_slice(part);
            } else {
                self.stream.write_bytes(part)?;
            }
        }
        self.flush().await
    }

    /// Flushes; the crate gives up on a full queue after 100 ms and keeps the frame for another try.
    async fn flush(&mut self) -> Result<(), Trouble> {
        let begin = Instant::now();
        loop {
            match self.stream.flush(false).await {
                Err(Error::QueueFull) if begin.elapsed() < PATIENCE => {}
                Ok(()) => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }

    pub async fn close(mut self) {
        // A stream whose session is gone has nobody to tell.
        _ = self.stream.close().await;
    }

    /// Gives the stream back to the pool that it came from.
    pub async fn put_back(self) {
        self.stream.reuse().await;
    }
}

struct Header {
    length: usize,
    checksum: u32,
    sequence: u64,
}

impl Header {
    fn of(bytes: &[u8]) -> Result<Self, Trouble> {
        let word = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
        let header = Self {
            length: word(0) as usize,
            checksum: word(4),
            sequence: u64::from(word(8)) << 32 | u64::from(word(12)),
        };
        if header.length > MAX_PAYLOAD {
            return Err(Trouble::Corrupt(format!("frame {} claims {} bytes", header.sequence, header.length)));
        }
        Ok(header)
    }

    fn checked(self, payload: Payload) -> Result<Frame, Trouble> {
        let actual = crc32fast::hash(&payload);
        if actual != self.checksum {
            return Err(Trouble::Corrupt(format!(
                "frame {} of {} bytes: checksum {actual:08x}, its header says {:08x}",
                self.sequence, self.length, self.checksum
            )));
        }
        Ok(Frame { sequence: self.sequence, payload })
    }
}

/// Checks a reply against the request that it answers.
pub fn verify_reply(reply: &Frame, sequence: u64, size: usize, prefix: &str) -> Result<(), Trouble> {
    let wrong = |what: String| Err(Trouble::Corrupt(format!("reply {} to request {sequence}: {what}", reply.sequence)));
    if reply.sequence != sequence {
        return wrong("not the one".to_owned());
    }
    if reply.payload.len() != prefix.len() + size {
        return wrong(format!("{} bytes instead of {}", reply.payload.len(), prefix.len() + size));
    }
    let (begin, rest) = reply.payload.split_at(prefix.len());
    if begin != prefix.as_bytes() {
        return wrong(format!("begins with {:?}", String::from_utf8_lossy(begin)));
    }
    if !matches_pattern(rest, sequence) {
        return wrong("not the request's bytes".to_owned());
    }
    Ok(())
}
