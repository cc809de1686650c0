//! A data race on purpose: Miri and ThreadSanitizer must find it, or their
//! silence about the chapters is worth nothing.

use std::sync::Barrier;
use std::thread;

static mut COUNTER: u64 = 0;

/// Counts in two threads, with nothing between them.
pub fn race() {
    // Without it one thread may have ended before the other is made, and the
    // making orders them.
    let together = Barrier::new(2);
    let count = || {
        together.wait();
        for _ in 0..1000 {
            // SAFETY: none. That is what the tools are here to say.
            unsafe { COUNTER += 1 }
        }
    };
    thread::scope(|scope| {
        scope.spawn(count);
        scope.spawn(count);
    });
}

#[cfg(test)]
mod tests {
    #[test]
    fn two_threads_race() {
        super::race();
    }
}
