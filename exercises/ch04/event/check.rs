//! What a future owes its waker, poll by poll and in every schedule.

use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Poll, Wake, Waker};

use exercise_harness::sync::Arc;
use exercise_harness::{Check, expect, step, thread, wrong};

use super::solution::{Event, Waiting};

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

fn is_ready(waiting: Pin<&mut Waiting<'_>>, waker: &Waker) -> bool {
    waiting.poll(&mut Context::from_waker(waker)) == Poll::Ready(())
}

/// Polls the event as soon as it is woken, as an executor on another thread
/// might.
struct Eager(Arc<Event>);

impl Wake for Eager {
    fn wake(self: std::sync::Arc<Self>) {
        step("the waker polls at once");
        let ready = is_ready(pin!(self.0.wait()), Waker::noop());
        expect("that it is ready when it is woken is", true, ready);
    }
}

pub fn check(check: &mut Check) {
    check
        .case("a waiting task is woken by `set`, and by nothing else", 1)
        .alone(|| {
            let (event, (count, waker)) = (Event::default(), counter());
            let mut waiting = pin!(event.wait());
            let ready = is_ready(waiting.as_mut(), &waker);
            expect("that it is ready before `set` is", false, ready);
            expect("wakers woken before `set`:", 0, count.0.load(SeqCst));
            event.set();
            expect("wakers woken by `set`:", 1, count.0.load(SeqCst));
            let ready = is_ready(waiting, &waker);
            expect("that it is ready after `set` is", true, ready);
        });

    check
        .case("a task that comes late does not wait", 2)
        .alone(|| {
            let event = Event::default();
            event.set();
            let ready = is_ready(pin!(event.wait()), Waker::noop());
            expect("that it is ready at its first poll is", true, ready);
        });

    check.case("`set` wakes all tasks that wait", 1).alone(|| {
        let (event, (count, waker)) = (Event::default(), counter());
        let mut all = [pin!(event.wait()), pin!(event.wait())];
        for waiting in &mut all {
            is_ready(waiting.as_mut(), &waker);
        }
        event.set();
        expect("of two wakers woken:", 2, count.0.load(SeqCst));
    });

    check
        .case("the waker of the last poll counts", 3)
        .alone(|| {
            let event = Event::default();
            let ((_, old), (count, new)) = (counter(), counter());
            let mut waiting = pin!(event.wait());
            is_ready(waiting.as_mut(), &old);
            is_ready(waiting.as_mut(), &new);
            event.set();
            expect(
                "of the task's present wakers woken:",
                1,
                count.0.load(SeqCst),
            );
        });

    check
        .case("no task waits for a `set` that has been", 2)
        .schedules(2, || {
            let (event, (count, waker)) =
                (Arc::new(Event::default()), counter());
            let setter = thread::named("setter", {
                let event = Arc::clone(&event);
                move || event.set()
            });
            let mut waiting = pin!(event.wait());
            let ready = is_ready(waiting.as_mut(), &waker);
            step(if ready { "is ready" } else { "is pending" });
            setter.join().ok();
            if !ready && count.0.load(SeqCst) == 0 {
                wrong("a waker that is woken", "pending, and never woken");
            }
        });

    check
        .case("a task that is woken may poll at once", 4)
        .alone(|| {
            let event = Arc::new(Event::default());
            let eager = std::sync::Arc::new(Eager(Arc::clone(&event)));
            is_ready(pin!(event.wait()), &Waker::from(eager.clone()));
            let mut waiting = pin!(event.wait());
            is_ready(waiting.as_mut(), &Waker::from(eager));
            event.set();
        });

    check
        .case("a future that was dropped is forgotten", 5)
        .alone(|| {
            let (event, (count, waker)) = (Event::default(), counter());
            for _ in 0..3 {
                is_ready(pin!(event.wait()), &waker);
            }
            drop(waker);
            let kept = std::sync::Arc::strong_count(&count) - 1;
            expect("wakers kept of dropped futures:", 0, kept);
        });
}
