//! Twelve flags from the slow server, by two of the three engines.

use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use ch04_async::flags::cli::Mode;
use ch04_async::flags::codes::populous;
use ch04_async::flags::job::{Event, Events, Job};
use ch04_async::flags::save::Folder;
use ch04_async::flags::server::{Manners, Server};
use ch04_async::flags::{concurrent, sequential};
use tokio_util::sync::CancellationToken;

use crate::Done;
use crate::trace::Trace;

const PATIENCE: Duration = Duration::from_secs(60);

pub fn run(mode: Mode, connections: usize) -> Done {
    let server = Server::start(Manners {
        delay: Duration::from_millis(50),
        error_rate: 0.0,
        capacity: 100,
        seed: 42,
    })?;
    let folder = tempfile::tempdir()?;
    let job = Arc::new(Job {
        codes: populous().take(12).collect(),
        base_url: server.base_url(),
        our_server: true,
        connections,
        timeout: PATIENCE,
        connect_timeout: PATIENCE,
        retries: 0,
        max_bytes: 1 << 20,
        country_names: false,
        folder: Folder::new(folder.path().to_path_buf()),
    });
    let engine = match mode {
        Mode::Sequential => sequential::run,
        _ => concurrent::run,
    };
    let (sender, events) = mpsc::channel();
    let shared = Arc::clone(&job);
    let stop = CancellationToken::new();
    let engine = thread::spawn(move || engine(shared, Events(sender), stop));
    let trace = Trace::start("real");
    // What an engine tells its progress bar is all that there is to see.
    for event in events {
        match event {
            Event::Queued(code) => {
                trace.tell(&code.to_string(), "waits", "queued");
            }
            Event::Started(code) => {
                trace.tell(&code.to_string(), "runs", "downloads");
            }
            Event::Finished(code, result) => {
                result.map_err(|err| err.to_string())?;
                trace.tell(&code.to_string(), "ends", "");
            }
            Event::Retrying(code, err, _) => {
                return Err(format!("{code}: {err}").into());
            }
        }
    }
    let end = engine.join().map_err(|_| "the engine panicked")?;
    end.map_err(|err| err.to_string())?;
    job.folder.close();
    Ok(())
}
