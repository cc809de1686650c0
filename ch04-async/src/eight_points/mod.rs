//! A task is like a thread in eight points, and unlike it in most.
//!
//! Each line is the outcome of two small experiments, one with a thread and one
//! with a tokio task on a single-threaded runtime. Where it says that something
//! cannot be done, the experiment is one that does not compile.
//!
//! cargo run -p ch04-async -- eight-points

mod tasks;
mod threads;

pub use tasks::tasks;
pub use threads::threads;

/// The points of the comparison.
pub const POINTS: [&str; 8] = [
    "what it is given",
    "when it begins",
    "what may interrupt it",
    "how it is stopped from outside",
    "if it panics",
    "if its handle is dropped",
    "what it may borrow",
    "a hundred of them",
];

/// Prints both answers to each point.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, the comparison of `Task` and
/// `Thread` after the two spinners.
pub async fn demo() {
    let answers = threads().into_iter().zip(tasks().await);
    for (point, (thread, task)) in POINTS.iter().zip(answers) {
        println!("{point}\n  thread: {thread}\n  task: {task}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[test]
    fn a_thread_is_interrupted_and_never_stopped() {
        let expected = [
            "a function, called once: 42",
            "by itself, at once",
            "the system, anywhere: true",
            "by no method; if it looks at a flag: true",
            "join() is an error: true",
            "it goes on",
            "with thread::scope, anything: 6",
            "100 threads of the system",
        ];
        assert_eq!(within_limit(threads), expected);
    }

    #[tokio::test]
    async fn a_task_is_stopped_and_never_interrupted() {
        let expected = [
            "a future, polled as often as needed: 3 times",
            "when the runtime gets a turn: 0, then 1",
            "no other task, between two awaits: true",
            "abort(), at an await: true",
            "awaiting it is an error: true",
            "it goes on",
            "spawned, nothing; joined, anything: 6",
            "1 thread of the system",
        ];
        assert_eq!(tasks().await, expected);
    }
}
