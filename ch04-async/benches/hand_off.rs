//! What a message costs that wakes its receiver, here and in Python.
//!
//! cargo bench -p ch04-async --bench hand_off

mod ladder;
mod record;

use ladder::Row::{Ours, Pythons};

fn main() {
    ladder::climb(
        "hand_off",
        "µs",
        "A message through a channel to a receiver that waits, one way, beside \
         the same in CPython",
        &[
            Ours("task-hand-off", "between tokio tasks"),
            Ours("thread-hand-off", "between threads"),
            Pythons("py-task", "between asyncio tasks", "task-hand-off"),
            Pythons("py-thread", "between Python threads", "thread-hand-off"),
        ],
        // Unoptimised, the tasks are about as slow as the threads.
        &[],
    );
}
