//! What a command asks for: one JSON object in its line.

use anyhow::{Context, Result, bail};
use serde::Deserialize;
use shmipc::{
    config::{Config, SizePercentPair},
    consts::MemMapType,
};

use crate::process::PATIENCE;

/// How a stream is driven.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// A thread for each stream, which waits in `read_exact_bytes`.
    Sync,
    /// A task for each stream, woken by the runtime, that takes what there is with `read_chunk`.
    Callback,
}

/// Where a server listens.
#[derive(Clone)]
pub enum Address {
    Unix(String),
    Tcp(std::net::SocketAddr),
}

impl Address {
    pub fn parse(text: &str) -> Result<Self> {
        match text.split_once(':') {
            Some(("unix", path)) => Ok(Self::Unix(path.to_owned())),
            Some(("tcp", address)) => Ok(Self::Tcp(address.parse().context(text.to_owned())?)),
            _ => bail!("an address is unix:PATH or tcp:HOST:PORT, not {text}"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServeOptions {
    pub address: String,
    pub mode: Mode,
    pub prefix: String,
    /// Closes a stream after that many replies; 0: never.
    #[serde(default)]
    pub close_after: u64,
}

/// How a client connects.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DialOptions {
    pub address: String,
    /// `memfd` or `file`.
    pub memory: String,
    pub path_prefix: String,
    pub region_bytes: u32,
    #[serde(default = "default_queue_capacity")]
    pub queue_capacity: u32,
    /// Asks for protocol 4 first.
    #[serde(default)]
    pub newest_protocol: bool,
}

fn default_queue_capacity() -> u32 {
    Config::default().queue_cap
}

impl DialOptions {
    pub fn config(&self) -> Result<Config> {
        let mut config = Config {
            initialize_timeout: PATIENCE,
            mem_map_type: match self.memory.as_str() {
                "memfd" => MemMapType::MemMapTypeMemFd,
                "file" => MemMapType::MemMapTypeDevShmFile,
                other => bail!("memory is memfd or file, not {other}"),
            },
            queue_cap: self.queue_capacity,
            share_memory_buffer_cap: self.region_bytes,
            share_memory_path_prefix: self.path_prefix.clone(),
            buffer_slice_sizes: slice_sizes(),
            ..Config::default()
        };
        if self.newest_protocol {
            config = config.with_v4();
        }
        Ok(config)
    }
}

fn slice_sizes() -> Vec<SizePercentPair> {
    Config::default().buffer_slice_sizes
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CallOptions {
    #[serde(flatten)]
    pub dial: DialOptions,
    pub mode: Mode,
    /// What the server's replies begin with.
    pub prefix: String,
    /// How many streams call at the same time.
    pub callers: usize,
    /// How many more are open and call before and after those.
    #[serde(default)]
    pub bystanders: usize,
    /// Calls of each; 0: until `stop`.
    pub calls: u64,
    pub sizes: Vec<usize>,
    /// Gives a stream back to the pool after each call; else each caller keeps its own.
    #[serde(default)]
    pub pooled: bool,
    /// Closes a kept stream after that many calls and takes another; 0: at the end.
    #[serde(default)]
    pub calls_per_stream: u64,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SendOptions {
    #[serde(flatten)]
    pub dial: DialOptions,
    pub prefix: String,
    pub frames: u64,
    pub size: usize,
    /// Reads replies to the end of the stream before it closes; else it closes without reading.
    #[serde(default)]
    pub read: bool,
}
