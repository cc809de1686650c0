//! Step 3: a task waits in a queue, and a killed one is taken out of it.

use std::collections::{BTreeMap, VecDeque};
use std::mem;
use std::rc::Rc;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Resume, Step};
use crate::kernel::queue::{Queue, Woken};
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
    Block(Rc<Queue>),
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
    /// In that queue.
    In(Rc<Queue>),
}

/// The tasks, and the numbers of those that are ready.
#[derive(Default)]
struct Table {
    tasks: BTreeMap<Tid, Task>,
    ready: VecDeque<Tid>,
    /// The tasks that a queue has let go since the last turn.
    woken: Woken,
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
            for tid in self.woken.take() {
                self.wake(tid, Resume::Next);
            }
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
            Trap::Block(queue) => {
                queue.push(tid);
                self.park(tid, Waiting::In(queue));
            }
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
            Waiting::In(queue) => queue.remove(tid),
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

/// Kills the first of two tasks that wait in a queue, and wakes one.
pub(super) fn demo() {
    let mut table = Table::default();
    let queue = Queue::new(&table.woken, false);
    let [first, second] = [1, 2].map(|number| {
        let queue = queue.clone();
        table.spawn(async move |co: Line| {
            co.yield_(Trap::Block(queue)).await?;
            println!("step 3: {number} is woken");
            co.yield_(Trap::Pause).await.map(|_| ())
        })
    });
    table.spawn(async move |co: Line| {
        let killed = co.yield_(Trap::Kill(first)).await? == Some(true);
        println!("step 3: kill {first}: {killed}");
        queue.wake_one();
        let ended = co.yield_(Trap::Wait(second)).await? == Some(true);
        println!("step 3: wait for {second}: {ended}");
        Ok(())
    });
    println!("step 3: tasks left: {}", table.run());
}
