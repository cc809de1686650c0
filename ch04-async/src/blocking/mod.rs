//! A call that blocks stops every task of its thread.
//!
//! An `async fn` gives its thread back at an `.await` that has to wait, and
//! nowhere else. No type, no warning marks a call that blocks.
//!
//! cargo run -p ch04-async -- blocking

use std::thread;
use std::time::Duration;

use tokio::task;
use tracing::{Instrument, trace_span};

use crate::spinner::{Line, spin};

/// A prime whose square root is about 71 million: a moment's work.
pub const PRIME: u64 = 5_000_111_000_222_021;

/// Tells whether `n` is prime, by dividing by every odd number in question.
pub fn is_prime(n: u64) -> bool {
    if n < 2 || n.is_multiple_of(2) {
        return n == 2;
    }
    (3..=n.isqrt()).step_by(2).all(|i| !n.is_multiple_of(i))
}

/// Blocks in an async function, and counts a spinner's frames meanwhile.
pub async fn frames_broken(work: fn()) -> usize {
    let (line, history) = Line::new("thinking!");
    // Spawning queues a task. It does not run it.
    let spinner = task::spawn(spin(line));
    trace_span!("blocks", "work()").in_scope(work);
    spinner.abort();
    // Where this is the only thread, this await is the spinner's first chance
    // to run, and it comes after the abort: dropped before its first poll.
    spinner.await.ok();
    history.take_frames()
}

/// Sends the work to a thread that may block, and counts the frames meanwhile.
pub async fn frames(work: fn()) -> usize {
    let (line, history) = Line::new("thinking!");
    let spinner = task::spawn(spin(line));
    let waits = trace_span!("waits", "spawn_blocking");
    let worked = task::spawn_blocking(work).instrument(waits).await;
    spinner.abort();
    worked.expect("the work does not panic");
    history.take_frames()
}

#[tokio::main(flavor = "current_thread")]
async fn on_one_thread(counted: impl Future<Output = usize>) -> usize {
    counted.await
}

// The body runs on the calling thread, its tasks on two others.
#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn on_workers(counted: impl Future<Output = usize>) -> usize {
    counted.await
}

/// Blocks, by sleeping and by dividing, on runtimes that do and do not mind.
///
/// Source: *Fluent Python*, 2nd ed., ch. 19, "Experiment: Break the Spinner for
/// an Insight" and "The Real Impact of the GIL".
pub fn demo() {
    let sleep: fn() = || thread::sleep(Duration::from_millis(350));
    let divide: fn() = || assert!(is_prime(PRIME));
    for (name, work) in [("thread::sleep", sleep), ("is_prime", divide)] {
        println!("{name}");
        let n = on_one_thread(frames_broken(work));
        println!("  one thread: {n} frames");
        let n = on_workers(frames_broken(work));
        println!("  worker threads: {n} frames");
        // A worker keeps the task that it spawned last for itself, as the next
        // one to run: here, the spinner waits for the worker that blocks.
        let n = on_workers(async move {
            let worker = task::spawn(frames_broken(work));
            worker.await.expect("the worker does not panic")
        });
        let case = "worker threads, blocked by the one that spawned";
        println!("  {case}: {n} frames");
        let n = on_one_thread(frames(work));
        println!("  one thread, spawn_blocking: {n} frames");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use tokio::time;

    use super::*;
    use crate::limit::within_limit;

    fn nothing() {}

    #[test]
    fn a_task_aborted_before_its_first_poll_draws_no_frame() {
        assert_eq!(on_one_thread(frames_broken(nothing)), 0);
    }

    #[test]
    fn a_blocked_thread_draws_no_frame_however_long_it_blocks() {
        let longer_than_a_frame = || thread::sleep(Duration::from_millis(150));
        assert_eq!(on_one_thread(frames_broken(longer_than_a_frame)), 0);
    }

    /// Works beside a heart that beats every millisecond: until it has heard
    /// three beats, or has waited in vain for one. Returns the beats.
    fn beats_heard(on_the_loop: bool, in_vain: Duration) -> usize {
        within_limit(move || {
            on_one_thread(async move {
                let (beat, heard) = mpsc::channel();
                task::spawn(async move {
                    while beat.send(()).is_ok() {
                        time::sleep(Duration::from_millis(1)).await;
                    }
                });
                // It beats once before the work begins.
                task::yield_now().await;
                heard.recv().unwrap();
                let work = move || {
                    let beats = (0..3).map(|_| heard.recv_timeout(in_vain));
                    beats.take_while(Result::is_ok).count()
                };
                if on_the_loop {
                    work()
                } else {
                    task::spawn_blocking(work).await.unwrap()
                }
            })
        })
    }

    #[test]
    fn a_heart_beats_beside_work_that_was_sent_away_and_not_beside_another() {
        assert_eq!(beats_heard(false, Duration::from_secs(10)), 3);
        assert_eq!(beats_heard(true, Duration::from_millis(100)), 0);
    }

    #[test]
    fn primes_are_told_from_their_neighbours() {
        let primes: Vec<u64> = (0..30).filter(|&n| is_prime(n)).collect();
        assert_eq!(primes, [2, 3, 5, 7, 11, 13, 17, 19, 23, 29]);
        assert!(!is_prime(25_000_009 * 3), "3 divides it");
        assert!(!is_prime(9_409), "the square of 97");
    }
}
