//! Who is done is forgotten, and who comes later waits for it.

use std::collections::{BTreeMap, VecDeque};

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
    /// Who waits, and for whom.
    waiting: Vec<(usize, Task, usize)>,
    done: BTreeMap<usize, Result<i32, String>>,
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
                Step::Wait(other) => self.wait(id, task, other),
                Step::Done(result) => self.end(id, result),
            }
        }
        self.waiting.len()
    }

    fn wait(&mut self, id: usize, task: Task, other: usize) {
        let answer = if let Some(result) = self.done.get(&other) {
            Ok(result.clone())
        } else if other >= self.spawned || self.leads_to(other, id) {
            Err(Nobody)
        } else {
            return self.waiting.push((id, task, other));
        };
        self.ready.push_back((id, task, Some(answer)));
    }

    /// Says whether `from`, or whom it waits for, and so on, is `id`.
    fn leads_to(&self, from: usize, id: usize) -> bool {
        let mut next = Some(from);
        while let Some(at) = next {
            if at == id {
                return true;
            }
            let waiting = self.waiting.iter().find(|w| w.0 == at);
            next = waiting.map(|(_, _, other)| *other);
        }
        false
    }

    fn end(&mut self, id: usize, result: Result<i32, String>) {
        for (waiter, task, _) in
            self.waiting.extract_if(.., |waiting| waiting.2 == id)
        {
            let answer = Some(Ok(result.clone()));
            self.ready.push_back((waiter, task, answer));
        }
    }
}
