//! `wait`: results, errors and circles of waiting. To be finished.
//!
//! cargo xtask exercise ch03 wait

use std::collections::VecDeque;

/// The end of a task's step: what it wants next.
pub enum Step {
    /// Run the others, then me.
    Pause,
    /// Run me when that task is done, and give me its result.
    Wait(usize),
    /// That was all.
    Done(Result<i32, String>),
}

/// There is no such task, or it would wait for the task that waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotWait;

/// The answer to a `Wait`.
pub type Answer = Result<Result<i32, String>, CannotWait>;

/// A task: each call is a step, with the answer if it has waited.
pub type Task = Box<dyn FnMut(Option<Answer>) -> Step>;

/// Runs tasks in turn.
#[derive(Default)]
pub struct Scheduler {
    ready: VecDeque<(usize, Task, Option<Answer>)>,
    spawned: usize,
}

impl Scheduler {
    /// Takes a task; returns its number, from 0.
    pub fn spawn(&mut self, task: Task) -> usize {
        let id = self.spawned;
        self.spawned += 1;
        self.ready.push_back((id, task, None));
        id
    }

    /// Runs until no task can go on; returns how many are left, waiting.
    pub fn run(&mut self) -> usize {
        while let Some((id, mut task, answer)) = self.ready.pop_front() {
            match task(answer) {
                Step::Pause => self.ready.push_back((id, task, None)),
                Step::Wait(other) => todo!("{id} waits for {other}"),
                Step::Done(result) => drop(result),
            }
        }
        0
    }
}
