//! Asked to end, it begins the second one.

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
    /// What the first has returned; until then it is the first that runs.
    returned: Option<i32>,
}

impl<A: Coroutine, B: Coroutine> Chain<A, B> {
    /// Makes a coroutine of two that have not begun.
    pub fn new(first: A, second: B) -> Chain<A, B> {
        Chain {
            first,
            second,
            returned: None,
        }
    }
}

impl<A: Coroutine, B: Coroutine> Coroutine for Chain<A, B> {
    fn resume(&mut self, input: Input) -> Output {
        let Some(x) = self.returned else {
            return match self.first.resume(input) {
                // Asked to end, the chain ends where it was.
                Output::Returned(x) => {
                    self.returned = Some(x);
                    // The input has been used up: the second begins.
                    self.resume(Input::Next)
                }
                output => output,
            };
        };
        match self.second.resume(input) {
            Output::Returned(y) => Output::Returned(x + y),
            output => output,
        }
    }
}
