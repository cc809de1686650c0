//! A task that has ended is taken off the list, and the others go on.
//!
//! New: the end is one of three things that a turn can bring, and the match
//! does not compile without it.
//!
//! cargo run -p ch03-generators -- scheduler

use std::collections::VecDeque;

use super::crash::say_times;
use super::task::Task;
use crate::coroutine::{Coroutine, Raised, Step};

/// Runs tasks in turn, until the last one has ended.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 6.
#[derive(Default)]
pub struct Scheduler {
    ready: VecDeque<Task>,
    last: u32,
}

impl Scheduler {
    /// Makes a task, which will run after all others.
    pub fn spawn(&mut self, body: Coroutine<'static, ()>) -> u32 {
        self.last += 1;
        self.ready.push_back(Task::new(self.last, body));
        self.last
    }

    /// Runs all tasks to their ends, and says when each has ended.
    ///
    /// # Errors
    ///
    /// What a task raised. The others do not go on.
    pub fn run(&mut self) -> Result<(), Raised> {
        while let Some(mut task) = self.ready.pop_front() {
            match task.run() {
                Step::Yielded(()) => self.ready.push_back(task),
                Step::Returned(()) => {
                    println!("Task {} terminated", task.tid());
                }
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(())
    }
}

/// Runs two tasks, of which the second one ends first.
pub fn demo() {
    let mut scheduler = Scheduler::default();
    scheduler.spawn(Coroutine::new(|co| say_times(co, "foo", 10)));
    scheduler.spawn(Coroutine::new(|co| say_times(co, "bar", 5)));
    scheduler.run().expect("neither raises anything");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheduler_ends_when_all_tasks_have() {
        let mut scheduler = Scheduler::default();
        assert!(scheduler.run().is_ok());
        scheduler.spawn(Coroutine::new(|co| say_times(co, "foo", 0)));
        scheduler.run().unwrap();
        assert!(scheduler.ready.is_empty());
    }
}
