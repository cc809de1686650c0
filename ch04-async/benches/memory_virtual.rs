//! Addresses that threads, processes and tasks take, used or not.
//!
//! cargo bench -p ch04-async --bench memory_virtual

mod weighing;

use ch04_async::memory::units::Unit;
use weighing::Kind::{Ours, Pythons};

fn main() {
    weighing::weigh(
        measure::bench!("KiB"),
        "Virtual memory of each of many that wait for the same event",
        |weight| weight.virtual_ as f64 / 1024.0,
        3,
        &[
            (Ours(Unit::Future), &[10_000]),
            (Ours(Unit::Task), &[10_000]),
            (Pythons("task"), &[10_000]),
            (Ours(Unit::Thread), &[1_000, 10_000]),
            (Pythons("thread"), &[1_000]),
            (Ours(Unit::Process), &[1_000]),
        ],
    );
}
