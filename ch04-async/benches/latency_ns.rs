//! The ladder's lower rungs: what the system is not asked for, or hardly.
//!
//! cargo bench -p ch04-async --bench latency_ns

mod ladder;
mod record;

use ladder::Row::Ours;

fn main() {
    ladder::climb(
        "latency_ns",
        "ns",
        "From a function call to a task, on one thread",
        &[
            Ours("call", "a function call"),
            Ours("l1", "memory, in the first cache"),
            Ours("l2", "memory, in the second cache"),
            Ours("poll", "polling a future that is ready"),
            Ours("lock", "a lock that nobody holds"),
            Ours("ram", "memory, in no cache"),
            Ours("syscall", "a system call"),
            Ours("switch", "from one task to another"),
            Ours("task-hand-off", "a message to a task that waits"),
            Ours("task-spawn", "a task, from spawn to answer"),
        ],
        &[
            ["l1", "ram"],
            ["poll", "task-spawn"],
            ["call", "task-spawn"],
        ],
    );
}
