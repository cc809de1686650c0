//! The caller's side: a coroutine is a stack of bodies, and a state.

use std::cell::Cell;
use std::rc::Rc;

use super::co::{Airlock, Message, frame};
use super::stack::{Stack, Stop};
use super::{Co, Misuse, Raised, Refused, Resumable, Resume, State, Step};

/// A suspended body, and those that it delegated to.
///
/// It yields `Y`, is sent `S` and returns `R`. What its bodies borrow lives
/// longer than `'a`. Dropping it closes it; what the body raises then is lost.
///
/// It stays on its thread: the bodies share cells with the driver. Move what it
/// is made from, and make it there.
///
/// ```compile_fail,E0277
/// use ch03_generators::coroutine::*;
///
/// let mut numbers = Coroutine::<u32>::new(|co| async move {
///     co.yield_(1).await?;
///     Ok(())
/// });
/// std::thread::spawn(move || numbers.next());
/// ```
pub struct Coroutine<'a, Y, S = (), R = ()> {
    stack: Stack<'a, Y, S>,
    returned: Rc<Cell<Option<R>>>,
    state: State,
}

impl<'a, Y, S, R> Coroutine<'a, Y, S, R> {
    /// Makes a coroutine of a body, of which nothing runs yet.
    pub fn new<F>(body: impl FnOnce(Co<'a, Y, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + 'a,
        R: 'a,
    {
        let airlock = Rc::new(Airlock::new());
        let (root, returned) = frame(body(Co {
            airlock: airlock.clone(),
        }));
        let stack = Stack::new(airlock, root);
        let state = State::Created;
        Coroutine {
            stack,
            returned,
            state,
        }
    }

    /// Runs it to its first yield, so that it can be sent values.
    ///
    /// The item of that yield is dropped. Do not prime what you delegate to:
    /// delegation does it.
    ///
    /// # Errors
    ///
    /// What the body raised; [`Misuse::Finished`] if it returned.
    pub fn primed(mut self) -> Result<Self, Raised> {
        self.next().yielded()?;
        Ok(self)
    }

    /// Sends `value`, or hands it back if nobody waits for one.
    ///
    /// # Errors
    ///
    /// Why it was refused. Nothing has happened to the coroutine.
    pub fn try_send(&mut self, value: S) -> Result<Step<Y, R>, Refused<S>> {
        match self.refusal() {
            Some(why) => Err(Refused { value, why }),
            None => Ok(self.resume(Resume::Send(value))),
        }
    }

    /// Returns where it stands.
    pub fn state(&self) -> State {
        match self.state {
            // Whoever can ask is outside, so the body was left by a panic.
            State::Running => State::Finished,
            state => state,
        }
    }

    /// Returns how many bodies it holds: one, and one for each delegation.
    pub fn depth(&self) -> usize {
        self.stack.depth()
    }

    fn refusal(&self) -> Option<Misuse> {
        match self.state {
            State::Created => Some(Misuse::Unprimed),
            State::Suspended => None,
            State::Finished => Some(Misuse::Finished),
            State::Running => Some(Misuse::Panicked),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run(&mut self, message: Option<Message<S>>) -> Step<Y, R> {
        // Stays if the body panics: that is how the next resume finds out.
        self.state = State::Running;
        if let Stop::Ended(ended) = self.stack.run(message) {
            self.finish();
            return match (ended, self.returned.take()) {
                (Err(raised), _) => Step::Raised(raised),
                (Ok(()), Some(value)) => Step::Returned(value),
                (Ok(()), None) => Step::Raised(Misuse::Finished.into()),
            };
        }
        self.state = State::Suspended;
        match self.stack.item() {
            Some(item) => Step::Yielded(item),
            None => Step::Raised(Misuse::ForeignAwait.into()),
        }
    }

    fn finish(&mut self) {
        // Before the bodies: while one of them is dropped, it asks in vain.
        self.state = State::Finished;
        self.stack.unwind_to(0);
    }
}

impl<Y, S, R> Resumable<S> for Coroutine<'_, Y, S, R> {
    type Yield = Y;
    type Return = R;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        match (self.state, how) {
            // No yield waits for a message yet.
            (State::Created, Resume::Next) => self.run(None),
            (State::Suspended, Resume::Next) => self.run(Some(Ok(None))),
            (State::Suspended, Resume::Send(value)) => {
                self.run(Some(Ok(Some(value))))
            }
            (State::Suspended, Resume::Throw(raised)) => {
                self.run(Some(Err(raised)))
            }
            (State::Suspended, Resume::Close) => {
                match self.run(Some(Err(Raised::Exit))) {
                    Step::Yielded(_) => {
                        self.finish();
                        Step::Raised(Misuse::IgnoredExit.into())
                    }
                    ended => ended,
                }
            }
            // A body that has not begun has nothing to clean up.
            (_, Resume::Throw(raised)) => {
                self.finish();
                Step::Raised(raised)
            }
            (_, Resume::Close) => {
                self.finish();
                Step::Raised(Raised::Exit)
            }
            (_, Resume::Next | Resume::Send(_)) => {
                let why = self.refusal().unwrap_or(Misuse::Finished);
                Step::Raised(why.into())
            }
        }
    }
}

impl<Y, S, R> Drop for Coroutine<'_, Y, S, R> {
    fn drop(&mut self) {
        // Nobody is left to be told what the body raises. While a panic unwinds
        // this thread, a second one in the body would abort the process.
        if self.state == State::Suspended && !std::thread::panicking() {
            self.close().ok();
        }
        self.finish();
    }
}
