//! What a child does about its parent: leaves Ctrl-C to it, and ends with it.
//!
//! A child that reads its stdin sees the stream end when the parent dies. A
//! child that computes reads nothing, so a thread watches the parent for it.

use tour::{Signal, interrupt};

/// Ties this process to the one that started it; to be called first in a child.
pub fn end_with_parent() {
    interrupt::ignore(|signal| signal == Signal::CTRL_C);
    #[cfg(unix)]
    std::thread::spawn(watch);
    // On Windows a child's parent keeps its id after death: there a child that
    // computes ends when it reads its stdin again.
}

/// Ends this process once its parent is another one than before.
#[cfg(unix)]
fn watch() {
    use std::os::unix::process::parent_id;
    use std::time::Duration;

    // A child whose parent has died belongs to `init`, or to a process that
    // stands in for it.
    let parent = parent_id();
    while parent_id() == parent {
        std::thread::sleep(Duration::from_millis(20));
    }
    // With whatever status: the process that could ask for it is gone.
    std::process::exit(1);
}
