//! How long it takes to make many, until the last of them waits.
//!
//! cargo bench -p ch04-async --bench creation

mod weighing;

use ch04_async::memory::units::Unit;
use weighing::Kind::{Ours, Pythons};

fn main() {
    weighing::weigh(
        measure::bench!("µs"),
        "The time from making the first of many until the last one waits, \
         divided by their number",
        |weight| weight.creation as f64 / 1000.0,
        5,
        &[
            (Ours(Unit::Future), &[10_000]),
            (Ours(Unit::Task), &[10_000, 100_000]),
            (Pythons("task"), &[10_000, 100_000]),
            (Ours(Unit::Thread), &[1_000, 10_000]),
            (Pythons("thread"), &[1_000]),
            (Ours(Unit::Process), &[1_000]),
        ],
    );
}
