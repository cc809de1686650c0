//! The ladder's upper rungs: threads, sockets, the disk, processes.
//!
//! cargo bench -p ch04-async --bench latency_us

mod ladder;

use criterion::Criterion;

fn main() {
    measure::criterion(latency_us);
}

fn latency_us(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("latency_us");
    ladder::climb(
        &mut group,
        &[
            "task-spawn",
            "thread-hand-off",
            "blocking",
            "loopback",
            "thread-spawn",
            "fsync",
            "process",
            "sleep",
        ],
    );
    group.finish();
}
