//! Only one of the waiting tasks gets the result.

use std::collections::{BTreeMap, VecDeque};

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
    /// The tasks that wait, and for which.
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

    /// Runs until no task can go on; returns how many are left, waiting.
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
            Err(CannotWait)
        } else {
            return self.waiting.push((id, task, other));
        };
        self.ready.push_back((id, task, Some(answer)));
    }

    /// Says whether `from`, or a task on its chain of waits, is `id`.
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
        let first = self.waiting.iter().position(|waiting| waiting.2 == id);
        if let Some(first) = first {
            let (waiter, task, _) = self.waiting.remove(first);
            let answer = Some(Ok(result.clone()));
            self.ready.push_back((waiter, task, answer));
        }
        self.done.insert(id, result);
    }
}
