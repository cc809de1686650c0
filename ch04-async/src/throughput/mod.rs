//! Errors and throughput against concurrency: a sweep on one small server.
//!
//! cargo run -p ch04-async -- throughput

pub mod cli;

use std::error::Error;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::flags::codes::{self, Code};
use crate::flags::job::{Event, Events, Job, Outcome};
use crate::flags::save::Folder;
use crate::flags::server::{Manners, Server};
use crate::flags::{concurrent, sequential, threads};

/// A server that takes thirty requests at a time, and 50 ms for each.
pub const SMALL: Manners = Manners {
    delay: Duration::from_millis(50),
    error_rate: 0.0,
    capacity: 30,
    seed: 0,
};

/// The results of one job.
#[derive(Clone, Copy, Debug)]
pub struct Yield {
    /// Flags that are on the disk.
    pub saved: usize,
    /// Codes that no country has.
    pub not_found: usize,
    /// Requests that were answered with an error.
    pub refused: usize,
    /// From the making of the client to the last file.
    pub took: Duration,
}

impl Yield {
    /// Returns how many flags were saved in a second.
    pub fn flags_a_second(&self) -> f64 {
        self.saved as f64 / self.took.as_secs_f64()
    }

    /// Returns how many answers came in a second, "not found" among them.
    pub fn answers_a_second(&self) -> f64 {
        let answers = self.saved + self.not_found;
        answers as f64 / self.took.as_secs_f64()
    }
}

/// Which engine waits.
#[derive(Clone, Copy, Debug)]
pub enum Engine {
    /// One flag after the other.
    Sequential,
    /// A thread for each flag that is under way.
    Threads,
    /// A task for each flag, on one thread.
    Tasks,
}

/// Downloads from a new server of this kind, some flags at a time.
///
/// # Errors
///
/// There is no port, no folder or no engine.
pub fn download(
    engine: Engine,
    codes: Vec<Code>,
    at_once: usize,
    manners: Manners,
) -> Result<Yield, Box<dyn Error>> {
    let server = Server::start(manners)?;
    let folder = tempfile::tempdir()?;
    let limit = Duration::from_secs(60);
    let job = Arc::new(Job {
        codes,
        base_url: server.base_url(),
        connections: at_once,
        timeout: limit,
        connect_timeout: limit,
        retries: 0,
        max_bytes: 1 << 20,
        country_names: false,
        folder: Folder::new(folder.path().to_path_buf()),
    });
    let run = match engine {
        Engine::Sequential => sequential::run,
        Engine::Threads => threads::run,
        Engine::Tasks => concurrent::run,
    };
    let (sender, events) = mpsc::channel();
    let start = Instant::now();
    let never = CancellationToken::new();
    run(Arc::clone(&job), Events(sender), never)
        .map_err(|err| err.to_string())?;
    let took = start.elapsed();
    job.folder.close();
    let (mut saved, mut not_found, mut refused) = (0, 0, 0);
    for event in events {
        match event {
            Event::Finished(_, Ok(Outcome::Saved(_))) => saved += 1,
            Event::Finished(_, Ok(Outcome::NotFound)) => not_found += 1,
            Event::Finished(_, Err(_)) => refused += 1,
            _ => {}
        }
    }
    Ok(Yield {
        saved,
        not_found,
        refused,
        took,
    })
}

/// Prints a rate, and a bar of one `#` for each ten.
fn chart(label: &str, rate: f64) {
    let bar = "#".repeat((rate / 10.0).ceil() as usize);
    println!("{label}, {rate:.0} a second {bar}");
}

/// Downloads 194 flags with more and more at once.
///
/// Source: *Fluent Python*, 1st ed., ch. 17: a hundred threads against a server
/// that is shared, and 403 errors.
///
/// # Errors
///
/// See [`download`].
pub fn sweep() -> Result<(), Box<dyn Error>> {
    let capacity = SMALL.capacity;
    println!("194 flags, a server for {capacity} requests at a time");
    for at_once in [5, 10, 20, 40, 80, 160] {
        let codes = codes::countries().map(|(code, _)| code).collect();
        let done = download(Engine::Tasks, codes, at_once, SMALL)?;
        let (saved, refused) = (done.saved, done.refused);
        let label =
            format!("{at_once} at once: {saved} saved, {refused} refused");
        chart(&label, done.flags_a_second());
    }
    Ok(())
}

/// Asks for all codes from AA to ZZ, 676 of them, in four ways.
///
/// Source: *Plate Spinning: Modern Concurrency in Python* (2017): 1.92 items a
/// second in turn, 150 at once.
///
/// # Errors
///
/// See [`download`].
pub fn items() -> Result<(), Box<dyn Error>> {
    let large = Manners {
        delay: Duration::from_millis(10),
        capacity: usize::MAX,
        ..SMALL
    };
    println!("676 codes, 10 ms for each answer");
    for (label, engine, at_once) in [
        ("one at a time", Engine::Sequential, 1),
        ("30 threads", Engine::Threads, 30),
        ("30 tasks", Engine::Tasks, 30),
        ("300 tasks", Engine::Tasks, 300),
    ] {
        let codes = codes::every().collect();
        let done = download(engine, codes, at_once, large)?;
        let (saved, missing) = (done.saved, done.not_found);
        let label = format!("{label}: {saved} saved, {missing} not found");
        chart(&label, done.answers_a_second());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[test]
    fn within_the_capacity_nothing_is_refused_and_beyond_it_something_is() {
        let (few, many) = within_limit(|| {
            let run = |at_once| {
                let codes = codes::countries().take(100);
                let codes = codes.map(|(code, _)| code).collect();
                download(Engine::Tasks, codes, at_once, SMALL).unwrap()
            };
            (run(20), run(100))
        });
        assert_eq!((few.saved, few.refused), (100, 0));
        assert!(many.refused > 0, "{many:?}");
        assert_eq!(many.saved + many.refused, 100);
    }
}
