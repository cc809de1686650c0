//! A scheduler is a queue: take the first, run it, put it last.
//!
//! It grows in four stages, each a program: a [`task`]; this file, a queue that
//! runs two endless tasks; the [`crash`] when one of them ends; and the
//! [`exit`] that cures it.
//!
//! cargo run -p ch03-generators -- scheduler --stage queue

pub mod cli;
pub mod crash;
pub mod exit;
pub mod task;

use std::collections::VecDeque;

use self::task::Task;
use crate::coroutine::{Co, Coroutine, Raised};

/// Runs tasks in turn.
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

    /// Returns how many tasks there are.
    pub fn len(&self) -> usize {
        self.ready.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.ready.is_empty()
    }

    /// Runs the task at the front to its next yield, and puts it last.
    ///
    /// # Errors
    ///
    /// The task did not yield: it has ended, and is gone.
    pub fn turn(&mut self) -> Result<(), Raised> {
        if let Some(mut task) = self.ready.pop_front() {
            task.run().yielded()?;
            self.ready.push_back(task);
        }
        Ok(())
    }
}

/// Says its name, for ever.
pub async fn say(co: Co<'static, ()>, name: &str) -> Result<(), Raised> {
    loop {
        println!("I'm {name}");
        co.yield_(()).await?;
    }
}

/// Gives two endless tasks three turns each.
pub fn demo() {
    let mut scheduler = Scheduler::default();
    scheduler.spawn(Coroutine::new(|co| say(co, "foo")));
    scheduler.spawn(Coroutine::new(|co| say(co, "bar")));
    for _ in 0..6 {
        scheduler.turn().expect("endless tasks do not end");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_task_has_one_turn_a_round() {
        let (seen, mut scheduler) =
            (std::rc::Rc::default(), Scheduler::default());
        for name in 0..3 {
            let seen: std::rc::Rc<std::cell::RefCell<Vec<u32>>> =
                std::rc::Rc::clone(&seen);
            scheduler.spawn(Coroutine::new(
                move |co: Co<'static, ()>| async move {
                    loop {
                        seen.borrow_mut().push(name);
                        co.yield_(()).await?;
                    }
                },
            ));
        }
        for _ in 0..6 {
            scheduler.turn().unwrap();
        }
        assert_eq!(*seen.borrow(), [0, 1, 2, 0, 1, 2]);
        assert_eq!(scheduler.len(), 3);
    }
}
