//! What a future owes its waker, poll by poll and in every schedule.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use exercise_harness::sync::Arc;
use exercise_harness::{Check, expect, step, thread, wrong};

use super::solution::{Bell, Heard};

/// Counts how often it was woken.
#[derive(Default)]
struct Counter(AtomicUsize);

impl Wake for Counter {
    fn wake(self: std::sync::Arc<Self>) {
        step("a waker is woken");
        self.0.fetch_add(1, SeqCst);
    }
}

fn counter() -> (std::sync::Arc<Counter>, Waker) {
    let counter = std::sync::Arc::<Counter>::default();
    (counter.clone(), Waker::from(counter))
}

fn is_ready(heard: Pin<&mut Heard<'_>>, waker: &Waker) -> bool {
    heard.poll(&mut Context::from_waker(waker)) == Poll::Ready(())
}

/// Polls the bell as soon as it is woken, as an executor on another thread
/// might.
struct Eager(Arc<Bell>);

impl Wake for Eager {
    fn wake(self: std::sync::Arc<Self>) {
        step("the waker polls at once");
        let ready = is_ready(pin!(self.0.heard()), Waker::noop());
        expect("that it is ready when it is woken is", true, ready);
    }
}

pub fn check(check: &mut Check) {
    check
        .case("who waits is woken by the ring and by nothing else", 1)
        .alone(|| {
            let (bell, (count, waker)) = (Bell::default(), counter());
            let mut heard = pin!(bell.heard());
            let ready = is_ready(heard.as_mut(), &waker);
            expect("that it is ready before the ring is", false, ready);
            expect("wakers woken before the ring:", 0, count.0.load(SeqCst));
            bell.ring();
            expect("wakers woken by the ring:", 1, count.0.load(SeqCst));
            let ready = is_ready(heard, &waker);
            expect("that it is ready after the ring is", true, ready);
        });

    check.case("who comes late does not wait", 2).alone(|| {
        let bell = Bell::default();
        bell.ring();
        let ready = is_ready(pin!(bell.heard()), Waker::noop());
        expect("that it is ready at its first poll is", true, ready);
    });

    check.case("the ring wakes all who wait", 1).alone(|| {
        let (bell, (count, waker)) = (Bell::default(), counter());
        let mut all = [pin!(bell.heard()), pin!(bell.heard())];
        for heard in &mut all {
            is_ready(heard.as_mut(), &waker);
        }
        bell.ring();
        expect("of two wakers woken:", 2, count.0.load(SeqCst));
    });

    check
        .case("the waker of the last poll counts", 3)
        .alone(|| {
            let bell = Bell::default();
            let ((_, old), (count, new)) = (counter(), counter());
            let mut heard = pin!(bell.heard());
            is_ready(heard.as_mut(), &old);
            is_ready(heard.as_mut(), &new);
            bell.ring();
            expect(
                "of the task's present wakers woken:",
                1,
                count.0.load(SeqCst),
            );
        });

    check
        .case("nobody waits for a ring that has been", 2)
        .schedules(2, || {
            let (bell, (count, waker)) = (Arc::new(Bell::default()), counter());
            let ringer = thread::named("ringer", {
                let bell = Arc::clone(&bell);
                move || bell.ring()
            });
            let mut heard = pin!(bell.heard());
            let ready = is_ready(heard.as_mut(), &waker);
            step(if ready { "is ready" } else { "is pending" });
            ringer.join().ok();
            if !ready && count.0.load(SeqCst) == 0 {
                wrong("a waker that is woken", "pending, and nothing wakes it");
            }
        });

    check.case("the woken may poll at once", 4).alone(|| {
        let bell = Arc::new(Bell::default());
        let eager = std::sync::Arc::new(Eager(Arc::clone(&bell)));
        is_ready(pin!(bell.heard()), &Waker::from(eager.clone()));
        let mut heard = pin!(bell.heard());
        is_ready(heard.as_mut(), &Waker::from(eager));
        bell.ring();
    });

    check.case("who has left is forgotten", 5).alone(|| {
        let (bell, (count, waker)) = (Bell::default(), counter());
        for _ in 0..3 {
            is_ready(pin!(bell.heard()), &waker);
        }
        drop(waker);
        let kept = std::sync::Arc::strong_count(&count) - 1;
        expect("wakers kept of those that have left:", 0, kept);
    });
}
