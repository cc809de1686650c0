//! Downloads without a report, to be timed.

use std::io;
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use ch04_async::flags::codes;
use ch04_async::flags::job::{EngineResult, Event, Events, Job, Outcome};
use ch04_async::flags::save::Folder;
use ch04_async::flags::server::{Manners, Server};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

/// One of `sequential::run`, `threads::run`, `concurrent::run`.
pub type Engine = fn(Arc<Job>, Events, CancellationToken) -> EngineResult;

/// How long every answer takes.
pub const DELAY: Duration = Duration::from_millis(50);

/// Downloads `n` flags, `connections` at a time; returns how long it took,
/// from making the client to the last file's name.
///
/// The server runs in this process, and shares its cores with the client: with
/// a server elsewhere less of them would be busy.
pub fn download(engine: Engine, n: usize, connections: usize) -> Duration {
    let server = Server::start(Manners {
        delay: DELAY,
        error_rate: 0.0,
        capacity: usize::MAX,
        seed: 0,
    })
    .expect("a server on the loopback interface");
    let dir = place().expect("a folder for the flags");
    let countries = codes::countries().map(|(code, _)| code);
    let job = Arc::new(Job {
        // Some of them several times: there are only 194.
        codes: countries
            .collect::<Vec<_>>()
            .into_iter()
            .cycle()
            .take(n)
            .collect(),
        base_url: server.base_url(),
        connections,
        timeout: Duration::from_secs(60),
        connect_timeout: Duration::from_secs(60),
        retries: 0,
        max_bytes: 1_000_000,
        country_names: false,
        folder: Folder::new(dir.path().to_path_buf()),
    });
    let (sender, events) = mpsc::channel();
    let start = Instant::now();
    engine(Arc::clone(&job), Events(sender), CancellationToken::new())
        .expect("an engine");
    let took = start.elapsed();
    let saved = events.iter().filter(|event| {
        matches!(event, Event::Finished(_, Ok(Outcome::Saved(_))))
    });
    assert_eq!(saved.count(), n);
    job.folder.close();
    took
}

/// Makes a folder in memory where the system has one.
///
/// The flags come several times, and replacing a file by renaming may cost a
/// wait for the disk. This is about the other wait.
fn place() -> io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory)
    } else {
        tempfile::tempdir()
    }
}
