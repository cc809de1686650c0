//! The ladder's lower rungs: what the system is not asked for, or hardly.
//!
//! cargo bench -p ch04-async --bench latency_ns

mod ladder;

use criterion::Criterion;

fn main() {
    measure::criterion(latency_ns);
}

fn latency_ns(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("latency_ns");
    ladder::climb(
        &mut group,
        &[
            "call",
            "l1",
            "l2",
            "poll",
            "lock",
            "ram",
            "syscall",
            "switch",
            "task-hand-off",
            "task-spawn",
        ],
    );
    group.finish();
}
