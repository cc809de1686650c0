//! What a fair lock guarantees, under every schedule.

use exercise_harness::sync::Arc;
use exercise_harness::sync::atomic::{AtomicUsize, Ordering};
use exercise_harness::{Check, expect, step, thread, wrong};

use super::solution::FairLock;

/// Takes the lock, counts the threads inside, and releases it.
fn visit(lock: &FairLock, inside: &AtomicUsize) {
    lock.acquire();
    let there = 1 + inside.fetch_add(1, Ordering::SeqCst);
    expect("threads inside:", 1, there);
    inside.fetch_sub(1, Ordering::SeqCst);
    lock.release();
}

pub fn check(check: &mut Check) {
    check
        .case("one thread at a time is inside, and all get in", 1)
        .schedules(2, || {
            let lock = Arc::new(FairLock::default());
            let inside = Arc::new(AtomicUsize::new(0));
            let other = thread::named("other", {
                let (lock, inside) = (Arc::clone(&lock), Arc::clone(&inside));
                move || visit(&lock, &inside)
            });
            visit(&lock, &inside);
            other.join().ok();
        });

    check.case("a waiting thread sleeps", 1).waits(|| {
        let lock = FairLock::default();
        lock.acquire();
        step("asks for the lock that it holds");
        lock.acquire();
    });

    check
        .case("a waiting thread comes before one that asks again", 2)
        .schedules(2, || {
            let lock = Arc::new(FairLock::default());
            let served = Arc::new(AtomicUsize::new(0));
            lock.acquire();
            let other = thread::named("other", {
                let (lock, served) = (Arc::clone(&lock), Arc::clone(&served));
                move || {
                    lock.acquire();
                    served.fetch_add(1, Ordering::SeqCst);
                    lock.release();
                }
            });
            let waits = lock.waiting() == 1;
            if waits {
                step("sees that other waits");
            }
            lock.release();
            lock.acquire();
            if waits && served.load(Ordering::SeqCst) == 0 {
                wrong("the waiting thread is first", "main has it again");
            }
            lock.release();
            other.join().ok();
        });

    check
        .case("the thread whose turn it is wakes up", 3)
        .schedules(1, || {
            let lock = Arc::new(FairLock::default());
            lock.acquire();
            let others = ["left", "right"].map(|name| {
                let lock = Arc::clone(&lock);
                thread::named(name, move || {
                    lock.acquire();
                    lock.release();
                })
            });
            lock.release();
            others.into_iter().for_each(|other| drop(other.join()));
        });

    check
        .case("waiting counts the waiting threads", 4)
        .alone(|| {
            let lock = FairLock::default();
            expect("of a free lock, waiting is", 0, lock.waiting());
            lock.acquire();
            expect("of a lock that is held, waiting is", 0, lock.waiting());
        });
}
