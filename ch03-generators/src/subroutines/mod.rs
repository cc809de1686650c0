//! A task calls a subroutine that makes system calls.
//!
//! Without `yield from` a call is a yield, and the task keeps the stack. Three
//! holes are here: a pause, an error and a kill. `await` has none of them.
//!
//! cargo run -p ch03-generators -- subroutines

pub mod cli;

use std::collections::VecDeque;

use crate::coroutine::{
    Co, Coroutine, Except, Misuse, Raised, Resumable, Step,
};

/// What a routine can yield.
pub enum Said {
    /// To the scheduler: let others run.
    Pause,
    /// To the scheduler: close this task.
    Kill(usize),
    /// To the task: run this, and send me its value.
    Call(Routine),
    /// To the task: this is my value.
    Value(u32),
}

/// A task's body: yields what it asks for, and is sent numbers.
pub type Routine = Coroutine<'static, Said, u32>;
/// A routine's line.
pub type Line = Co<'static, Said, u32>;

/// Routines that called each other, the outermost first.
struct Task {
    stack: Vec<Routine>,
    sent: Option<u32>,
}

impl Task {
    /// Runs it until something is said to the scheduler; `None` at the end.
    fn run_broken(&mut self) -> Result<Option<Said>, Raised> {
        while let Some(top) = self.stack.last_mut() {
            let step = match self.sent.take() {
                Some(value) => top.send(value),
                None => top.next(),
            };
            match step {
                Step::Yielded(Said::Call(routine)) => self.stack.push(routine),
                Step::Yielded(Said::Kill(tid)) => {
                    return Ok(Some(Said::Kill(tid)));
                }
                // Any other yield, from one that was called, is its return.
                Step::Yielded(said) if self.stack.len() > 1 => {
                    self.stack.pop();
                    self.sent = match said {
                        Said::Value(value) => Some(value),
                        _ => None,
                    };
                }
                Step::Yielded(said) => return Ok(Some(said)),
                Step::Returned(()) => drop(self.stack.pop()),
                // Closed, says the top; and its caller goes on.
                Step::Raised(raised)
                    if raised.misuse() == Some(Misuse::Finished) =>
                {
                    self.stack.pop();
                }
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(None)
    }
}

/// Runs tasks in turn; they are numbered from 0.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 8.
///
/// # Errors
///
/// What any routine raised.
pub fn run_broken(bodies: Vec<Routine>) -> Result<(), Raised> {
    let task = |body| Task {
        stack: vec![body],
        sent: None,
    };
    let mut tasks: Vec<Task> = bodies.into_iter().map(task).collect();
    let mut ready: VecDeque<usize> = (0..tasks.len()).collect();
    while let Some(tid) = ready.pop_front() {
        let Some(said) = tasks[tid].run_broken()? else {
            println!("task {tid} terminated");
            continue;
        };
        if let Said::Kill(target) = said
            && let Some(top) = tasks[target].stack.last_mut()
        {
            // It closes the innermost routine; its callers get no exit.
            top.close()?;
        }
        ready.push_back(tid);
    }
    Ok(())
}

/// Returns 3, by a yield.
async fn three(co: Line) -> Result<(), Raised> {
    co.yield_(Said::Value(3)).await?;
    println!("never printed");
    Ok(())
}

/// Calls a routine and says what came of it.
async fn caller(co: Line, routine: Routine) -> Result<(), Raised> {
    match co.yield_(Said::Call(routine)).await.except_any()? {
        Ok(value) => println!("caller: {value:?}"),
        Err(error) => println!("caller: caught {error}"),
    }
    Ok(())
}

/// Calls a routine that returns 3.
///
/// # Errors
///
/// None, as it is.
pub fn demo() -> Result<(), Raised> {
    let three = Coroutine::new(three);
    let main = Coroutine::new(|co| caller(co, three));
    run_broken(vec![main])
}

/// A subroutine wants to let others run.
///
/// # Errors
///
/// None, as it is.
pub fn pause() -> Result<(), Raised> {
    let giving_way = Coroutine::new(|co: Line| async move {
        println!("subroutine: after you");
        co.yield_(Said::Pause).await?;
        println!("never printed");
        Ok(())
    });
    let main = Coroutine::new(|co| caller(co, giving_way));
    let other = Coroutine::new(|_: Line| async {
        println!("other: at last");
        Ok(())
    });
    run_broken(vec![main, other])
}

/// A subroutine fails, and its caller would catch it.
///
/// # Errors
///
/// Always: that of the subroutine.
pub fn raised() -> Result<(), Raised> {
    let failing: Routine =
        Coroutine::new(|_| async { Err(Raised::message("in subroutine")) });
    let main = Coroutine::new(|co| caller(co, failing));
    run_broken(vec![main])
}

/// A task is killed while it is in a subroutine.
///
/// # Errors
///
/// None, as it is.
pub fn killed() -> Result<(), Raised> {
    let holding = Coroutine::new(|co: Line| async move {
        println!("subroutine: kills its task");
        // Its own task. What is closed is this routine, and no other.
        co.yield_(Said::Kill(0)).await?;
        println!("never printed");
        Ok(())
    });
    let main = Coroutine::new(|co| caller(co, holding));
    run_broken(vec![main])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_calls_deep_the_value_comes_up() {
        async fn ten_times(co: Line) -> Result<(), Raised> {
            let inner = Said::Call(Coroutine::new(three));
            let value = co.yield_(inner).await?.unwrap_or_default();
            co.yield_(Said::Value(10 * value)).await?;
            Ok(())
        }
        let main = Coroutine::new(|co: Line| async move {
            let call = Said::Call(Coroutine::new(ten_times));
            assert_eq!(co.yield_(call).await?, Some(30));
            Ok(())
        });
        run_broken(vec![main]).unwrap();
    }

    #[test]
    fn an_error_in_a_subroutine_passes_its_caller_by() {
        assert!(raised().is_err());
    }
}
