//! Step 2: a task waits for another one's end, and the table notes for which.

use std::collections::{BTreeMap, VecDeque};
use std::mem;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Resume, Step};
use crate::kernel::trap::{Deadlock, Tid};

/// A task's body: yields traps, and is sent whether it was so.
type Body = Coroutine<'static, Trap, bool>;
/// A task's line to the scheduler.
type Line = Co<'static, Trap, bool>;

/// What a task can ask for.
enum Trap {
    Pause,
    Kill(Tid),
    Wait(Tid),
}

/// One task, and what its system call is going to evaluate to.
struct Task {
    body: Body,
    result: Resume<bool>,
    waiting: Waiting,
    /// The tasks that wait for its end, the longest waiting first.
    waiters: Vec<Tid>,
}

/// Where a task is to be found, so that it can be taken away from there.
#[derive(Clone)]
enum Waiting {
    /// In the ready queue, or running.
    Ready,
    /// Among the waiters of that task.
    For(Tid),
}

/// The tasks, and the numbers of those that are ready.
#[derive(Default)]
struct Table {
    tasks: BTreeMap<Tid, Task>,
    ready: VecDeque<Tid>,
    last: u64,
}

impl Table {
    /// Makes a task, which will run after all others.
    fn spawn<F>(&mut self, body: impl FnOnce(Line) -> F) -> Tid
    where
        F: Future<Output = Result<(), Raised>> + 'static,
    {
        self.last += 1;
        let tid = Tid {
            number: self.last,
            scheduler: 0,
        };
        let body: Body = Coroutine::new(body);
        let task = Task {
            body,
            result: Resume::Next,
            waiting: Waiting::Ready,
            waiters: Vec::new(),
        };
        self.tasks.insert(tid, task);
        self.ready.push_back(tid);
        tid
    }

    /// Runs tasks for as long as one is ready; returns how many are left.
    fn run(&mut self) -> usize {
        while let Some(tid) = self.ready.pop_front() {
            self.turn(tid);
        }
        self.tasks.len()
    }

    /// Runs a task until its next system call, and does what it asks for.
    fn turn(&mut self, tid: Tid) {
        // Killed while it was ready.
        let Some(task) = self.tasks.get_mut(&tid) else {
            return;
        };
        let how = mem::replace(&mut task.result, Resume::Next);
        match task.body.resume(how) {
            Step::Yielded(trap) => self.serve(tid, trap),
            Step::Returned(()) | Step::Raised(_) => self.end(tid),
        }
    }

    fn serve(&mut self, tid: Tid, trap: Trap) {
        match trap {
            Trap::Pause => self.wake(tid, Resume::Next),
            Trap::Kill(target) => {
                let found = self.kill(target);
                self.wake(tid, Resume::Send(found));
            }
            Trap::Wait(target) => self.wait(tid, target),
        }
    }

    /// Makes a task ready; its system call evaluates to `result`.
    fn wake(&mut self, tid: Tid, result: Resume<bool>) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.waiting = Waiting::Ready;
            task.result = result;
            self.ready.push_back(tid);
        }
    }

    /// Notes where a task waits from here on.
    fn park(&mut self, tid: Tid, waiting: Waiting) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.waiting = waiting;
        }
    }

    fn wait(&mut self, tid: Tid, target: Tid) {
        if self.leads_to(target, tid) {
            self.wake(tid, Resume::Throw(Deadlock.into()));
        } else if let Some(task) = self.tasks.get_mut(&target) {
            task.waiters.push(tid);
            self.park(tid, Waiting::For(target));
        } else {
            self.wake(tid, Resume::Send(false));
        }
    }

    /// Whether `from`, or the task at the end of the chain of waits that starts
    /// there, is `to`.
    fn leads_to(&self, mut from: Tid, to: Tid) -> bool {
        loop {
            if from == to {
                return true;
            }
            match self.tasks.get(&from).map(|task| &task.waiting) {
                Some(Waiting::For(next)) => from = *next,
                _ => return false,
            }
        }
    }

    /// Closes a task, and takes it off the table and out of where it waited.
    fn kill(&mut self, tid: Tid) -> bool {
        let Some(task) = self.tasks.get_mut(&tid) else {
            return false;
        };
        let waiting = task.waiting.clone();
        task.body.close().ok();
        match waiting {
            // In the ready queue its number is passed over.
            Waiting::Ready => {}
            Waiting::For(target) => {
                if let Some(target) = self.tasks.get_mut(&target) {
                    target.waiters.retain(|waiter| *waiter != tid);
                }
            }
        }
        self.end(tid);
        true
    }

    /// Takes a task off the table, and wakes the tasks that waited for it.
    fn end(&mut self, tid: Tid) {
        let Some(task) = self.tasks.remove(&tid) else {
            return;
        };
        for waiter in task.waiters {
            self.wake(waiter, Resume::Send(true));
        }
    }
}

/// Waits for tasks of which some cannot be waited for, and kills one that waits.
pub(super) fn demo() {
    let mut table = Table::default();
    let child =
        table.spawn(async |co: Line| co.yield_(Trap::Pause).await.map(|_| ()));
    let me = Tid { number: 3, ..child };
    let waiter = table.spawn(async move |co: Line| {
        co.yield_(Trap::Wait(me)).await.map(|_| ())
    });
    table.spawn(async move |co: Line| {
        for target in [child, child, waiter, me] {
            let ended = match co.yield_(Trap::Wait(target)).await {
                Ok(found) => (found == Some(true)).to_string(),
                Err(error) => error.to_string(),
            };
            println!("step 2: {me} waits for {target}: {ended}");
        }
        let killed = co.yield_(Trap::Kill(waiter)).await? == Some(true);
        println!("step 2: kill {waiter}, which waits: {killed}");
        Ok(())
    });
    println!("step 2: tasks left: {}", table.run());
}
