//! `send`: a running average as a state machine. To be finished.
//!
//! cargo xtask exercise ch03 averager

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

/// Yields the average of the numbers that it was sent.
#[derive(Default)]
pub struct Averager {
    sum: i32,
    count: i32,
}

impl Averager {
    /// Runs it to its next yield, or to its end.
    pub fn resume(&mut self, input: Input) -> Output {
        match input {
            Input::Next => Output::Yielded(0),
            Input::Send(number) => {
                self.sum += number;
                self.count += 1;
                Output::Yielded(self.sum / self.count)
            }
            Input::Throw(error) => Output::Raised(error),
            Input::Close => Output::Returned(self.count),
        }
    }
}
