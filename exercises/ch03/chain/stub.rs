//! `yield from`: two coroutines, one after the other. To be written.
//!
//! cargo xtask exercise ch03 chain

/// The four ways to resume a coroutine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Input {
    /// The first time always; later, a `Send` of nothing.
    Next,
    Send(i32),
    Throw(&'static str),
    /// Asks it to end: it answers `Returned` or `Raised`.
    Close,
}

/// The result of a resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    Yielded(i32),
    Returned(i32),
    Raised(&'static str),
}

/// A function that waits in the middle.
pub trait Coroutine {
    /// Runs it to its next yield, or to its end.
    fn resume(&mut self, input: Input) -> Output;
}

/// Runs `first`, then `second`; returns the sum of what they return.
pub struct Chain<A, B> {
    first: A,
    second: B,
}

impl<A: Coroutine, B: Coroutine> Chain<A, B> {
    /// Makes a coroutine of two that have not begun.
    pub fn new(first: A, second: B) -> Chain<A, B> {
        Chain { first, second }
    }
}

impl<A: Coroutine, B: Coroutine> Coroutine for Chain<A, B> {
    fn resume(&mut self, input: Input) -> Output {
        todo!("which of the two gets {input:?}?")
    }
}
