//! The lost update and its cure, under every schedule.

use explore::record::{Case, Ended, Run, Version};

/// The section, with traced primitives in it.
#[path = "."]
#[expect(dead_code, reason = "the demo is not run here")]
mod traced {
    pub mod sync {
        pub use explore::sync::{Barrier, atomic};
        pub use explore::thread;
    }
    #[path = "mod.rs"]
    pub mod lost_update;
}

use traced::lost_update;

pub const CASE: Case = Case {
    slug: "lost-update",
    file: "ch01-threads/src/lost_update/mod.rs",
    text: include_str!("mod.rs"),
    threads: &["main", "left", "right"],
    programs: &[
        Version {
            name: "load, then store",
            shared: &["counter"],
            run: Run::Threads(|| ended(lost_update::count_broken(2))),
        },
        Version {
            name: "fetch_add",
            shared: &["counter"],
            run: Run::Threads(|| ended(lost_update::count(2, 1))),
        },
    ],
    kinds: 9,
};

/// Two threads have added 1.
fn ended(counter: u64) -> Ended {
    Ended::new(counter != 2, format!("the counter is {counter}"))
}
