//! `Resume` goes in, `Step` comes out; `Resumable` is the trait for both.

use std::error::Error;
use std::fmt;
use std::marker::PhantomData;

use super::{Misuse, Raised};

/// What a resume carries to the yield where the body waits.
#[derive(Debug)]
pub enum Resume<S> {
    /// Nothing: the yield evaluates to `Ok(None)`. Python's `next()`.
    Next,
    /// A value: the yield evaluates to `Ok(Some(value))`.
    Send(S),
    /// The yield evaluates to `Err`.
    Throw(Raised),
    /// The yield evaluates to `Err(Raised::Exit)`, and the body has to end.
    Close,
}

/// What a resume brought back: one of three, never mixed up.
#[derive(Debug, PartialEq)]
#[must_use = "it may be an error, or the end"]
pub enum Step<Y, R> {
    /// The body yielded, and waits.
    Yielded(Y),
    /// The body returned. This is the end.
    Returned(R),
    /// The body was unwound, or the resume was refused.
    Raised(Raised),
}

impl<Y, R> Step<Y, R> {
    /// Returns the item, for a caller that expects one.
    ///
    /// # Errors
    ///
    /// What was raised; [`Misuse::Finished`] if the body returned instead.
    pub fn yielded(self) -> Result<Y, Raised> {
        match self {
            Step::Yielded(item) => Ok(item),
            Step::Returned(_) => Err(Misuse::Finished.into()),
            Step::Raised(raised) => Err(raised),
        }
    }
}

/// Where a coroutine stands.
///
/// Source: `inspect.getgeneratorstate`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing of the body has run.
    Created,
    /// The body is running: the caller of this was called by it.
    Running,
    /// The body waits at a yield.
    Suspended,
    /// The body returned, was unwound, or was closed.
    Finished,
}

/// A type that can be resumed: coroutines, shared ones, iterators, your own.
///
/// The three types are those of Python's `Generator[Yield, S, Return]`.
pub trait Resumable<S> {
    /// What it yields.
    type Yield;
    /// What it returns at its end.
    type Return;

    /// Goes on until the next yield or the end.
    ///
    /// Answers [`Resume::Close`] with `Returned`, if it ended with a value, with
    /// `Raised(Exit)`, if it let itself be unwound, or with another error.
    fn resume(&mut self, how: Resume<S>) -> Step<Self::Yield, Self::Return>;

    /// Goes on with nothing sent.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn next(&mut self) -> Step<Self::Yield, Self::Return> {
        self.resume(Resume::Next)
    }

    /// Sends `value` to the yield where the body waits.
    #[cfg_attr(not(debug_assertions), inline(always))]
    fn send(&mut self, value: S) -> Step<Self::Yield, Self::Return> {
        self.resume(Resume::Send(value))
    }

    /// Raises `what` at the yield where the body waits.
    fn throw(
        &mut self,
        what: impl Into<Raised>,
    ) -> Step<Self::Yield, Self::Return>
    where
        Self: Sized,
    {
        self.resume(Resume::Throw(what.into()))
    }

    /// Ends it, and returns what the body had to say, if it caught the exit.
    ///
    /// # Errors
    ///
    /// What the body raised instead of ending; [`Misuse::IgnoredExit`] if it
    /// yielded. It is finished in any case.
    ///
    /// Source: PEP 342; the value since Python 3.13.
    fn close(&mut self) -> Result<Option<Self::Return>, Raised> {
        match self.resume(Resume::Close) {
            Step::Returned(value) => Ok(Some(value)),
            Step::Raised(Raised::Exit) => Ok(None),
            Step::Raised(raised) => Err(raised),
            Step::Yielded(_) => Err(Misuse::IgnoredExit.into()),
        }
    }

    /// Runs it to its end: what it yielded, and what it returned.
    ///
    /// ```
    /// use ch03_generators::coroutine::*;
    ///
    /// let mut body = Coroutine::generator(|co| async move {
    ///     co.yield_all(1..=3).await?;
    ///     Ok("done")
    /// });
    /// let (items, value): (Vec<_>, _) = body.exhaust()?;
    /// assert_eq!((items, value), (vec![1, 2, 3], "done"));
    /// // There is no second value to return.
    /// let again = body.exhaust::<Vec<_>>();
    /// assert_eq!(again.unwrap_err().misuse(), Some(Misuse::Finished));
    /// # Ok::<(), Raised>(())
    /// ```
    ///
    /// # Errors
    ///
    /// What it raised; the items before it are lost.
    fn exhaust<B: Default + Extend<Self::Yield>>(
        &mut self,
    ) -> Result<(B, Self::Return), Raised>
    where
        Self: Sized,
    {
        let mut items = B::default();
        loop {
            match self.next() {
                Step::Yielded(item) => items.extend([item]),
                Step::Returned(value) => return Ok((items, value)),
                Step::Raised(raised) => return Err(raised),
            }
        }
    }

    /// Iterates over what it yields, as `for` does in Python.
    ///
    /// An error is the last item. The value it returns is lost, as with `for`.
    /// One that has ended has no items.
    fn items(&mut self) -> Items<'_, Self, S>
    where
        Self: Sized,
    {
        Items {
            inner: Some(self),
            sent: PhantomData,
        }
    }
}

