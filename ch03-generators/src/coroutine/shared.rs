//! A handle that may be cloned, so that a body can come upon its own coroutine.

use std::cell::RefCell;
use std::fmt;
use std::rc::{Rc, Weak};

use super::{
    Coroutine, Misuse, Raised, Refused, Resumable, Resume, State, Step,
};

/// One of several handles to a coroutine.
///
/// What the compiler refuses with one owner, it cannot see through a handle: a
/// body that resumes itself. That is [`Misuse::AlreadyExecuting`] here.
///
/// A body that owns a handle to its own coroutine keeps it alive for ever: give
/// it a [`WeakShared`].
pub struct Shared<'a, Y, S = (), R = ()>(Rc<RefCell<Coroutine<'a, Y, S, R>>>);

impl<Y, S, R> Clone for Shared<'_, Y, S, R> {
    fn clone(&self) -> Self {
        Shared(self.0.clone())
    }
}

impl<'a, Y, S, R> Shared<'a, Y, S, R> {
    /// Makes the first handle.
    pub fn new(coroutine: Coroutine<'a, Y, S, R>) -> Self {
        Shared(Rc::new(RefCell::new(coroutine)))
    }

    /// Makes the first handle of a coroutine whose body knows its own.
    pub fn new_cyclic(
        make: impl FnOnce(WeakShared<'a, Y, S, R>) -> Coroutine<'a, Y, S, R>,
    ) -> Self {
        Shared(Rc::new_cyclic(|weak| {
            RefCell::new(make(WeakShared(weak.clone())))
        }))
    }

    /// Makes a handle that does not keep the coroutine alive.
    pub fn downgrade(&self) -> WeakShared<'a, Y, S, R> {
        WeakShared(Rc::downgrade(&self.0))
    }

    /// Returns where it stands.
    pub fn state(&self) -> State {
        self.0
            .try_borrow()
            .map_or(State::Running, |inner| inner.state())
    }

    /// Sends `value`, or hands it back if no yield waits for one.
    ///
    /// # Errors
    ///
    /// Why it was refused. Nothing has happened to the coroutine.
    pub fn try_send(&self, value: S) -> Result<Step<Y, R>, Refused<S>> {
        match self.0.try_borrow_mut() {
            Ok(mut inner) => inner.try_send(value),
            Err(_) => Err(Refused {
                value,
                why: Misuse::AlreadyExecuting,
            }),
        }
    }
}

impl<Y, S, R> Resumable<S> for Shared<'_, Y, S, R> {
    type Yield = Y;
    type Return = R;

    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        match self.0.try_borrow_mut() {
            Ok(mut inner) => inner.resume(how),
            // The body is running, below us on this very stack.
            Err(_) => Step::Raised(Misuse::AlreadyExecuting.into()),
        }
    }
}

impl<Y, S, R> fmt::Debug for Shared<'_, Y, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Shared")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

/// A handle that does not keep its coroutine alive.
pub struct WeakShared<'a, Y, S = (), R = ()>(
    Weak<RefCell<Coroutine<'a, Y, S, R>>>,
);

impl<'a, Y, S, R> WeakShared<'a, Y, S, R> {
    /// Returns a handle, if another one still keeps the coroutine.
    ///
    /// # Errors
    ///
    /// [`Misuse::Finished`]: it is gone.
    pub fn upgrade(&self) -> Result<Shared<'a, Y, S, R>, Raised> {
        Ok(Shared(self.0.upgrade().ok_or(Misuse::Finished)?))
    }
}

impl<Y, S, R> fmt::Debug for WeakShared<'_, Y, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("WeakShared").finish_non_exhaustive()
    }
}
