//! A semaphore has a number of permits; each permit is a guard.
//!
//! Acquiring waits in a queue, releasing is a drop and waits for nothing. How
//! long a permit is held decides what it limits.
//!
//! cargo run -p ch04-async -- semaphore --paused

use std::cell::Cell;
use std::time::Duration;

use futures::future::join_all;
use tokio::sync::Semaphore;
use tokio::time::{self, Instant};
use tracing::{Instrument, trace, trace_span};

/// How long a request takes.
pub const REQUEST: Duration = Duration::from_millis(100);

/// Counts how many requests are under way, and the most there ever were.
#[derive(Default)]
pub struct Server {
    active: Cell<usize>,
    peak: Cell<usize>,
}

impl Server {
    /// Answers after [`REQUEST`].
    pub async fn request(&self) {
        self.active.set(self.active.get() + 1);
        self.peak.set(self.peak.get().max(self.active.get()));
        let runs = trace_span!("runs", "request");
        time::sleep(REQUEST).instrument(runs).await;
        self.active.set(self.active.get() - 1);
    }
}

/// Downloads all items at once, each behind a permit.
///
/// Returns the peak and the time in requests.
pub async fn throttled(items: usize, permits: usize) -> (usize, f64) {
    let (server, semaphore) = (Server::default(), Semaphore::new(permits));
    let start = Instant::now();
    let download = async || {
        trace!(state = "waits", "for a permit");
        let _permit = semaphore.acquire().await.expect("it is never closed");
        server.request().await;
        // The permit is dropped here, also if the future is dropped earlier.
    };
    join_all((1..=items).map(|i| {
        let item = trace_span!("item", lane = format_args!("item-{i}"));
        download().instrument(item)
    }))
    .await;
    (server.peak.get(), start.elapsed().div_duration_f64(REQUEST))
}

/// Downloads items of two requests, with work of its own between the two.
///
/// Holds one permit over all of it, or one for each request. Returns the peak
/// and the time in requests.
pub async fn two_requests(
    items: usize,
    permits: usize,
    hold: bool,
) -> (usize, f64) {
    let (server, semaphore) = (Server::default(), Semaphore::new(permits));
    let acquire =
        async || semaphore.acquire().await.expect("it is never closed");
    let start = Instant::now();
    join_all((0..items).map(|_| async {
        let picture = acquire().await;
        server.request().await;
        let picture = hold.then_some(picture);
        // Unpacks the picture: no request, but a permit that is not used.
        time::sleep(REQUEST).await;
        // Never a second permit while holding the first: when all permits are
        // held by items at this line, each would wait for the others.
        let name = if hold { None } else { Some(acquire().await) };
        server.request().await;
        drop((picture, name));
    }))
    .await;
    (server.peak.get(), start.elapsed().div_duration_f64(REQUEST))
}

/// Downloads twelve items with more and fewer permits; releases too many.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Throttling Requests with a
/// Semaphore" and "Making Multiple Requests for Each Download".
pub async fn demo() {
    for permits in [12, 3, 1] {
        let (peak, time) = throttled(12, permits).await;
        println!("{permits} permits: peak {peak}, time {time:.0}");
    }
    for (what, hold) in [("one permit", true), ("one each", false)] {
        let (peak, time) = two_requests(12, 3, hold).await;
        println!("two requests, {what}: peak {peak}, time {time:.0}");
    }
    let semaphore = Semaphore::new(2);
    // No method gives a permit back that was not taken. This one adds.
    semaphore.add_permits(1);
    println!("a permit added: {} of 2", semaphore.available_permits());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_peak_is_the_number_of_permits_and_never_more() {
        for permits in 1..=12 {
            assert_eq!(throttled(12, permits).await.0, permits);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_permit_that_is_not_held_while_idle_saves_time() {
        let held = two_requests(12, 3, true).await;
        let released = two_requests(12, 3, false).await;
        assert_eq!((held.0, released.0), (3, 3));
        assert!(released.1 < held.1);
    }

    #[test]
    fn releasing_too_often_adds_a_permit_and_offends_nobody() {
        // Python's BoundedSemaphore raises; tokio has none.
        let semaphore = Semaphore::new(2);
        drop(semaphore.try_acquire().unwrap());
        assert_eq!(semaphore.available_permits(), 2);
        semaphore.add_permits(1);
        assert_eq!(semaphore.available_permits(), 3);
    }

    #[tokio::test(start_paused = true)]
    async fn a_future_that_is_dropped_gives_its_permit_back() {
        let semaphore = Semaphore::new(1);
        let held = async {
            let _permit = semaphore.acquire().await;
            std::future::pending::<()>().await;
        };
        assert!(time::timeout(REQUEST, held).await.is_err());
        assert_eq!(semaphore.available_permits(), 1);
    }
}
