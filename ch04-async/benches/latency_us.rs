//! The ladder's upper rungs: threads, sockets, the disk, processes.
//!
//! cargo bench -p ch04-async --bench latency_us

mod ladder;
mod record;

use ladder::Row::Ours;

fn main() {
    ladder::climb(
        "latency_us",
        "µs",
        "From a task to a process; the disk is that of the folder for \
         temporary files",
        &[
            Ours("task-spawn", "a task, from spawn to answer"),
            Ours("thread-hand-off", "a message to a thread that waits"),
            Ours("blocking", "spawn_blocking, to its answer"),
            Ours("loopback", "a byte to this machine and back"),
            Ours("thread-spawn", "a thread, from spawn to join"),
            Ours("fsync", "4 KiB written, and on the disk"),
            Ours("process", "a process, from start to end"),
            Ours("sleep", "a sleep of one millisecond"),
        ],
        &[["task-spawn", "process"], ["thread-spawn", "process"]],
    );
}
