//! Resident memory of a process, beside a thread.
//!
//! cargo bench -p ch04-async --bench memory_process

mod weighing;

use ch04_async::memory::units::Unit;
use weighing::Kind::Ours;

fn main() {
    weighing::weigh(
        measure::bench!("KiB"),
        "Resident memory of each of many that wait, beside what the kernel \
         keeps; what processes share, as the program's code, is divided among \
         them. Ten thousand processes are possible here, and not tried: to \
         start them keeps both cores busy for half a minute",
        |weight| weight.resident as f64 / 1024.0,
        3,
        &[
            (Ours(Unit::Thread), &[1_000]),
            (Ours(Unit::Process), &[1_000, 100_000]),
        ],
    );
}
