//! Two futures that count, and a transfer that may be dropped, in every order
//! of turns.

use explore::futures::{Mutex, Turn, choose};
use explore::record::{Case, Ended, Names, Run, Version};
use explore::trace;

/// The section, with traced primitives in it.
#[path = "."]
#[expect(dead_code, reason = "the demo is not run here")]
mod traced {
    pub mod sync {
        pub use explore::futures::{Cell, Mutex, join_all, task};
    }
    #[path = "mod.rs"]
    pub mod async_mutex;
}

use traced::async_mutex;

/// The two that take turns. The owner polls a future, and may drop it.
const NAMES: Names = &["left", "right", "owner"];
const OWNER: usize = 2;

pub const CASE: Case = Case {
    slug: "async-mutex",
    file: "ch04-async/src/async_mutex/mod.rs",
    text: include_str!("mod.rs"),
    threads: NAMES,
    programs: &[
        Version {
            name: "an await in between",
            shared: &["count"],
            run: Run::Futures(|| counted(async_mutex::count_broken(2, 1))),
        },
        Version {
            name: "no await in between",
            shared: &["count"],
            run: Run::Futures(|| counted(async_mutex::count(2, 1))),
        },
        Version {
            name: "the same, locked",
            shared: &["count"],
            run: Run::Futures(|| counted(async_mutex::count_locked(2, 1))),
        },
        Version {
            name: "a pause in the transfer",
            shared: &["accounts"],
            run: Run::Futures(|| {
                let accounts = Mutex::new([50, 50]);
                let transfer = async_mutex::transfer_broken(&accounts);
                polled_or_dropped(Turn::new(transfer));
                summed(accounts)
            }),
        },
        Version {
            name: "a pause before the transfer",
            shared: &["accounts"],
            run: Run::Futures(|| {
                let accounts = Mutex::new([50, 50]);
                polled_or_dropped(Turn::new(async_mutex::transfer(&accounts)));
                summed(accounts)
            }),
        },
    ],
    kinds: 9,
};

fn counted(count: impl Future<Output = u32>) -> Ended {
    let mut turn = Turn::new(count);
    turn.poll();
    let count = turn.done.expect("it joins all before it returns");
    Ended::new(count != 2, format!("{count} of 2 are counted"))
}

/// Before each turn the owner chooses: to poll, or to drop.
fn polled_or_dropped(mut transfer: Turn<impl Future>) {
    while transfer.can_go_on() {
        if choose(2) == 1 {
            trace::turn(OWNER);
            trace::step("drops the transfer");
            // What goes with it is still the future's.
            trace::turn(0);
            return;
        }
        trace::turn(0);
        transfer.poll();
    }
}

fn summed(accounts: Mutex<[i32; 2]>) -> Ended {
    let sum: i32 = accounts.into_inner().iter().sum();
    Ended::new(sum != 100, format!("there are {sum} of 100"))
}
