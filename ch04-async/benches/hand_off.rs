//! What a message costs that wakes its receiver, here and in Python.
//!
//! cargo bench -p ch04-async --bench hand_off

mod ladder;

use criterion::Criterion;

fn main() {
    measure::criterion(hand_off);
}

fn hand_off(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hand_off");
    ladder::climb(&mut group, &["task-hand-off", "thread-hand-off"]);
    ladder::climb_pythons(
        &mut group,
        &[
            ("py-task", "task-hand-off"),
            ("py-thread", "thread-hand-off"),
        ],
    );
    group.finish();
}
