//! The caller's side: a coroutine is a stack of bodies, and a state.

use std::rc::Rc;
use std::task::Poll;

use super::co::{Airlock, Door, Message};
use super::stack::Stack;
use super::{Co, Misuse, Raised, Refused, Resumable, Resume, State, Step};

/// A suspended body, and those that it delegated to.
///
/// It yields `Y`, is sent `S` and returns `R`. What its bodies borrow lives
/// longer than `'a`. Dropping it closes it; what the body raises then is lost.
///
/// It stays on its thread: the bodies share cells with the driver. Move what it
/// is made from, and make it there; or take a [`Movable`](super::Movable).
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
pub struct Coroutine<'a, Y, S = (), R = ()>(Stack<'a, Y, S, R>);

impl<'a, Y, S, R> Coroutine<'a, Y, S, R> {
    /// Makes a coroutine of a body, of which nothing runs yet.
    pub fn new<F>(body: impl FnOnce(Co<'a, Y, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + 'a,
    {
        let airlock = Rc::new(Airlock::new());
        let root = Box::pin(body(Co {
            airlock: airlock.clone(),
        }));
        Coroutine(Stack::new(airlock, root))
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
        match self.0.airlock.door.get() {
            Door::Created => State::Created,
            Door::Item => State::Suspended,
            // Whoever can ask is outside, so a panic left the body running.
            _ => State::Finished,
        }
    }

    /// Returns how many bodies it holds: one, and one for each delegation.
    pub fn depth(&self) -> usize {
        self.0.depth()
    }

    fn refusal(&self) -> Option<Misuse> {
        match self.0.airlock.door.get() {
            Door::Created => Some(Misuse::Unprimed),
            Door::Item => None,
            Door::Finished => Some(Misuse::Finished),
            _ => Some(Misuse::Panicked),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn answer(&mut self, message: Message<S>) -> Step<Y, R> {
        let exit = matches!(message, Err(Raised::Exit));
        self.0.airlock.answer(message);
        self.run(exit)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run(&mut self, exit: bool) -> Step<Y, R> {
        match self.0.run(exit) {
            Poll::Ready(ended) => {
                self.0.unwind();
                ended.map_or_else(Step::Raised, Step::Returned)
            }
            // The door said that it is there.
            Poll::Pending => self.0.airlock.item.take().map_or_else(
                || Step::Raised(Misuse::ForeignAwait.into()),
                Step::Yielded,
            ),
        }
    }
}

impl<Y, S, R> Resumable<S> for Coroutine<'_, Y, S, R> {
    type Yield = Y;
    type Return = R;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        match (self.0.airlock.door.get(), how) {
            (Door::Item, Resume::Next) => self.answer(Ok(None)),
            (Door::Item, Resume::Send(value)) => self.answer(Ok(Some(value))),
            (Door::Item, Resume::Throw(raised)) => self.answer(Err(raised)),
            (Door::Item, Resume::Close) => {
                let step = self.answer(Err(Raised::Exit));
                if let Step::Yielded(_) = step {
                    self.0.unwind();
                    return Step::Raised(Misuse::IgnoredExit.into());
                }
                step
            }
            // No yield waits for a message yet.
            (Door::Created, Resume::Next) => {
                self.0.airlock.door.set(Door::Running);
                self.run(false)
            }
            // A body that has not begun has nothing to clean up.
            (_, Resume::Throw(raised)) => {
                self.0.unwind();
                Step::Raised(raised)
            }
            (_, Resume::Close) => {
                self.0.unwind();
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
        if self.state() == State::Suspended && !std::thread::panicking() {
            self.close().ok();
        }
        self.0.unwind();
    }
}
