//! The caller's side: a coroutine is a stack of bodies, and a state.

use std::fmt;
use std::rc::Rc;
use std::task::Poll;

use super::co::{Exchange, Message, Phase, not_the_end};
use super::room;
use super::stack::Stack;
use super::{
    Co, IntoItems, Misuse, Raised, Refused, Resumable, Resume, State, Step,
};

/// A suspended body, and those that it delegated to.
///
/// It yields `Y`, is sent `S` and returns `R`. What its bodies borrow lives
/// longer than `'a`. Dropping it closes it; what the body raises then is lost.
///
/// `'a`, `Y` and `S` are invariant: its bodies take out of the same cells that the
/// driver puts into, so that a coroutine of longer-lived items is none of
/// shorter-lived ones. Where one is asked for, make it with that lifetime.
///
/// ```compile_fail
/// use ch03_generators::coroutine::*;
///
/// fn shorter<'a>(long: Coroutine<'static, &'static str>, _: &'a str)
/// -> Coroutine<'a, &'a str> {
///     long
/// }
/// ```
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
        let exchange = Rc::new(Exchange::new());
        let root = Box::pin(body(Co {
            exchange: exchange.clone(),
        }));
        Coroutine(Stack::new(exchange, root))
    }

    /// Refuses a resume where the stack has no room for it, except a close: that
    /// one gets a stack of its own.
    #[cold]
    #[inline(never)]
    fn resume_cramped(&mut self, how: Resume<S>) -> Step<Y, R> {
        match how {
            Resume::Close => room::run(|| self.resume(Resume::Close)),
            _ => Step::Raised(Misuse::TooDeep.into()),
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

    /// Sends `value`, or hands it back if no yield waits for one.
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
        match self.0.exchange.phase.get() {
            Phase::Created => State::Created,
            Phase::Item => State::Suspended,
            // The caller is outside the body, so a panic left the body running.
            _ => State::Finished,
        }
    }

    /// Returns how many bodies it holds: one, and one for each delegation.
    pub fn depth(&self) -> usize {
        self.0.depth()
    }

    fn refusal(&self) -> Option<Misuse> {
        match self.0.exchange.phase.get() {
            Phase::Created => Some(Misuse::Unprimed),
            Phase::Item => None,
            Phase::Finished => Some(Misuse::Finished),
            _ => Some(Misuse::Panicked),
        }
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn answer(&mut self, message: Message<S>) -> Step<Y, R> {
        let exit = matches!(message, Err(Raised::Exit));
        self.0.exchange.answer(message);
        self.run(exit)
    }

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn run(&mut self, exit: bool) -> Step<Y, R> {
        match self.0.run(exit) {
            Poll::Ready(ended) => {
                self.0.unwind();
                ended.map_or_else(Step::Raised, Step::Returned)
            }
            // The phase said that it is there.
            Poll::Pending => self.0.exchange.item.take().map_or_else(
                || Step::Raised(Misuse::ForeignAwait.into()),
                Step::Yielded,
            ),
        }
    }
}

impl<'a, Y, R> Coroutine<'a, Y, (), R> {
    /// Makes a coroutine that is sent nothing, without naming the type `()`.
    ///
    /// ```
    /// use ch03_generators::coroutine::*;
    ///
    /// let numbers = Coroutine::generator(|co| async move {
    ///     co.yield_(1).await?;
    ///     co.yield_(2).await
    /// });
    /// for number in numbers {
    ///     println!("{}", number?);
    /// }
    /// # Ok::<(), Raised>(())
    /// ```
    pub fn generator<F>(body: impl FnOnce(Co<'a, Y>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + 'a,
    {
        Self::new(body)
    }
}

/// `for item in coroutine`: owns it, and closes it when the loop is left.
///
/// ```
/// use ch03_generators::coroutine::*;
///
/// let mut sum = 0;
/// for n in Coroutine::<u32>::new(|co| async move { co.yield_all(1..).await }) {
///     sum += n?;
///     if sum > 10 {
///         break;
///     }
/// }
/// assert_eq!(sum, 15);
/// # Ok::<(), Raised>(())
/// ```
impl<'a, Y, S, R> IntoIterator for Coroutine<'a, Y, S, R> {
    type Item = Result<Y, Raised>;
    type IntoIter = IntoItems<Self, S>;

    fn into_iter(self) -> Self::IntoIter {
        IntoItems::new(self)
    }
}

impl<Y, S, R> fmt::Debug for Coroutine<'_, Y, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Coroutine")
            .field("state", &self.state())
            .field("depth", &self.depth())
            .finish()
    }
}

impl<Y, S, R> Resumable<S> for Coroutine<'_, Y, S, R> {
    type Yield = Y;
    type Return = R;

    #[cfg_attr(not(debug_assertions), inline(always))]
    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        if !room::is_left() {
            return self.resume_cramped(how);
        }
        match (self.0.exchange.phase.get(), how) {
            (Phase::Item, Resume::Next) => self.answer(Ok(None)),
            (Phase::Item, Resume::Send(value)) => self.answer(Ok(Some(value))),
            (Phase::Item, Resume::Throw(raised)) => self.answer(Err(raised)),
            (Phase::Item, Resume::Close) => {
                let step = self.answer(Err(Raised::Exit));
                if let Step::Yielded(_) = step {
                    self.0.unwind();
                    return Step::Raised(Misuse::IgnoredExit.into());
                }
                step
            }
            // No yield waits for a message yet.
            (Phase::Created, Resume::Next) => {
                self.0.exchange.phase.set(Phase::Running);
                self.run(false)
            }
            // A body that has not begun has nothing to clean up; what it is
            // thrown leaves it at once.
            (Phase::Created, Resume::Throw(raised)) => {
                self.0.unwind();
                Step::Raised(not_the_end(raised))
            }
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
        // An error that the body raises has no caller to go to. While a panic
        // unwinds this thread, a second one in the body would abort the process.
        // A chain of them is as long as it likes: each drops the next.
        room::run(|| {
            if self.state() == State::Suspended && !std::thread::panicking() {
                self.close().ok();
            }
            self.0.unwind();
        });
    }
}
