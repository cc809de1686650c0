//! Step 1: the table owns the tasks, and the ready queue holds numbers.

use std::collections::{BTreeMap, VecDeque};
use std::mem;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Resume, Step};
use crate::kernel::trap::Tid;

/// A task's body: yields traps, and is sent whether it was so.
type Body = Coroutine<'static, Trap, bool>;
/// A task's line to the scheduler.
type Line = Co<'static, Trap, bool>;

/// What a task can ask for.
enum Trap {
    Pause,
    Kill(Tid),
}

/// One task, and what its system call is going to evaluate to.
struct Task {
    body: Body,
    result: Resume<bool>,
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
        }
    }

    /// Makes a task ready; its system call evaluates to `result`.
    fn wake(&mut self, tid: Tid, result: Resume<bool>) {
        if let Some(task) = self.tasks.get_mut(&tid) {
            task.result = result;
            self.ready.push_back(tid);
        }
    }

    /// Closes a task, and takes it off the table.
    fn kill(&mut self, tid: Tid) -> bool {
        let Some(task) = self.tasks.get_mut(&tid) else {
            return false;
        };
        task.body.close().ok();
        self.end(tid);
        true
    }

    fn end(&mut self, tid: Tid) {
        self.tasks.remove(&tid);
    }
}

/// Never ends by itself.
async fn endless(co: Line) -> Result<(), Raised> {
    loop {
        co.yield_(Trap::Pause).await?;
    }
}

/// Kills a task that is in the ready queue, twice.
pub(super) fn demo() {
    let mut table = Table::default();
    let target = table.spawn(endless);
    table.spawn(async move |co: Line| {
        for again in ["", " again"] {
            let killed = co.yield_(Trap::Kill(target)).await? == Some(true);
            println!("step 1: kill {target}{again}: {killed}");
        }
        Ok(())
    });
    println!("step 1: tasks left: {}", table.run());
}
