//! A yield is a trap: it stops the task, and asks the scheduler for something.
//!
//! New: what is yielded says what for, and what the yield evaluates to is the
//! answer. The task never sees the scheduler that answers.
//!
//! cargo run -p ch03-generators -- system-calls

use std::collections::VecDeque;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

/// What a task can ask for.
pub enum Trap {
    /// Let others run.
    Pause,
    /// What is my number?
    GetTid,
}

/// A task's line to the scheduler. Every answer is a number as yet.
pub type Line = Co<'static, Trap, u32>;

/// A coroutine with a number, and what its system call has brought.
struct Task {
    tid: u32,
    body: Coroutine<'static, Trap, u32>,
    answer: Option<u32>,
}

impl Task {
    fn run(&mut self) -> Step<Trap, ()> {
        match self.answer.take() {
            Some(answer) => self.body.send(answer),
            None => self.body.next(),
        }
    }
}

/// Runs tasks in turn, and does what they ask for.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 6.
#[derive(Default)]
pub struct Scheduler {
    ready: VecDeque<Task>,
    last: u32,
}

impl Scheduler {
    /// Makes a task, which will run after all others.
    pub fn spawn(&mut self, body: Coroutine<'static, Trap, u32>) -> u32 {
        self.last += 1;
        self.ready.push_back(Task {
            tid: self.last,
            body,
            answer: None,
        });
        self.last
    }

    /// Runs all tasks to their ends.
    ///
    /// # Errors
    ///
    /// What a task raised. The others do not go on.
    pub fn run(&mut self) -> Result<(), Raised> {
        while let Some(mut task) = self.ready.pop_front() {
            match task.run() {
                Step::Yielded(trap) => {
                    if let Trap::GetTid = trap {
                        task.answer = Some(task.tid);
                    }
                    // Whatever it asked for, the others come first.
                    self.ready.push_back(task);
                }
                Step::Returned(()) => println!("Task {} terminated", task.tid),
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(())
    }
}

/// Asks for its number, and says its name with it `times` times.
pub async fn say(co: Line, name: &str, times: u32) -> Result<(), Raised> {
    let tid = co.yield_(Trap::GetTid).await?.unwrap_or_default();
    for _ in 0..times {
        println!("I'm {name} {tid}");
        co.yield_(Trap::Pause).await?;
    }
    Ok(())
}

/// Runs two tasks that know their numbers.
pub fn demo() {
    let mut scheduler = Scheduler::default();
    scheduler.spawn(Coroutine::new(|co| say(co, "foo", 5)));
    scheduler.spawn(Coroutine::new(|co| say(co, "bar", 10)));
    scheduler.run().expect("neither raises anything");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::rc::Rc;

    #[test]
    fn the_answer_to_a_pause_is_nothing() {
        let answers = Rc::new(Cell::new((None, None)));
        let theirs = answers.clone();
        let mut scheduler = Scheduler::default();
        scheduler.spawn(Coroutine::new(|co: Line| async move {
            let tid = co.yield_(Trap::GetTid).await?;
            theirs.set((tid, co.yield_(Trap::Pause).await?));
            Ok(())
        }));
        scheduler.run().unwrap();
        assert_eq!(answers.get(), (Some(1), None));
    }
}
