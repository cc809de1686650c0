//! `park` and `unpark`: a thread sleeps until another wakes it by its handle.
//!
//! `unpark` leaves a token, so a wake-up before the sleep is not lost. There is
//! one token: two wake-ups count as one. An event is a flag with a token.
//!
//! cargo run -p ch01-threads -- park

use super::sync::atomic::{AtomicBool, Ordering};
use super::sync::thread::{self, Thread};

/// Something that happens once, for one thread that waits for it.
pub struct Event {
    happened: AtomicBool,
    waiter: Thread,
}

impl Event {
    /// Makes one for the calling thread to wait for.
    pub fn for_this_thread() -> Event {
        Event {
            happened: AtomicBool::new(false),
            waiter: thread::current(),
        }
    }

    /// Wakes the waiting thread; one that waits later does not sleep.
    pub fn set(&self) {
        // Pairs with the load in `wait`: writes before the event are visible
        // after it.
        self.happened.store(true, Ordering::Release);
        self.waiter.unpark();
    }

    /// Sleeps until the event has happened.
    pub fn wait(&self) {
        // A loop, because an older token, or nothing at all, may have
        // woken the thread.
        while !self.happened.load(Ordering::Acquire) {
            thread::park();
        }
    }
}

/// Unparks a thread twice before it parks, and lets it park twice.
pub fn demo() {
    let this = std::thread::current();
    this.unpark();
    this.unpark();
    std::thread::park();
    println!("woken before the sleep: did not sleep");
    // The first `park` has used the one token: the time limit ends this one.
    let limit = std::time::Duration::from_millis(50);
    let start = std::time::Instant::now();
    while start.elapsed() < limit {
        std::thread::park_timeout(limit);
    }
    println!("woken twice: slept once");

    let event = Event::for_this_thread();
    std::thread::scope(|scope| {
        scope.spawn(|| event.set());
        event.wait();
        println!("the event has happened");
    });
}
