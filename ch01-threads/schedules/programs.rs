//! The programs: each panics if a schedule made it go wrong.

use std::sync::Arc;

use shuttle::sync::Mutex;
use shuttle::sync::atomic::{AtomicU64, Ordering};
use shuttle::thread;

use crate::explore::step;

/// The chapter's primitives, with shuttle's locks in them.
#[path = "."]
mod right {
    pub mod sync {
        pub use shuttle::sync::{Condvar, Mutex, MutexGuard, PoisonError};
        pub use shuttle::thread;

        pub const PATIENCE: u32 = 0;
    }
    #[path = "../src/s14_condvar.rs"]
    #[expect(dead_code, reason = "the section's demo is not run here")]
    pub mod condvar;
    #[path = "../src/s23_pool.rs"]
    #[expect(dead_code, reason = "nor is this one")]
    pub mod pool;
}

/// The pool with a fault: who ends it wakes one worker.
#[path = "."]
mod broken {
    pub mod sync {
        pub use shuttle::sync::{Mutex, MutexGuard, PoisonError};
        pub use shuttle::thread;

        pub const PATIENCE: u32 = 0;

        use shuttle::sync::{LockResult, WaitTimeoutResult};
        use std::time::Duration;

        pub struct Condvar(shuttle::sync::Condvar);

        impl Condvar {
            pub fn new() -> Condvar {
                Condvar(shuttle::sync::Condvar::new())
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

            pub fn notify_one(&self) {
                self.0.notify_one();
            }

            pub fn notify_all(&self) {
                // The fault.
                self.0.notify_one();
            }
        }
    }
    #[path = "../src/s23_pool.rs"]
    #[expect(dead_code, reason = "the section's demo is not run here")]
    pub mod pool;
}

/// Two threads add 1 in two steps.
pub fn load_store() {
    let counter = Arc::new(AtomicU64::new(0));
    both(["left", "right"], &counter, |name, counter| {
        let seen = counter.load(Ordering::SeqCst);
        step(format!("{name} loads {seen}"));
        counter.store(seen + 1, Ordering::SeqCst);
        step(format!("{name} stores {}", seen + 1));
    });
    assert_eq!(counter.load(Ordering::SeqCst), 2, "an update is lost");
}

/// Two threads add 1 in one step.
pub fn fetch_add() {
    let counter = Arc::new(AtomicU64::new(0));
    both(["left", "right"], &counter, |name, counter| {
        let seen = counter.fetch_add(1, Ordering::SeqCst);
        step(format!("{name} makes {seen} {}", seen + 1));
    });
    assert_eq!(counter.load(Ordering::SeqCst), 2, "an update is lost");
}

/// Two transfers lock the source first.
pub fn money_order() {
    transfers(|_, _| true);
}

/// Two transfers lock the account with the lower number first.
pub fn number_order() {
    transfers(|source, target| source < target);
}

fn transfers(source_first: fn(usize, usize) -> bool) {
    let accounts = Arc::new([Mutex::new(1), Mutex::new(1)]);
    let transfer = move |name: &str, accounts: &Arc<[Mutex<i32>; 2]>| {
        let (source, target) = if name == "left" { (0, 1) } else { (1, 0) };
        let (first, second) = if source_first(source, target) {
            (source, target)
        } else {
            (target, source)
        };
        let mut one = accounts[first].lock().expect("no thread panics");
        step(format!("{name} locks {first}"));
        let mut two = accounts[second].lock().expect("no thread panics");
        step(format!("{name} locks {second}"));
        // Which of them gives and which takes does not matter here.
        *one -= 1;
        *two += 1;
    };
    both(["left", "right"], &accounts, transfer);
}

/// Two take what one puts, and look once after being woken.
pub fn wait_if() {
    let queue = Arc::new(right::condvar::Queue::empty());
    let takers = ["left", "right"].map(|name| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            let item = queue.take_broken();
            step(format!("{name} takes {item:?}"));
            item.expect("woken for nothing");
        })
    });
    put_two(&queue);
    for taker in takers {
        taker.join().expect("shuttle ends at a panic");
    }
}

/// Two take what one puts, and look again.
pub fn wait_while() {
    let queue = Arc::new(right::condvar::Queue::empty());
    let takers = ["left", "right"].map(|name| {
        let queue = Arc::clone(&queue);
        thread::spawn(move || {
            step(format!("{name} takes {}", queue.take()));
        })
    });
    put_two(&queue);
    for taker in takers {
        taker.join().expect("shuttle ends at a panic");
    }
}

fn put_two(queue: &right::condvar::Queue<&str>) {
    for item in ["soup", "bread"] {
        queue.put(item);
        step(format!("main puts {item}"));
    }
}

/// A pool of two ends, and every worker is told.
pub fn wake_all() {
    right::pool::Pool::new(2)
        .expect("shuttle has threads")
        .finish();
    step("the pool has ended");
}

/// A pool of two ends, and one worker is told.
pub fn wake_one() {
    broken::pool::Pool::new(2)
        .expect("shuttle has threads")
        .finish();
    step("the pool has ended");
}

/// A pool of one is dropped with a job that may have begun or not.
pub fn drop_pool() {
    let pool = right::pool::Pool::new(1).expect("shuttle has threads");
    let job = pool.submit(|| step("the worker runs the job"));
    drop(pool);
    step(format!("the pool has ended, the job: {:?}", job.join()));
}

/// Runs `work` in two threads and waits for them.
fn both<T: Send + Sync + 'static>(
    names: [&'static str; 2],
    shared: &Arc<T>,
    work: impl Fn(&str, &Arc<T>) + Copy + Send + 'static,
) {
    let threads = names.map(|name| {
        let shared = Arc::clone(shared);
        thread::spawn(move || work(name, &shared))
    });
    for thread in threads {
        thread.join().expect("shuttle ends at a panic");
    }
}
