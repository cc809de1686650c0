//! Concurrency and parallelism: waits overlap on one thread, work does not.
//!
//! Twenty guests reply after a week each. Eighteen plates turn, and two hands
//! push them. 676 requests go to a slow server.
//!
//! cargo run -p ch01-threads -- concurrency

pub mod cli;
pub mod plates;

use std::error::Error;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use crate::animals::api::Api;
use crate::animals::ask;

/// A week of the model, the time until a guest replies.
pub const WEEK: Duration = Duration::from_millis(50);

/// Invites guests one after the other, with `helpers` threads that each wait
/// for a reply before they write the next letter.
pub fn invite_in_turn(guests: usize, helpers: usize) -> Duration {
    let (letters, start) = (Mutex::new(0..guests), Instant::now());
    let next = || letters.lock().expect("counting does not panic").next();
    thread::scope(|scope| {
        for _ in 0..helpers {
            scope.spawn(|| {
                while next().is_some() {
                    thread::sleep(WEEK);
                }
            });
        }
    });
    start.elapsed()
}

/// Writes all letters first, then waits for the replies, on this thread alone.
pub fn invite_at_once(guests: usize) -> Duration {
    let start = Instant::now();
    let replies: Vec<Instant> =
        (0..guests).map(|_| Instant::now() + WEEK).collect();
    for reply in replies {
        thread::sleep(reply.saturating_duration_since(Instant::now()));
    }
    start.elapsed()
}

/// Invites twenty guests in three ways, then spins eighteen plates.
pub fn demo() {
    let weeks = |time: Duration| time.as_secs_f64() / WEEK.as_secs_f64();
    let time = weeks(invite_in_turn(20, 1));
    println!("one by one, 1 thread: {time:.1} weeks");
    let time = weeks(invite_in_turn(20, 5));
    println!("one by one, 5 threads: {time:.1} weeks");
    let time = weeks(invite_at_once(20));
    println!("all at once, 1 thread: {time:.1} weeks");

    let most = plates::spin(18, 2);
    println!("18 plates, 2 hands");
    println!("in progress at once: {}", most.in_progress);
    println!("worked on at once: {}", most.worked_on);
}

/// Sends `requests` requests with `threads` threads; returns requests per
/// second.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn requests_per_second(
    requests: usize,
    threads: usize,
) -> Result<f64, Box<dyn Error>> {
    let api = Api::start(Duration::from_millis(10), threads + 1)?;
    let (url, jobs) = (api.url(), Mutex::new(0..requests));
    let next = || jobs.lock().expect("counting does not panic").next();
    let start = Instant::now();
    let answered: usize = thread::scope(|scope| {
        let work = || {
            let mut answered = 0;
            while next().is_some() {
                answered += usize::from(ask(&url, "cow").is_ok());
            }
            answered
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(|worker| worker.join());
        joined.map(|n| n.expect("asking does not panic")).sum()
    });
    if answered < requests {
        return Err(format!("{answered} of {requests} answered").into());
    }
    Ok(requests as f64 / start.elapsed().as_secs_f64())
}

/// Prints the requests per second of one thread, and of thirty.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn demo_requests() -> Result<(), Box<dyn Error>> {
    println!("676 requests, each answered after 10 ms");
    for threads in [1, 30] {
        let rate = requests_per_second(676, threads)?;
        println!("{threads} threads: {rate:.0} per second");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reply_comes_before_its_week() {
        assert!(invite_at_once(3) >= WEEK);
        assert!(invite_in_turn(4, 2) >= 2 * WEEK);
    }

    #[test]
    fn every_request_is_answered_or_it_is_an_error() {
        assert!(requests_per_second(6, 3).unwrap() > 0.0);
    }
}
