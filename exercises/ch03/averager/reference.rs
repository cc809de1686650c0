//! `send`: a running average, as a sum, a count and a state.

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
    state: State,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    NotBegun,
    Waiting,
    Ended,
}

impl Averager {
    /// Runs it to its next yield, or to its end.
    pub fn resume(&mut self, input: Input) -> Output {
        match (self.state, input) {
            (State::Ended, _) => Output::Raised("ended"),
            (State::NotBegun, Input::Send(_)) => Output::Raised("not begun"),
            (_, Input::Next) => {
                self.state = State::Waiting;
                self.average()
            }
            (_, Input::Send(number)) => {
                self.sum += number;
                self.count += 1;
                self.average()
            }
            (State::Waiting, Input::Throw("reset")) => {
                (self.sum, self.count) = (0, 0);
                self.average()
            }
            (_, Input::Throw(error)) => {
                self.state = State::Ended;
                Output::Raised(error)
            }
            (_, Input::Close) => {
                self.state = State::Ended;
                Output::Returned(self.count)
            }
        }
    }

    fn average(&self) -> Output {
        Output::Yielded(self.sum.checked_div(self.count).unwrap_or(0))
    }
}
