//! What it takes to start something and have its answer, here and in Python.
//!
//! cargo bench -p ch04-async --bench spawn

mod ladder;

use criterion::Criterion;

fn main() {
    measure::criterion(spawn);
}

fn spawn(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("spawn");
    ladder::climb(&mut group, &["task-spawn", "blocking", "thread-spawn"]);
    ladder::climb_pythons(
        &mut group,
        &[
            ("py-task", "task-spawn"),
            ("py-to-thread", "to-thread"),
            ("py-thread", "thread-spawn"),
        ],
    );
    group.finish();
}
