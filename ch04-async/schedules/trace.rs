//! What the futures of the running schedule do: who, at which line, and what
//! it does to what they share.

use std::cell::{Cell, RefCell};
use std::panic::Location;

/// Who takes turns. The owner is who polls a future, and may drop it.
pub const NAMES: &[&str] = &["left", "right", "owner"];

/// The owner's place among the names.
pub const OWNER: usize = 2;

thread_local! {
    static STEPS: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
    static SHARED: Cell<&str> = const { Cell::new("") };
    static TURN: Cell<usize> = const { Cell::new(0) };
}

/// Begins a schedule, in which this is shared.
pub fn begin(shared: &'static str) {
    STEPS.take();
    SHARED.set(shared);
}

/// Ends it, and returns what was done in it.
pub fn end() -> Vec<String> {
    STEPS.take()
}

/// Says whose turn it is, in the order of [`NAMES`].
pub fn turn(of: usize) {
    TURN.set(of);
}

/// Notes what is shared before the first step.
pub fn made(value: &str) {
    note(format!("start {} = {value}", SHARED.get()));
}

/// Notes a step of the one whose turn it is.
pub fn step(line: u32, says: &str) {
    note(format!("{} {line}: {says}", NAMES[TURN.get()]));
}

/// Notes a step, and what the shared thing is after it.
pub fn change(at: &Location, says: &str, value: &str) {
    let shared = SHARED.get();
    step(at.line(), &format!("{says}; {shared} = {value}"));
}

/// Notes that this lock is taken, which is what the futures share.
pub fn locked(at: &Location) {
    let value = format!("locked by {}", NAMES[TURN.get()]);
    change(at, &format!("locks {}", SHARED.get()), &value);
}

/// Notes that the lock is free again, with this in it.
pub fn unlocked(at: &Location, value: &str) {
    change(at, &format!("gives {} back", SHARED.get()), value);
}

fn note(step: String) {
    STEPS.with_borrow_mut(|steps| steps.push(step));
}
