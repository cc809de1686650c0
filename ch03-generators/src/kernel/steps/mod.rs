//! The table of tasks in three steps, each a program.
//!
//! - [`one`]: the table owns the tasks, and the ready queue holds numbers.
//! - [`two`]: a task waits for another one's end.
//! - [`three`]: a task waits in a queue.
//!
//! The kernel's own table has all of that, and failures, timers and threads.

mod one;
mod three;
mod two;

/// Runs a few tasks on the table of each step.
pub(super) fn demo() {
    one::demo();
    two::demo();
    three::demo();
}
