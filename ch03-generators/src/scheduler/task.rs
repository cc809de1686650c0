//! A task is a coroutine with a number.
//!
//! It has its own control flow and its own state, it can be put aside and gone
//! on with, and it can be sent things. That is all that a scheduler needs.
//!
//! cargo run -p ch03-generators -- scheduler --stage task

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

/// A coroutine with a number.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 6.
pub struct Task {
    tid: u32,
    body: Coroutine<'static, ()>,
}

impl Task {
    /// Makes a task, of which nothing runs yet.
    pub fn new(tid: u32, body: Coroutine<'static, ()>) -> Self {
        Task { tid, body }
    }

    /// Returns its number.
    pub fn tid(&self) -> u32 {
        self.tid
    }

    /// Runs it to its next yield.
    pub fn run(&mut self) -> Step<(), ()> {
        self.body.next()
    }
}

/// Does two things, and gives way after each.
pub async fn foo(co: Co<'static, ()>) -> Result<(), Raised> {
    println!("part 1");
    co.yield_(()).await?;
    println!("part 2");
    co.yield_(()).await?;
    Ok(())
}

/// Runs a task with two yields three times.
pub fn demo() {
    let mut task = Task::new(1, Coroutine::new(foo));
    println!("task {} has a number, and has not begun", task.tid());
    for _ in 0..3 {
        println!("{:?}", task.run());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_task_that_has_ended_stays_ended() {
        let mut task = Task::new(1, Coroutine::new(foo));
        assert!(matches!(task.run(), Step::Yielded(())));
        assert!(matches!(task.run(), Step::Yielded(())));
        assert!(matches!(task.run(), Step::Returned(())));
        assert!(matches!(task.run(), Step::Raised(_)));
    }
}
