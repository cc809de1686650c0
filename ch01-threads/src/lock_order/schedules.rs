//! Two transfers in opposite directions under every schedule.

use explore::record::{Case, Ended, Run, Version};
use explore::thread;

/// The section, with traced primitives in it.
#[path = "."]
#[expect(dead_code, reason = "the demo is not run here")]
mod traced {
    pub mod sync {
        pub use explore::sync::{Barrier, TracedMutex as Mutex};
        pub use explore::thread;
    }
    #[path = "mod.rs"]
    pub mod lock_order;
}

use traced::lock_order::{Account, transfer, transfer_broken};

pub const CASE: Case = Case {
    slug: "lock-order",
    file: "ch01-threads/src/lock_order/mod.rs",
    text: include_str!("mod.rs"),
    threads: &["main", "left", "right"],
    programs: &[
        Version {
            name: "the money's order",
            shared: &["account 1", "account 2"],
            run: Run::Threads(|| {
                let both_hold_one = traced::sync::Barrier::new(2);
                transfers(|from, to| transfer_broken(from, to, &both_hold_one))
            }),
        },
        Version {
            name: "the numbers' order",
            shared: &["account 1", "account 2"],
            run: Run::Threads(|| transfers(transfer)),
        },
    ],
    kinds: 9,
};

fn transfers(transfer: impl Fn(&Account, &Account) + Sync) -> Ended {
    let [left, right] = [1, 2].map(|n| Account::new(n, 10));
    thread::scope(|scope| {
        scope.spawn(|| transfer(&left, &right));
        scope.spawn(|| transfer(&right, &left));
    });
    Ended::right("both transfers are done")
}
