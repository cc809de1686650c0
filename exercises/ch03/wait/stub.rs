//! Waiting for a task, whatever becomes of it. Yours to finish.
//!
//! cargo xtask exercise ch03 wait

use std::collections::VecDeque;

/// What a task says at the end of a step.
pub enum Step {
    /// Run the others, then me.
    Pause,
    /// Run me when that task is done, and tell me its result.
    Wait(usize),
    /// That was all.
    Done(Result<i32, String>),
}

/// Who was to be waited for is not there, or would wait for the waiter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nobody;

/// What becomes of a `Wait`.
pub type Answer = Result<Result<i32, String>, Nobody>;

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

    /// Runs until nobody can go on; returns how many are left, waiting.
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
