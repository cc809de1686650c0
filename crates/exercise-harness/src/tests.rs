//! A harness that finds nothing finds everything right: each kind of case has
//! to find what it is for.

use std::panic;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::sync::atomic::AtomicU64;
use crate::{Check, expect, step, sync, tell, thread};

/// One check at a time is recorded; returns what was found and seen.
fn run(check: impl FnOnce(&mut Check)) -> (String, String) {
    static ONE: Mutex<()> = Mutex::new(());
    let _alone = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let mut run = Check::default();
    check(&mut run);
    let found = run.found.map(|finding| finding.to_string());
    (found.unwrap_or_default(), run.seen)
}

fn add_twice(preemptions: usize, add: fn(&AtomicU64)) -> (String, String) {
    run(|check| {
        check.case("both count", 1).schedules(preemptions, move || {
            let count = Arc::new(AtomicU64::new(0));
            let other = thread::named("other", {
                let count = Arc::clone(&count);
                move || add(&count)
            });
            add(&count);
            other.join().unwrap();
            expect("the count is", 2, count.load(Ordering::SeqCst));
        });
    })
}

fn in_two_steps(count: &AtomicU64) {
    let seen = count.load(Ordering::SeqCst);
    count.store(seen + 1, Ordering::SeqCst);
}

#[test]
fn a_lost_update_is_found_with_one_preemption_and_shown() {
    let (found, _) = add_twice(3, in_two_steps);
    assert!(found.contains("actual    the count is 1"), "{found}");
    assert!(found.contains("with at most 1 preemption:"), "{found}");
    let steps = ["other  loads 0", "other  stores 1"];
    assert!(steps.iter().all(|step| found.contains(step)), "{found}");
}

#[test]
fn without_a_preemption_it_is_not_found_and_the_report_says_so() {
    let (found, seen) = add_twice(0, in_two_steps);
    assert_eq!(found, "");
    assert!(seen.contains("without a preemption"), "{seen}");
}

#[test]
fn one_step_is_right_under_every_schedule() {
    let add = |count: &AtomicU64| {
        count.fetch_add(1, Ordering::SeqCst);
    };
    let (found, seen) = add_twice(3, add);
    assert_eq!(found, "");
    assert!(seen.contains("both count (all "), "{seen}");
}

#[test]
fn deadlock_names_each_waiter_and_holder() {
    let (found, _) = run(|check| {
        check.case("all end", 1).schedules(1, || {
            let locks = [(); 2].map(sync::Mutex::new);
            let locks = Arc::new(locks);
            let other = thread::named("other", {
                let locks = Arc::clone(&locks);
                move || {
                    let _one = locks[1].lock().unwrap();
                    let _two = locks[0].lock().unwrap();
                }
            });
            let one = locks[0].lock().unwrap();
            let two = locks[1].lock().unwrap();
            drop((one, two));
            other.join().unwrap();
        });
    });
    assert!(found.contains("a deadlock"), "{found}");
    assert!(found.contains("a lock, which other holds"), "{found}");
    assert!(found.contains("a lock, which main holds"), "{found}");
}

#[test]
fn a_loop_that_gives_way_is_a_busy_loop_and_a_sleep_is_none() {
    let (found, _) = run(|check| {
        check.case("who waits sleeps", 1).waits(|| {
            let never = AtomicU64::new(0);
            while never.load(Ordering::SeqCst) == 0 {
                thread::yield_now();
            }
        });
    });
    assert!(found.contains("looks again and again"), "{found}");
    let (found, seen) = run(|check| {
        check.case("who waits sleeps", 1).waits(thread::park);
    });
    assert_eq!(found, "");
    assert!(seen.contains("all are asleep"), "{seen}");
}

#[test]
fn a_claim_that_fails_where_panics_are_caught_has_failed() {
    let (found, _) = run(|check| {
        check.case("one is one", 1).schedules(0, || {
            let caught = || expect("one is", 1, 2);
            panic::catch_unwind(caught).ok();
        });
    });
    assert!(found.contains("actual    one is 2"), "{found}");
}

#[test]
fn future_without_a_waker_still_waits_after_an_hour() {
    let (found, _) = run(|check| {
        check.case("it ends", 1).virtual_time(|| async {
            tokio::time::sleep(Duration::from_secs(2)).await;
            tell("client", "asks");
            std::future::pending::<()>().await;
        });
    });
    assert!(found.contains("after an hour of virtual time"), "{found}");
    assert!(found.contains("2.000 s  client  asks"), "{found}");
}

#[test]
fn a_future_that_wakes_itself_is_a_busy_loop() {
    let (found, _) = run(|check| {
        check.case("it ends", 1).virtual_time(|| {
            std::future::poll_fn(|cx| {
                cx.waker().wake_by_ref();
                std::task::Poll::Pending
            })
        });
    });
    assert!(found.contains("is a busy loop"), "{found}");
}

#[test]
fn random_cases_are_the_same_each_time_and_grow() {
    let found = || {
        run(|check| {
            check.case("all are small", 1).rounds(100, |random, size| {
                step(format!("{}", random.u64(..)));
                expect("the size is", true, size < 40);
            });
        })
        .0
    };
    assert!(found().contains("round 40, whose seed is 40"));
    assert_eq!(found(), found());
}

#[test]
fn only_the_first_failure_is_reported() {
    let (found, seen) = run(|check| {
        check.case("first", 1).once(|| expect("it is", 1, 2));
        check.case("second", 2).once(|| unreachable!());
    });
    assert!(found.starts_with("not so: first"), "{found}");
    assert_eq!(seen, "");
}
