//! Resident bytes of futures, tasks and threads, here and in Python.
//!
//! cargo bench -p ch04-async --bench memory

mod weighing;

use ch04_async::memory::units::Unit;
use weighing::Kind::{Ours, Pythons};

fn main() {
    let all = &[1_000, 10_000, 100_000];
    weighing::weigh(
        measure::bench!("B"),
        "Resident memory of each of many that wait for the same event, beside \
         what the kernel keeps of a thread; each number in a process of its \
         own",
        |weight| weight.resident as f64,
        3,
        &[
            (Ours(Unit::Future), all),
            (Ours(Unit::Task), all),
            (Pythons("coroutine"), all),
            (Pythons("task"), all),
            (Ours(Unit::Thread), all),
            (Pythons("thread"), all),
        ],
    );
}
