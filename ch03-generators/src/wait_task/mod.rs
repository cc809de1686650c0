//! A task waits for another one's end: it leaves the queue until then.
//!
//! New: a second place where tasks are, beside the ready queue. A task that is
//! in neither is lost, and that happens.
//!
//! cargo run -p ch03-generators -- wait-task

pub mod cli;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;
use std::thread;

use crate::coroutine::{Co, Coroutine, Misuse, Raised, Resumable, Step};

/// What a task can ask for.
pub enum Trap {
    /// Let others run.
    Pause,
    /// What is my number?
    GetTid,
    /// Make a task of this; what is its number?
    New(Body),
    /// Close this task; was there one?
    Kill(u32),
    /// Go on when this task has ended; was there one?
    Wait(u32),
}

/// What a system call evaluates to: a number, which for a question is 0 or 1.
pub type Answer = u32;
/// What a task is made of.
pub type Body = Coroutine<'static, Trap, Answer>;
/// A task's line to the scheduler.
pub type Line = Co<'static, Trap, Answer>;

struct Task {
    tid: u32,
    body: Body,
    answer: Option<Answer>,
}

type Shared = Rc<RefCell<Task>>;

/// Runs tasks in turn, and lets them wait for each other.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 6.
#[derive(Default)]
pub struct Scheduler {
    tasks: BTreeMap<u32, Shared>,
    ready: VecDeque<Shared>,
    waiting: BTreeMap<u32, Vec<Shared>>,
    last: u32,
}

impl Scheduler {
    /// Makes a task, which will run after all others.
    pub fn spawn(&mut self, body: Body) -> u32 {
        self.last += 1;
        let (tid, answer) = (self.last, None);
        let task = Rc::new(RefCell::new(Task { tid, body, answer }));
        self.tasks.insert(tid, task.clone());
        self.ready.push_back(task);
        tid
    }

