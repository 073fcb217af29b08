//! The other end of the interoperability tests: the crate `shmipc` as a server and a client, driven as a child process.
//! README.md describes every command and every line it prints.

mod caller;
mod client;
mod control;
mod frame;
mod process;
mod sender;
mod server;

use std::{io::BufRead, sync::Arc};

use anyhow::{Context, Result, bail};
use tokio::runtime::Runtime;

use crate::{client::ClientRun, process::Process, server::Server};

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let process = Process::new();
    process.line("HELLO");
    let mut peer = Peer { runtime, process: Arc::clone(&process), server: None, client: None };
    for line in std::io::stdin().lock().lines() {
        if let Err(error) = peer.obey(&line?) {
            process.fail(&format!("{error:#}"));
        }
    }
    peer.end();
    Ok(())
}

/// What this process does at the moment: at most one server and one client.
struct Peer {
    runtime: Runtime,
    process: Arc<Process>,
    server: Option<Server>,
    client: Option<ClientRun>,
}

impl Peer {
    fn obey(&mut self, line: &str) -> Result<()> {
        let (command, arguments) = line.split_once(' ').unwrap_or((line, ""));
        match command {
            "serve" => {
                self.close_server();
                let options = serde_json::from_str(arguments).context(line.to_owned())?;
                let server = self.runtime.block_on(Server::start(options, Arc::clone(&self.process)))?;
                self.process.line(&format!("READY {}", server.address()));
                self.server = Some(server);
            }
            "stats" => self.process.json("STATS", &self.server.as_ref().context("no server")?.totals()),
            "close" => {
                let totals = self.close_server().context("no server")?;
                self.process.json("DONE", &totals);
            }
            "call" => {
                let options = serde_json::from_str(arguments).context(line.to_owned())?;
                self.client = Some(ClientRun::calls(options, &self.runtime, &self.process));
            }
            "send" => {
                let options = serde_json::from_str(arguments).context(line.to_owned())?;
                self.client = Some(ClientRun::sends(options, &self.runtime, &self.process));
            }
            "stop" => self.client.as_ref().context("no client")?.stop(),
            _ => bail!("unknown command {command}"),
        }
        Ok(())
    }

    fn close_server(&mut self) -> Option<server::Totals> {
        self.server.take().map(|server| self.runtime.block_on(server.close()))
    }

    fn end(mut self) {
        self.close_server();
        if let Some(client) = self.client.take() {
            client.stop();
            client.join();
        }
        self.runtime.shutdown_background();
    }
}
