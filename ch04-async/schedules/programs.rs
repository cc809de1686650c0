//! The programs: the chapter's own section, and how it may end.

use crate::explore::{Outcome, choose};
use crate::tools::{Mutex, Turn};
use crate::trace;

/// The section, with tools in it that give turns in every order.
#[path = "../src"]
#[expect(dead_code, reason = "the section's demo is not run here")]
mod section {
    pub mod sync {
        pub use crate::tools::{Cell, Mutex, join_all, task};
    }
    #[path = "no_lock/mod.rs"]
    pub mod no_lock;
}

use section::no_lock;

/// Two futures read, give way, and write.
pub fn await_between() -> Outcome {
    counted(no_lock::count_broken(2, 1))
}

/// Two futures read and write, and give way.
pub fn no_await() -> Outcome {
    counted(no_lock::count(2, 1))
}

/// Two futures read, give way, and write, under a lock.
pub fn locked() -> Outcome {
    counted(no_lock::count_locked(2, 1))
}

fn counted(count: impl Future<Output = u32>) -> Outcome {
    let mut turn = Turn::new(count);
    turn.poll();
    let count = turn.done.expect("it joins all before it returns");
    Outcome::new(count != 2, format!("{count} of 2 are counted"))
}

/// A transfer that may be dropped wherever it gives way.
pub fn pause_inside() -> Outcome {
    let accounts = Mutex::new([50, 50]);
    let transfer = Turn::new(no_lock::transfer_broken(&accounts));
    polled_or_dropped(transfer);
    summed(accounts)
}

/// The same, and it gives way before it changes anything.
pub fn pause_before() -> Outcome {
    let accounts = Mutex::new([50, 50]);
    polled_or_dropped(Turn::new(no_lock::transfer(&accounts)));
    summed(accounts)
}

/// Before each turn the owner chooses: to poll, or to drop.
fn polled_or_dropped(mut transfer: Turn<impl Future>) {
    while transfer.can_go_on() {
        if choose(2) == 1 {
            trace::turn(trace::OWNER);
            trace::step(0, "drops the transfer");
            // What goes with it is still the future's.
            trace::turn(0);
            return;
        }
        trace::turn(0);
        transfer.poll();
    }
}

fn summed(accounts: Mutex<[i32; 2]>) -> Outcome {
    let sum: i32 = accounts.into_inner().iter().sum();
    Outcome::new(sum != 100, format!("there are {sum} of 100"))
}
