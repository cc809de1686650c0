//! A child ends with its parent, and leaves Ctrl-C to it.
//!
//! A child that reads its stdin sees the stream end when the parent dies. A
//! child that computes does not read, so a thread watches the parent for it.

use tour::{Signal, interrupt};

/// Makes this process end with its parent; call it first in a child.
pub fn end_with_parent() {
    interrupt::ignore(|signal| signal == Signal::CTRL_C);
    #[cfg(unix)]
    std::thread::spawn(watch);
    // On Windows the id of a dead parent stays: there a child that computes
    // ends when it reads its stdin again.
}

/// Ends this process once it has another parent than before.
#[cfg(unix)]
fn watch() {
    use std::os::unix::process::parent_id;
    use std::time::Duration;

    // An orphan's new parent is `init`, or a process that plays its part
    // (a subreaper).
    let parent = parent_id();
    while parent_id() == parent {
        std::thread::sleep(Duration::from_millis(20));
    }
    // Any status will do: the parent that could read it has died.
    std::process::exit(1);
}
