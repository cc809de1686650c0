//! The chapter's primitives under every order that the memory model allows,
//! and the same with a fault, which has to be found.
//!
//! loom bounds the search: threads are interrupted where they could have gone on
//! at most three times. It treats `SeqCst` as `AcqRel`, so nothing here relies on it.

#![expect(
    clippy::duplicate_mod,
    reason = "each mutant is the same file with other tools"
)]

use std::env;
use std::process::Command;
use std::sync::Arc;

use loom::thread;

/// The tools as loom has them.
mod tools {
    pub use loom::sync::atomic::{AtomicBool, AtomicU64, Ordering};
    pub use loom::sync::{Condvar, Mutex, MutexGuard};
    pub use loom::thread;
    pub use std::sync::PoisonError;

    pub const PATIENCE: u32 = 0;
}

#[path = "../src"]
#[expect(dead_code, reason = "the sections' demos are not run here")]
mod right {
    pub mod sync {
        pub use super::super::tools::*;
        pub mod atomic {
            pub use super::super::super::tools::*;
        }
    }
    #[path = "condvar/mod.rs"]
    pub mod condvar;
    #[path = "orderings/mod.rs"]
    pub mod orderings;
    #[path = "park/mod.rs"]
    pub mod park;
    #[path = "thread_pool/mod.rs"]
    pub mod thread_pool;
}

/// Mutant: `Acquire` and `Release` order nothing.
#[path = "../src"]
#[expect(dead_code, reason = "the sections' demos are not run here")]
mod relaxed {
    pub mod sync {
        pub use loom::thread;
        pub mod atomic {
            pub use loom::sync::atomic::{AtomicBool, AtomicU64};

            /// Named as the real one, and each of them is the weakest.
            pub struct Ordering;

            #[expect(non_upper_case_globals, reason = "they stand in")]
            impl Ordering {
                pub const Relaxed: Real = Real::Relaxed;
                pub const Acquire: Real = Real::Relaxed;
                pub const Release: Real = Real::Relaxed;
                pub const SeqCst: Real = Real::Relaxed;
            }

            use loom::sync::atomic::Ordering as Real;
        }
    }
    #[path = "orderings/mod.rs"]
    pub mod orderings;
    #[path = "park/mod.rs"]
    pub mod park;
}

/// Mutant: nobody is woken, neither by `notify` nor by `unpark`.
#[path = "../src"]
#[expect(dead_code, reason = "the sections' demos are not run here")]
mod silent {
    pub mod sync {
        pub use super::super::tools::{
            Mutex, MutexGuard, PATIENCE, PoisonError,
        };

        use loom::sync::WaitTimeoutResult;
        use std::sync::LockResult;
        use std::time::Duration;

        pub struct Condvar(loom::sync::Condvar);

        impl Condvar {
            pub fn new() -> Condvar {
                Condvar(loom::sync::Condvar::new())
            }

            pub fn wait<'a, T>(
                &self,
                guard: MutexGuard<'a, T>,
            ) -> LockResult<MutexGuard<'a, T>> {
                self.0.wait(guard)
            }

            pub fn wait_timeout<'a, T>(
                &self,
                guard: MutexGuard<'a, T>,
                limit: Duration,
            ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>
            {
                self.0.wait_timeout(guard, limit)
            }

            pub fn notify_one(&self) {}

            pub fn notify_all(&self) {}
        }

        pub mod thread {
            pub use loom::thread::{
                Builder, JoinHandle, ThreadId, park, yield_now,
            };

            pub struct Thread;

            pub fn current() -> Thread {
                Thread
            }

            impl Thread {
                pub fn unpark(&self) {}

                pub fn id(&self) -> ThreadId {
                    loom::thread::current().id()
                }
            }
        }

        pub mod atomic {
            pub use super::super::super::tools::*;
        }
    }
    #[path = "condvar/mod.rs"]
    pub mod condvar;
    #[path = "park/mod.rs"]
    pub mod park;
    #[path = "thread_pool/mod.rs"]
    pub mod thread_pool;
}

/// Checks a program under every order, within the bounds.
fn check(program: impl Fn() + Send + Sync + 'static) {
    let mut model = loom::model::Builder::new();
    // Two are too few to find `if` in the place of `while`.
    model.preemption_bound = Some(3);
    model.max_branches = 10_000;
    model.check(program);
}

