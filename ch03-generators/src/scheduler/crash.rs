//! A task that ends takes the scheduler with it.
//!
//! The scheduler of the last stage expects a yield. In Python the end is an
//! exception, `StopIteration`, and nothing catches it.
//!
//! cargo run -p ch03-generators -- scheduler --stage crash

use super::{Scheduler, say};
use crate::coroutine::{Co, Coroutine, Raised};

/// Says its name `times` times.
pub async fn say_times(
    co: Co<'static, ()>,
    name: &str,
    times: u32,
) -> Result<(), Raised> {
    for _ in 0..times {
        println!("I'm {name}");
        co.yield_(()).await?;
    }
    Ok(())
}

/// Runs turns until one fails.
///
/// # Errors
///
/// The end of any task.
pub fn run_broken(scheduler: &mut Scheduler) -> Result<(), Raised> {
    while !scheduler.is_empty() {
        scheduler.turn()?;
    }
    Ok(())
}

/// Runs a task that ends beside one that does not.
pub fn demo() {
    let mut scheduler = Scheduler::default();
    scheduler.spawn(Coroutine::new(|co| say_times(co, "foo", 3)));
    scheduler.spawn(Coroutine::new(|co| say(co, "bar")));
    if let Err(raised) = run_broken(&mut scheduler) {
        println!("the scheduler has ended: {raised}");
    }
    println!("tasks that would go on: {}", scheduler.len());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_one_task_ends_the_loop_over_all() {
        let mut scheduler = Scheduler::default();
        scheduler.spawn(Coroutine::new(|co| say_times(co, "foo", 2)));
        scheduler.spawn(Coroutine::new(|co| say_times(co, "bar", 9)));
        assert!(run_broken(&mut scheduler).is_err());
        assert_eq!(scheduler.len(), 1);
    }
}
