//! A task starts another, and ends it.
//!
//! New: two system calls, and a list of the tasks. A task has only numbers
//! to name the others by.
//!
//! cargo run -p ch03-generators -- task-management

pub mod cli;

use std::cell::RefCell;
use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

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
}

/// What a system call evaluates to.
pub enum Answer {
    /// A task's number.
    Tid(u32),
    /// Whether it was so.
    Flag(bool),
}

/// What a task is made of, and its line to the scheduler.
pub type Body = Coroutine<'static, Trap, Answer>;
/// A task's line to the scheduler.
pub type Line = Co<'static, Trap, Answer>;

struct Task {
    tid: u32,
    body: Body,
    answer: Option<Answer>,
}

/// Runs tasks in turn, starts them and ends them.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 6.
#[derive(Default)]
pub struct Scheduler {
    tasks: BTreeMap<u32, Rc<RefCell<Task>>>,
    ready: VecDeque<Rc<RefCell<Task>>>,
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

    /// Runs all tasks to their ends.
    ///
    /// # Errors
    ///
    /// What a task raised. The others do not go on.
    pub fn run(&mut self) -> Result<(), Raised> {
        while let Some(task) = self.ready.pop_front() {
            let mut running = task.borrow_mut();
            let step = match running.answer.take() {
                Some(answer) => running.body.send(answer),
                None => running.body.next(),
            };
            let tid = running.tid;
            drop(running);
            match step {
                Step::Yielded(trap) => {
                    let answer = self.serve(tid, trap);
                    task.borrow_mut().answer = answer;
                    self.ready.push_back(task);
                }
                Step::Returned(()) => self.exit(tid),
                // Killed since its last turn: it is noticed only here.
                Step::Raised(raised)
                    if raised.misuse() == Some(Misuse::Finished) =>
                {
                    self.exit(tid);
                }
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(())
    }

    fn serve(&mut self, tid: u32, trap: Trap) -> Option<Answer> {
        Some(match trap {
            Trap::Pause => return None,
            Trap::GetTid => Answer::Tid(tid),
            Trap::New(body) => Answer::Tid(self.spawn(body)),
            Trap::Kill(target) => {
                let target = self.tasks.get(&target);
                let closed = target.map(|t| t.borrow_mut().body.close());
                Answer::Flag(closed.is_some())
            }
        })
    }

    fn exit(&mut self, tid: u32) {
        self.tasks.remove(&tid);
        println!("Task {tid} terminated");
    }
}

/// Returns the caller's number.
///
/// # Errors
///
/// [`Raised::Exit`] when the task is killed.
pub async fn get_tid(co: &Line) -> Result<u32, Raised> {
    tid_of(co.yield_(Trap::GetTid).await?)
}

/// Starts a task and returns its number.
///
/// # Errors
///
/// [`Raised::Exit`] when the task is killed.
pub async fn new_task(co: &Line, body: Body) -> Result<u32, Raised> {
    tid_of(co.yield_(Trap::New(body)).await?)
}

fn tid_of(answer: Option<Answer>) -> Result<u32, Raised> {
    match answer {
        Some(Answer::Tid(tid)) => Ok(tid),
        _ => Err(Raised::message("a number was expected")),
    }
}

/// Kills a task; returns whether there was one.
///
/// # Errors
///
/// [`Raised::Exit`] when the task is killed.
pub async fn kill(co: &Line, tid: u32) -> Result<bool, Raised> {
    let answer = co.yield_(Trap::Kill(tid)).await?;
    Ok(matches!(answer, Some(Answer::Flag(true))))
}

/// Says its name and number for ever.
async fn foo(co: Line) -> Result<(), Raised> {
    let tid = get_tid(&co).await?;
    loop {
        println!("I'm foo {tid}");
        co.yield_(Trap::Pause).await?;
    }
}

/// Runs a task that starts another, and kills it after five turns.
///
/// # Errors
///
/// None, as it is.
pub fn demo() -> Result<(), Raised> {
    let mut scheduler = Scheduler::default();
    scheduler.spawn(Coroutine::new(|co: Line| async move {
        let child = new_task(&co, Coroutine::new(foo)).await?;
        for _ in 0..5 {
            co.yield_(Trap::Pause).await?;
        }
        kill(&co, child).await?;
        println!("main done");
        Ok(())
    }));
    scheduler.run()
}

/// Kills a task twice, and itself once.
///
/// # Errors
///
/// None, as it is.
pub fn late() -> Result<(), Raised> {
    let mut scheduler = Scheduler::default();
    let main = Coroutine::new(|co: Line| async move {
        let child = new_task(&co, Coroutine::new(foo)).await?;
        println!("kill {child}: {}", kill(&co, child).await?);
        println!("kill 99: {}", kill(&co, 99).await?);
        let me = get_tid(&co).await?;
        kill(&co, me).await?;
        println!("never printed");
        Ok(())
    });
    scheduler.spawn(main);
    // Between the child and its own next turn: to it the child still exists.
    scheduler.spawn(Coroutine::new(|co: Line| async move {
        co.yield_(Trap::Pause).await?;
        println!("kill 3 again: {}", kill(&co, 3).await?);
        Ok(())
    }));
    scheduler.run()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    struct Told(Rc<Cell<bool>>);

    impl Drop for Told {
        fn drop(&mut self) {
            self.0.set(true);
        }
    }

    #[test]
    fn a_killed_task_is_closed_at_once_and_removed_at_its_next_turn() {
        let dropped = Rc::new(Cell::new(false));
        let (seen, told) = (dropped.clone(), Told(dropped));
        let mut scheduler = Scheduler::default();
        scheduler.spawn(Coroutine::new(|co: Line| async move {
            let child = Coroutine::new(|co: Line| async move {
                let _told = told;
                co.yield_(Trap::Pause).await?;
                Ok(())
            });
            let child = new_task(&co, child).await?;
            assert!(!seen.get());
            assert!(kill(&co, child).await?);
            assert!(seen.get());
            // It has had its turn, in which it was found to have ended.
            assert!(!kill(&co, child).await?);
            Ok(())
        }));
        scheduler.run().unwrap();
    }

    #[test]
    fn a_task_that_kills_itself_does_not_go_on() {
        let went_on = Rc::new(Cell::new(false));
        let theirs = went_on.clone();
        let mut scheduler = Scheduler::default();
        scheduler.spawn(Coroutine::new(|co: Line| async move {
            let me = get_tid(&co).await?;
            kill(&co, me).await?;
            theirs.set(true);
            Ok(())
        }));
        scheduler.run().unwrap();
        assert!(!went_on.get());
    }
}
