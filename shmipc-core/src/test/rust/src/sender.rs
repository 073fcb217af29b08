//! Sends frames on a single stream and then leaves it in one of two ways.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use serde::Serialize;

use crate::{
    client::Sessions,
    control::{Mode, SendOptions},
    frame::{FrameStream, Trouble, fill_pattern, verify_reply},
    process::{PATIENCE, Process},
};

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Outcome {
    frames: u64,
    replies: u64,
    ended: String,
}

pub async fn run(sessions: &Sessions, options: SendOptions, stopping: Arc<AtomicBool>, process: &Process) -> Outcome {
    let mut outcome = Outcome::default();
    if let Err(trouble) = send(sessions, &options, &mut outcome).await {
        outcome.ended = "failed".to_owned();
        process.fail(&trouble.to_string());
    } else {
        process.line(&format!("OK ended={} replies={}", outcome.ended, outcome.replies));
    }
    // A hang-up may discard what the peer has not taken yet: the parent says when.
    while !stopping.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    outcome
}

async fn send(sessions: &Sessions, options: &SendOptions, outcome: &mut Outcome) -> Result<(), Trouble> {
    let mut stream = FrameStream::new(sessions.stream()?, Mode::Sync);
    let mut payload = vec![0; options.size];
    for sequence in 1..=options.frames {
        fill_pattern(&mut payload, sequence);
        stream.send(sequence, &[&payload]).await?;
        outcome.frames += 1;
    }
    if options.read {
        outcome.ended = read_to_end(&mut stream, options, outcome).await?;
    } else {
        outcome.ended = "closed".to_owned();
    }
    stream.close().await;
    Ok(())
}

async fn read_to_end(
    stream: &mut FrameStream,
    options: &SendOptions,
    outcome: &mut Outcome,
) -> Result<String, Trouble> {
    for sequence in 1.. {
        match stream.read(Some(PATIENCE)).await {
            Ok(reply) => verify_reply(&reply, sequence, options.size, &options.prefix)?,
            Err(Trouble::End) => break,
            Err(trouble) => return Err(trouble),
        }
        outcome.replies += 1;
        stream.release(options.size);
    }
    Ok("end-of-stream".to_owned())
}
