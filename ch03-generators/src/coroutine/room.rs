//! How deep coroutines may resume each other: as far as the stack reaches.

use std::cell::Cell;
use std::ptr;

/// What is left for the body at the end: its own calls, and what they print.
const RESERVE: usize = 128 << 10;
/// How much stack a chain is dropped on, again and again.
const PIECE: usize = 1 << 20;

thread_local! {
    /// The address that this thread's stack must not grow below; the first
    /// question finds it out.
    static LOWEST: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Returns whether this thread's stack has room for one more resume.
#[inline(always)]
pub(super) fn is_left() -> bool {
    let here = 0_u8;
    let at = ptr::from_ref(&here).addr();
    at >= LOWEST.get() || is_left_of(at)
}

/// Finds out where the stack ends, away from the code that is run on every
/// resume.
#[cold]
#[inline(never)]
fn is_left_of(at: usize) -> bool {
    // Where the system does not tell, there is no limit to check.
    let left = stacker::remaining_stack().unwrap_or(usize::MAX);
    LOWEST.set(at.saturating_sub(left).saturating_add(RESERVE));
    left > RESERVE
}

/// Runs `work`, on a further piece of stack if this one has no room.
pub(super) fn run<T>(work: impl FnOnce() -> T) -> T {
    if is_left() {
        return work();
    }
    /// Puts the old limit back, also when `work` panics.
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            LOWEST.set(self.0);
        }
    }
    let _restore = Restore(LOWEST.replace(usize::MAX));
    stacker::grow(PIECE, work)
}
