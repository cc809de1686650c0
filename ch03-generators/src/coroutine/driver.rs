//! The caller's side: a coroutine is a stack of bodies and a loop over its top.

use std::cell::Cell;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::co::{Airlock, Frame, Message, Request, frame};
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
    airlock: Rc<Airlock<'a, Y, S>>,
    /// The outermost body first. All but the last wait for the one above.
    frames: Vec<Frame<'a>>,
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
        let state = State::Created;
        Coroutine {
            airlock,
            frames: vec![root],
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
        self.frames.len()
    }

    fn refusal(&self) -> Option<Misuse> {
        match self.state {
            State::Created => Some(Misuse::Unprimed),
            State::Suspended => None,
            State::Finished => Some(Misuse::Finished),
            State::Running => Some(Misuse::Panicked),
        }
    }

    /// Delivers `message` to the top body, and runs until one yields to the
    /// caller or the last one ends.
    fn run(&mut self, message: Option<Message<S>>) -> Step<Y, R> {
        let exiting = matches!(message, Some(Err(Raised::Exit)));
        // Which delegate must end without a yield. The outermost body is asked
        // by the caller: `throw` lets it yield, `close` does not.
        let mut closing = exiting.then(|| self.frames.len() - 1);
        self.airlock.message.set(message);
        self.state = State::Running;
        let mut cx = Context::from_waker(Waker::noop());
        while let Some(top) = self.frames.last_mut() {
            let message = match top.as_mut().poll(&mut cx) {
                Poll::Pending => match self.airlock.request.take() {
                    Some(Request::Delegate(body)) => {
                        self.frames.push(body);
                        continue;
                    }
                    Some(Request::Yield(item)) => match closing.take() {
                        Some(depth @ 1..) => {
                            self.unwind_to(depth);
                            Err(Misuse::IgnoredExit.into())
                        }
                        _ => {
                            self.state = State::Suspended;
                            return Step::Yielded(item);
                        }
                    },
                    None => {
                        self.finish();
                        return Step::Raised(Misuse::ForeignAwait.into());
                    }
                },
                Poll::Ready(ended) => {
                    self.frames.pop();
                    // A yield that the body gave up on is not its parent's.
                    drop(self.airlock.request.take());
                    let depth = self.frames.len();
                    let closed = closing == Some(depth);
                    if closed {
                        closing = None;
                    }
                    match ended {
                        Ok(()) | Err(Raised::Exit) if closed && depth > 0 => {
                            closing = Some(depth - 1);
                            Err(Raised::Exit)
                        }
                        Ok(()) => Ok(None),
                        Err(raised) => Err(raised),
                    }
                }
            };
            self.airlock.message.set(Some(message));
        }
        self.state = State::Finished;
        match self.airlock.message.take() {
            Some(Err(raised)) => Step::Raised(raised),
            _ => match self.returned.take() {
                Some(value) => Step::Returned(value),
                None => Step::Raised(Misuse::Finished.into()),
            },
        }
    }

    /// Drops the bodies above `depth`, the innermost first.
    fn unwind_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            self.frames.pop();
        }
    }

    fn finish(&mut self) {
        // Before the bodies: while one of them is dropped, it asks in vain.
        self.state = State::Finished;
        self.unwind_to(0);
        drop(self.airlock.request.take());
    }
}

impl<Y, S, R> Resumable<S> for Coroutine<'_, Y, S, R> {
    type Yield = Y;
    type Return = R;

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