    /// Runs tasks for as long as one is ready, and returns how many are left.
    ///
    /// # Errors
    ///
    /// What a task raised. The others do not go on.
    pub fn run(&mut self) -> Result<usize, Raised> {
        while let Some(task) = self.ready.pop_front() {
            let mut running = task.borrow_mut();
            let step = match running.answer.take() {
                Some(answer) => running.body.send(answer),
                None => running.body.next(),
            };
            let tid = running.tid;
            drop(running);
            match step {
                Step::Yielded(trap) => self.serve(tid, trap, task),
                Step::Returned(()) => self.exit(tid),
                Step::Raised(raised)
                    if raised.misuse() == Some(Misuse::Finished) =>
                {
                    self.exit(tid);
                }
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(self.tasks.len())
    }

    fn serve(&mut self, tid: u32, trap: Trap, task: Shared) {
        let answer = match trap {
            Trap::Pause => None,
            Trap::GetTid => Some(tid),
            Trap::New(body) => Some(self.spawn(body)),
            Trap::Kill(target) => {
                let target = self.tasks.get(&target);
                let closed = target.map(|t| t.borrow_mut().body.close());
                Some(u32::from(closed.is_some()))
            }
            Trap::Wait(target) if self.tasks.contains_key(&target) => {
                task.borrow_mut().answer = Some(1);
                return self.waiting.entry(target).or_default().push(task);
            }
            Trap::Wait(_) => Some(0),
        };
        task.borrow_mut().answer = answer;
        self.ready.push_back(task);
    }

    fn exit(&mut self, tid: u32) {
        self.tasks.remove(&tid);
        println!("Task {tid} terminated");
        let waiters = self.waiting.remove(&tid);
        self.ready.extend(waiters.into_iter().flatten());
    }
}

/// Makes a system call that is answered with a number.
///
/// # Errors
///
/// [`Raised::Exit`] when the task is killed.
pub async fn call(co: &Line, trap: Trap) -> Result<u32, Raised> {
    Ok(co.yield_(trap).await?.unwrap_or_default())
}

/// Says its name `times` times.
async fn foo(co: Line, times: u32) -> Result<(), Raised> {
    for _ in 0..times {
        println!("I'm foo");
        call(&co, Trap::Pause).await?;
    }
    Ok(())
}

/// Runs `main` and whatever it starts.
fn run(
    main: impl AsyncFnOnce(Line) -> Result<(), Raised> + 'static,
) -> Result<usize, Raised> {
    let mut scheduler = Scheduler::default();
    let main = Coroutine::new(|co| async move { main(co).await });
    scheduler.spawn(main);
    scheduler.run()
}

/// Waits for a child.
///
/// # Errors
///
/// None, as it is.
pub fn demo() -> Result<(), Raised> {
    run(async |co| {
        let child = Coroutine::new(|co| foo(co, 5));
        let child = call(&co, Trap::New(child)).await?;
        println!("Waiting for child");
        call(&co, Trap::Wait(child)).await?;
        println!("Child done");
        Ok(())
    })
    .map(|_| ())
}

/// Kills a task that is ready, and waits for it.
///
/// # Errors
///
/// None, as it is.
pub fn killed() -> Result<(), Raised> {
    run(async |co| {
        let child = Coroutine::new(|co| foo(co, 3));
        let child = call(&co, Trap::New(child)).await?;
        let killed = call(&co, Trap::Kill(child)).await?;
        println!("kill {child}: {}", killed == 1);
        let waited = call(&co, Trap::Wait(child)).await?;
        println!("wait {child}: {}", waited == 1);
        Ok(())
    })
    .map(|_| ())
}

/// Kills a task that waits for another one.
///
/// # Errors
///
/// None, as it is.
pub fn killed_waiter() -> Result<(), Raised> {
    run(async |co| {
        let long = Coroutine::new(|co| foo(co, 6));
        let long = call(&co, Trap::New(long)).await?;
        let waiter = Coroutine::new(move |co: Line| async move {
            call(&co, Trap::Wait(long)).await.map(|_| ())
        });
        let waiter = call(&co, Trap::New(waiter)).await?;
        call(&co, Trap::Pause).await?;
        let killed = call(&co, Trap::Kill(waiter)).await?;
        println!("kill {waiter}: {}", killed == 1);
        // A dead task is waited for, until the one it waited for has ended.
        let waited = call(&co, Trap::Wait(waiter)).await?;
        println!("wait {waiter}: {}", waited == 1);
        Ok(())
    })
    .map(|_| ())
}

/// Lets one task fail, beside one that does not.
///
/// # Errors
///
/// Always: that of the task.
pub fn raised() -> Result<(), Raised> {
    run(async |co| {
        call(&co, Trap::New(Coroutine::new(|co| foo(co, 3)))).await?;
        println!("main fails");
        Err(Raised::message("client reset"))
    })
    .map(|_| ())
}

/// Lets a task wait for itself, and never returns.
///
/// # Errors
///
/// None, as it is.
pub fn itself() -> Result<(), Raised> {
    let left = run(async |co| {
        let me = call(&co, Trap::GetTid).await?;
        println!("{me} waits for {me}");
        call(&co, Trap::Wait(me)).await?;
        println!("never printed");
        Ok(())
    });
    println!("no task is ready, {} is left", left?);
    // What Python's queue does when it is asked for the next task.
    loop {
        thread::park();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn all_waiters_of_a_task_are_released_in_their_order() {
        let order = Rc::new(RefCell::new(vec![]));
        let mut scheduler = Scheduler::default();
        let long = scheduler.spawn(Coroutine::new(|co| foo(co, 3)));
        for name in ["w1", "w2"] {
            let order = order.clone();
            scheduler.spawn(Coroutine::new(move |co: Line| async move {
                let found = call(&co, Trap::Wait(long)).await?;
                order.borrow_mut().push((name, found));
                Ok(())
            }));
        }
        assert_eq!(scheduler.run().unwrap(), 0);
        assert_eq!(*order.borrow(), [("w1", 1), ("w2", 1)]);
    }

    #[test]
    fn waiting_for_an_unknown_task_is_false_at_once() {
        let answers = Rc::new(Cell::new((9, 9)));
        let theirs = answers.clone();
        let left = run(async move |co| {
            let wait = call(&co, Trap::Wait(99)).await?;
            theirs.set((wait, call(&co, Trap::Kill(99)).await?));
            Ok(())
        });
        assert_eq!((left.unwrap(), answers.get()), (0, (0, 0)));
    }
}
