//! `AtomicBool` as a stop flag: its thread sees it late; an event wakes it.
//!
//! Two threads share a flag as an `AtomicBool`: a plain `bool` does not
//! compile, as the spinner's page shows.
//!
//! cargo run -p ch01-threads -- stop-flag

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

const FRAME: Duration = Duration::from_millis(300);
const HOUR: Duration = Duration::from_secs(3600);

/// Sleeps frame after frame while `go` is set; returns how long it took.
pub fn until_flag(go: &AtomicBool, asleep: &Sender<()>) -> Duration {
    let start = Instant::now();
    // Relaxed: the flag is all that the threads share.
    while go.load(Ordering::Relaxed) {
        // The caller waits for the first item only.
        asleep.send(()).ok();
        thread::sleep(FRAME);
    }
    start.elapsed()
}

/// Waits for the end of `done`, an hour at most; returns how long it took.
pub fn until_event(done: &Receiver<Infallible>) -> Duration {
    let start = Instant::now();
    // A time-out and the end both count: the caller measures the time.
    done.recv_timeout(HOUR).ok();
    start.elapsed()
}

/// Stops a thread by each, in the middle of its wait.
pub fn demo() {
    let go = AtomicBool::new(true);
    let (asleep, first_frame) = mpsc::channel();
    thread::scope(|scope| {
        let worker = scope.spawn(|| until_flag(&go, &asleep));
        first_frame
            .recv()
            .expect("the worker sends before it sleeps");
        go.store(false, Ordering::Relaxed);
        let told = Instant::now();
        let took = worker.join().expect("the worker does not panic");
        let slept = took >= FRAME;
        println!(
            "flag: noticed after {:.1} ms, slept its frame to the end: {slept}",
            told.elapsed().as_secs_f64() * 1e3
        );
    });

    let (working, done) = mpsc::channel();
    thread::scope(|scope| {
        let worker = scope.spawn(move || until_event(&done));
        drop(working);
        let told = Instant::now();
        let took = worker.join().expect("the worker does not panic");
        let slept = took >= HOUR;
        println!(
            "event: noticed after {:.1} ms, slept its hour to the end: {slept}",
            told.elapsed().as_secs_f64() * 1e3
        );
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_that_is_down_lets_no_frame_begin() {
        let (asleep, frames) = mpsc::channel();
        until_flag(&AtomicBool::new(false), &asleep);
        drop(asleep);
        assert_eq!(frames.iter().count(), 0);
    }

    #[test]
    fn an_event_before_the_wait_is_not_lost() {
        let (working, done) = mpsc::channel();
        drop(working);
        assert!(until_event(&done) < HOUR);
    }
}