/// Lends it: `yield_from(&mut inner)` leaves `inner` to go on with.
impl<S, C: Resumable<S> + ?Sized> Resumable<S> for &mut C {
    type Yield = C::Yield;
    type Return = C::Return;

    fn resume(&mut self, how: Resume<S>) -> Step<C::Yield, C::Return> {
        (**self).resume(how)
    }

    fn close(&mut self) -> Result<Option<C::Return>, Raised> {
        (**self).close()
    }
}

/// Iterates over what a [`Resumable`] yields; see [`Resumable::items`].
pub struct Items<'c, C, S> {
    inner: Option<&'c mut C>,
    sent: PhantomData<S>,
}

impl<S, C: Resumable<S>> Iterator for Items<'_, C, S> {
    type Item = Result<C::Yield, Raised>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        match self.inner.as_mut()?.next() {
            Step::Yielded(item) => return Some(Ok(item)),
            Step::Returned(_) => self.inner = None,
            Step::Raised(raised) => {
                self.inner = None;
                return not_ended(raised).map(Err);
            }
        }
        None
    }
}

impl<C, S> fmt::Debug for Items<'_, C, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Items").finish_non_exhaustive()
    }
}

/// Owns a [`Resumable`], and iterates over what it yields; made by `for`.
///
/// An error is the last item. Dropping it closes what it owns.
pub struct IntoItems<C, S> {
    inner: Option<C>,
    sent: PhantomData<S>,
}

impl<C, S> IntoItems<C, S> {
    pub(super) fn new(inner: C) -> Self {
        IntoItems {
            inner: Some(inner),
            sent: PhantomData,
        }
    }
}

impl<S, C: Resumable<S>> Iterator for IntoItems<C, S> {
    type Item = Result<C::Yield, Raised>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let step = self.inner.as_mut()?.next();
        if let Step::Yielded(item) = step {
            return Some(Ok(item));
        }
        self.inner = None;
        match step {
            Step::Raised(raised) => not_ended(raised).map(Err),
            _ => None,
        }
    }
}

impl<C: fmt::Debug, S> fmt::Debug for IntoItems<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_tuple("IntoItems").field(&self.inner).finish()
    }
}

/// Returns what was raised, unless it says that there was nothing to resume.
///
/// A body cannot raise that: [`Misuse::RaisedFinished`] would take its place.
pub(super) fn not_ended(raised: Raised) -> Option<Raised> {
    (raised.misuse() != Some(Misuse::Finished)).then_some(raised)
}

/// Makes a plain iterator resumable: it yields, and that is all it can do.
///
/// Python's `yield from` looks for `send`, `throw` and `close` on an iterator
/// and does without; this is where it does without.
#[derive(Clone, Debug)]
pub struct Plain<I>(pub I);

impl<I: Iterator, S> Resumable<S> for Plain<I> {
    type Yield = I::Item;
    type Return = ();

    fn resume(&mut self, how: Resume<S>) -> Step<I::Item, ()> {
        match how {
            Resume::Next => {
                self.0.next().map_or(Step::Returned(()), Step::Yielded)
            }
            Resume::Send(_) => Step::Raised(Misuse::SendUnsupported.into()),
            Resume::Throw(raised) => Step::Raised(raised),
            Resume::Close => Step::Raised(Raised::Exit),
        }
    }
}

/// A value that could not be sent, handed back with the reason.
#[derive(Debug, PartialEq, Eq)]
pub struct Refused<S> {
    /// The value, untouched.
    pub value: S,
    /// The rule that sending it would have broken.
    pub why: Misuse,
}

impl<S> fmt::Display for Refused<S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        self.why.fmt(f)
    }
}

impl<S: fmt::Debug> Error for Refused<S> {}
