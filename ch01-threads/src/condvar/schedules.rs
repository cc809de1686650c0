//! Two threads take the two items of a third, under every schedule.

use std::sync::Mutex;

use explore::record::{Case, Ended, Run, Version};
use explore::thread;

/// The section, with traced primitives in it.
#[path = "."]
#[expect(dead_code, reason = "the demo is not run here")]
mod traced {
    pub mod sync {
        pub use explore::sync::{Condvar, PoisonError, TracedMutex as Mutex};
    }
    #[path = "mod.rs"]
    pub mod condvar;
}

use traced::condvar::Queue;

pub const CASE: Case = Case {
    slug: "condvar",
    file: "ch01-threads/src/condvar/mod.rs",
    text: include_str!("mod.rs"),
    threads: &["main", "left", "right"],
    programs: &[
        Version {
            name: "if",
            shared: &["items", "arrived"],
            run: Run::Threads(|| taken(|queue| queue.take_broken())),
        },
        Version {
            name: "while",
            shared: &["items", "arrived"],
            run: Run::Threads(|| taken(|queue| Some(queue.take()))),
        },
    ],
    kinds: 9,
};

fn taken(take: fn(&Queue<&'static str>) -> Option<&'static str>) -> Ended {
    let queue = Queue::empty();
    // Not traced: these results are the check's, not the program's.
    let found = Mutex::new([None; 2]);
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
    Ended::new(
        found.contains(&None),
        format!("left has {left}, right has {right}"),
    )
}
