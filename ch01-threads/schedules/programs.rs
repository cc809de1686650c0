//! The programs: the chapter's own sections, and how they may end.

use shuttle::thread;

use crate::explore::Outcome;
use crate::trace;

/// The chapter's sections, with shuttle's tools in them.
#[path = "../src"]
#[expect(dead_code, reason = "the sections' demos are not run here")]
mod sections {
    /// Tools, of whose locks the inside is seen.
    pub mod sync {
        pub use crate::tools::{Barrier, Condvar, Glass as Mutex};
        pub use crate::tools::{atomic, thread};
        pub use std::sync::PoisonError;
    }
    #[path = "condvar/mod.rs"]
    pub mod condvar;
    #[path = "lock_order/mod.rs"]
    pub mod lock_order;
    #[path = "lost_update/mod.rs"]
    pub mod lost_update;
}

#[path = "../src"]
#[expect(dead_code, reason = "nor is this one's")]
mod right {
    pub mod sync {
        pub use crate::tools::{Condvar, Mutex, MutexGuard, thread};
        pub use std::sync::PoisonError;

        pub const PATIENCE: u32 = 0;
    }
    #[path = "pool/mod.rs"]
    pub mod pool;
}

/// The pool with a fault: who ends it wakes one worker.
#[path = "../src"]
#[expect(dead_code, reason = "nor is this one's")]
mod broken {
    pub mod sync {
        pub use crate::tools::{Mutex, MutexGuard, thread};
        pub use std::sync::PoisonError;

        pub const PATIENCE: u32 = 0;

        pub struct Condvar(crate::tools::Condvar);

        impl Condvar {
            pub fn new() -> Condvar {
                Condvar(crate::tools::Condvar::new())
            }

            #[track_caller]
            pub fn notify_all(&self) {
                // The fault.
                self.0.notify_one();
            }
        }

        impl std::ops::Deref for Condvar {
            type Target = crate::tools::Condvar;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    }
    #[path = "pool/mod.rs"]
    pub mod pool;
}

use sections::{condvar, lock_order, lost_update};

fn outcome(wrong: bool, says: String) -> Outcome {
    Outcome { wrong, says }
}

/// Two threads add 1 in two steps.
pub fn load_store() -> Outcome {
    let counter = lost_update::count_broken(2);
    outcome(counter != 2, format!("the counter is {counter}"))
}

/// Two threads add 1 in one step.
pub fn fetch_add() -> Outcome {
    let counter = lost_update::count(2, 1);
    outcome(counter != 2, format!("the counter is {counter}"))
}

/// Two transfers lock the source first.
pub fn money_order() -> Outcome {
    let bad_luck = sections::sync::Barrier::new(2);
    transfers(|from, to| lock_order::transfer_broken(from, to, &bad_luck))
}

/// Two transfers lock the account with the lower number first.
pub fn number_order() -> Outcome {
    transfers(lock_order::transfer)
}

fn transfers(
    transfer: impl Fn(&lock_order::Account, &lock_order::Account) + Sync,
) -> Outcome {
    let [left, right] = [1, 2].map(|n| lock_order::Account::new(n, 10));
    thread::scope(|scope| {
        scope.spawn(|| transfer(&left, &right));
        scope.spawn(|| transfer(&right, &left));
    });
    outcome(false, "both transfers are done".to_string())
}

/// Two take what one puts, and look once after being woken.
pub fn wait_if() -> Outcome {
    taken(|queue| queue.take_broken())
}

/// Two take what one puts, and look again.
pub fn wait_while() -> Outcome {
    taken(|queue| Some(queue.take()))
}

fn taken(
    take: fn(&condvar::Queue<&'static str>) -> Option<&'static str>,
) -> Outcome {
    let queue = condvar::Queue::empty();
    // Not shuttle's: what the threads bring home is no part of the program.
    let found = std::sync::Mutex::new([None; 2]);
    thread::scope(|scope| {
        for i in 0..2 {
            let (queue, found) = (&queue, &found);
            scope.spawn(move || {
                let item = take(queue);
                found.lock().expect("no thread panics")[i] = item;
            });
        }
        queue.put("soup");
        queue.put("bread");
    });
    let found = found.into_inner().expect("no thread panics");
    let [left, right] = found.map(|item| item.unwrap_or("nothing"));
    outcome(
        found.contains(&None),
        format!("left has {left}, right has {right}"),
    )
}

/// A pool of two ends, and every worker is told.
pub fn wake_all() -> Outcome {
    right::pool::Pool::new(2)
        .expect("shuttle has threads")
        .finish();
    outcome(false, "the pool has ended".to_string())
}

/// A pool of two ends, and one worker is told.
pub fn wake_one() -> Outcome {
    broken::pool::Pool::new(2)
        .expect("shuttle has threads")
        .finish();
    outcome(false, "the pool has ended".to_string())
}

/// A pool of one is dropped with a job that may have begun or not.
pub fn drop_pool() -> Outcome {
    let pool = right::pool::Pool::new(1).expect("shuttle has threads");
    let job = pool.submit(|| trace::says("runs the job"));
    drop(pool);
    let says = match job.join() {
        Ok(()) => "the job has run",
        Err(_) => "the job is cancelled",
    };
    outcome(false, says.to_string())
}
