//! What it takes to start something and have its answer, here and in Python.
//!
//! cargo bench -p ch04-async --bench spawn

mod ladder;
mod record;

use ladder::Row::{Ours, Pythons};

fn main() {
    ladder::climb(
        "spawn",
        "µs",
        "One after the other, each from its start to its answer, beside the \
         same in CPython",
        &[
            Ours("task-spawn", "tokio task"),
            Ours("blocking", "spawn_blocking"),
            Ours("thread-spawn", "thread"),
            Pythons("py-task", "asyncio task", "task-spawn"),
            Pythons("py-to-thread", "asyncio.to_thread", "to-thread"),
            Pythons("py-thread", "Python thread", "thread-spawn"),
        ],
        // Unoptimised, on a busy machine: no more than this.
        &[["py-task", "py-thread"]],
    );
}
