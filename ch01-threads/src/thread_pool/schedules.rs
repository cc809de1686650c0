//! The end of a pool under every schedule, with a fault and without.

use explore::record::{Case, Ended, Run, Version};
use explore::trace;

/// The section, with traced primitives in it.
#[path = "."]
#[expect(dead_code, reason = "the demo is not run here")]
mod right {
    pub mod sync {
        pub use explore::sync::{Condvar, Mutex, MutexGuard, PoisonError};
        pub use explore::thread;

        pub const SPIN_LIMIT: u32 = 0;
    }
    #[path = "mod.rs"]
    pub mod thread_pool;
}

/// The pool with a fault: its end wakes one worker instead of all.
#[path = "."]
#[expect(dead_code, reason = "nor is this one's")]
#[expect(clippy::duplicate_mod, reason = "it is the same, with the fault")]
mod broken {
    pub mod sync {
        pub use explore::sync::{Mutex, MutexGuard, PoisonError};
        pub use explore::thread;

        pub const SPIN_LIMIT: u32 = 0;

        pub struct Condvar(explore::sync::Condvar);

        impl Condvar {
            pub fn new() -> Condvar {
                Condvar(explore::sync::Condvar::new())
            }

            #[track_caller]
            pub fn notify_all(&self) {
                // The fault.
                self.0.notify_one();
            }
        }

        impl std::ops::Deref for Condvar {
            type Target = explore::sync::Condvar;
            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
    }
    #[path = "mod.rs"]
    pub mod thread_pool;
}

pub const CASE: Case = Case {
    slug: "thread-pool",
    file: "ch01-threads/src/thread_pool/mod.rs",
    text: include_str!("mod.rs"),
    threads: &["main", "worker 0", "worker 1"],
    programs: &[
        Version {
            name: "notify_one at the end",
            shared: &["state", "changed"],
            run: Run::Threads(|| {
                let pool = broken::thread_pool::Pool::new(2);
                pool.expect("there are always threads").finish();
                Ended::right("the pool has ended")
            }),
        },
        Version {
            name: "notify_all at the end",
            shared: &["state", "changed"],
            run: Run::Threads(|| {
                let pool = right::thread_pool::Pool::new(2);
                pool.expect("there are always threads").finish();
                Ended::right("the pool has ended")
            }),
        },
        Version {
            name: "dropped with a job",
            shared: &["state", "changed"],
            run: Run::Threads(drop_pool),
        },
    ],
    kinds: 2,
};

/// A pool with one worker is dropped while its job may have begun or not.
fn drop_pool() -> Ended {
    let pool =
        right::thread_pool::Pool::new(1).expect("there are always threads");
    let job = pool.submit(|| trace::step("runs the job"));
    drop(pool);
    Ended::right(match job.join() {
        Ok(()) => "the job has run",
        Err(_) => "the job is cancelled",
    })
}