/// Two take and one puts: a program for each of the queues.
macro_rules! queue {
    ($module:ident, $take:expr) => {
        check(|| {
            let queue = Arc::new($module::condvar::Queue::empty());
            let takers = [(); 2].map(|()| {
                let queue = Arc::clone(&queue);
                thread::spawn(move || $take(&queue))
            });
            queue.put(1);
            queue.put(1);
            let taken = takers.map(|taker| taker.join().unwrap());
            assert_eq!(taken, [1, 1]);
        })
    };
}

macro_rules! handover {
    ($module:ident) => {
        check(|| {
            let handover = Arc::new($module::orderings::Handover::empty());
            let giver = Arc::clone(&handover);
            let giver = thread::spawn(move || giver.give(42));
            assert_eq!(handover.take(), 42);
            giver.join().unwrap();
        })
    };
}

/// The event comes with data that is written before it.
macro_rules! event {
    ($module:ident) => {
        check(|| {
            use loom::sync::atomic::{AtomicU64, Ordering};
            let event = Arc::new($module::park::Event::for_this_thread());
            let data = Arc::new(AtomicU64::new(0));
            let (setter, written) = (Arc::clone(&event), Arc::clone(&data));
            let setter = thread::spawn(move || {
                written.store(42, Ordering::Relaxed);
                setter.set();
            });
            event.wait();
            assert_eq!(data.load(Ordering::Relaxed), 42);
            setter.join().unwrap();
        })
    };
}

macro_rules! pool {
    ($module:ident) => {
        check(|| {
            let pool = $module::thread_pool::Pool::new(1).unwrap();
            let job = pool.submit(|| 42);
            pool.finish();
            assert_eq!(job.join(), Ok(42));
        })
    };
}

#[test]
fn every_item_is_taken_in_every_order() {
    queue!(right, |queue: &right::condvar::Queue<i32>| queue.take());
}

#[test]
fn value_given_is_taken_in_every_order() {
    handover!(right);
}

#[test]
fn an_event_wakes_and_hands_over_in_every_order() {
    event!(right);
}

#[test]
fn a_pool_runs_its_job_and_ends_in_every_order() {
    pool!(right);
}

#[test]
fn a_dropped_pool_leaves_no_handle_waiting_in_any_order() {
    check(|| {
        let pool = right::thread_pool::Pool::new(1).unwrap();
        let job = pool.submit(|| 42);
        drop(pool);
        let cancelled = Err(right::thread_pool::JobError::Cancelled);
        let outcome = job.join();
        assert!(outcome == Ok(42) || outcome == cancelled);
    });
}

/// The mutants, by name.
///
/// A relaxed `Event` is not among them: loom's `unpark` hands memory over by
/// itself, so that the missing ordering cannot be seen there. loom ends the process where it finds a deadlock, so
/// that each runs in a child process.
const MUTANTS: [(&str, fn()); 5] = [
    ("if-for-while", || {
        queue!(right, |queue: &right::condvar::Queue<i32>| queue
            .take_broken()
            .expect("woken for nothing"));
    }),
    ("relaxed-handover", || handover!(relaxed)),
    ("silent-queue", || {
        queue!(silent, |queue: &silent::condvar::Queue<i32>| queue.take());
    }),
    ("silent-event", || event!(silent)),
    ("silent-pool", || pool!(silent)),
];

const MUTANT: &str = "CH01_LOOM_MUTANT";

#[test]
fn every_mutant_is_caught() {
    if let Ok(name) = env::var(MUTANT) {
        let mutant = MUTANTS.iter().find(|(known, _)| *known == name);
        return mutant.unwrap().1();
    }
    for (name, _) in MUTANTS {
        let run = Command::new(env::current_exe().unwrap())
            .args(["--exact", "every_mutant_is_caught"])
            .env(MUTANT, name)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&run.stderr)
            + String::from_utf8_lossy(&run.stdout);
        // Caught means: by an assertion or as a deadlock, and not by a fault
        // of the test's own.
        let caught = ["woken for nothing", "left == right", "deadlock"]
            .iter()
            .any(|word| said.contains(word));
        assert!(!run.status.success() && caught, "{name}: {said}");
    }
}
