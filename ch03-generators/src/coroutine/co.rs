//! The body's side: how a body yields, delegates, and gets its answers.

use std::cell::Cell;
use std::fmt;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::{Misuse, Plain, Raised, Resumable, Resume, Step};

/// One body on the stack of a coroutine. It stores its own return value.
pub(super) type Frame<'a> =
    Pin<Box<dyn Future<Output = Result<(), Raised>> + 'a>>;

/// What a yield evaluates to.
pub(super) type Message<S> = Result<Option<S>, Raised>;

/// What an exchange holds, and so which side has to act next.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// Nothing: no body has begun.
    Created,
    /// Nothing: a body runs.
    Running,
    /// A body waits with an item, which may have been taken.
    Item,
    /// A body waits with another one, to be run until its end.
    Body,
    /// The caller's answer: a value, or none.
    Sent,
    /// The caller's answer: an error.
    Raised,
    /// Nothing: no body is left.
    Finished,
}

/// Where driver and bodies hand things to each other, one at a time.
///
/// Each thing has a cell of its own: one cell for an enum of them all would be
/// copied whole, right after it was written in parts, which a processor is slow
/// at.
pub(super) struct Exchange<'a, Y, S> {
    pub(super) phase: Cell<Phase>,
    pub(super) item: Cell<Option<Y>>,
    pub(super) body: Cell<Option<Frame<'a>>>,
    pub(super) sent: Cell<Option<S>>,
    pub(super) raised: Cell<Option<Raised>>,
}

impl<Y, S> Exchange<'_, Y, S> {
    pub(super) fn new() -> Self {
        Exchange {
            phase: Cell::new(Phase::Created),
            item: Cell::new(None),
            body: Cell::new(None),
            sent: Cell::new(None),
            raised: Cell::new(None),
        }
    }

    /// Claims the exchange for what a body wants.
    ///
    /// Returns whether it got it: another future of the body may have asked
    /// since the driver last looked, and then that one has it.
    #[inline]
    fn ask(&self, phase: Phase) -> bool {
        let free = self.phase.get() == Phase::Running;
        if free {
            self.phase.set(phase);
        }
        free
    }

    /// Puts in what the body that is polled next is to wake up with.
    #[inline]
    pub(super) fn answer(&self, message: Message<S>) {
        self.phase.set(match message {
            Ok(sent) => {
                self.sent.set(sent);
                Phase::Sent
            }
            Err(raised) => {
                self.raised.set(Some(raised));
                Phase::Raised
            }
        });
    }

    /// Takes the answer, if there is one yet.
    #[inline]
    fn answered(&self) -> Poll<Message<S>> {
        match self.phase.get() {
            Phase::Sent => {
                self.phase.set(Phase::Running);
                Poll::Ready(Ok(self.sent.take()))
            }
            Phase::Raised => Poll::Ready(Err(self.raised())),
            _ => Poll::Pending,
        }
    }

    /// Takes the error, away from the code that is run on every yield.
    #[cold]
    #[inline(never)]
    fn raised(&self) -> Raised {
        self.phase.set(Phase::Running);
        // The phase said that it is there.
        self.raised.take().unwrap_or(Raised::Exit)
    }

    /// Forgets what a body asked for.
    pub(super) fn clear(&self) {
        drop(self.item.take());
        drop(self.body.take());
    }
}

/// A body's line to its caller; made by the coroutine, cloned at will.
///
/// `Y` is what the body yields, `S` what it is sent.
///
/// What a body delegates to with [`Co::delegate`] may borrow what outlives the
/// coroutine, and nothing of the body that delegates: its frame is kept by the
/// coroutine, beside that one.
///
/// ```compile_fail,E0597
/// use ch03_generators::coroutine::*;
///
/// let body = Coroutine::<usize>::new(|co| async move {
///     let text = String::from("local");
///     let length = &text;
///     co.delegate(|co| async move { co.yield_all([length.len()]).await }).await
/// });
/// ```
///
/// A coroutine of its own may, for what [`Co::yield_from`] costs:
///
/// ```
/// # use ch03_generators::coroutine::*;
/// let body = Coroutine::<usize>::new(|co| async move {
///     let text = String::from("local");
///     let text = &text;
///     let inner = Coroutine::new(|co: Co<usize>| async move {
///         co.yield_all([text.len()]).await
///     });
///     co.yield_from(inner).await
/// });
/// assert_eq!(body.into_iter().next(), Some(Ok(5)));
/// ```
pub struct Co<'a, Y, S = ()> {
    pub(super) exchange: Rc<Exchange<'a, Y, S>>,
}

impl<Y, S> Clone for Co<'_, Y, S> {
    fn clone(&self) -> Self {
        Co {
            exchange: self.exchange.clone(),
        }
    }
}

impl<Y, S> fmt::Debug for Co<'_, Y, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Co").finish_non_exhaustive()
    }
}

impl<'a, Y, S> Co<'a, Y, S> {
    /// Hands `item` to the caller; awaited, waits to be resumed.
    ///
    /// Evaluates to `Some(value)` if one was sent, to `None` on `next()`.
    ///
    /// # Errors
    ///
    /// What the caller threw, or [`Raised::Exit`] if it closes. `?` then unwinds
    /// the body, as an exception would.
    #[inline]
    pub fn yield_(&self, item: Y) -> Yield<'_, 'a, Y, S> {
        let free = self.exchange.ask(Phase::Item);
        if free {
            self.exchange.item.set(Some(item));
        }
        Yield(free.then_some(&*self.exchange))
    }

    /// Runs another body in this one's place, and evaluates to what it returns.
    ///
    /// The caller resumes the other body directly, however deep it stands, and a
    /// body may delegate to itself without `Box::pin`.
    ///
    /// # Errors
    ///
    /// What the other body raised; [`Raised::Exit`] once it has been closed.
    ///
    /// It may borrow what outlives the coroutine, and nothing of the body that
    /// delegates; see [`Co`].
    ///
    /// Source: PEP 380; for the stack of frames, C++23's `elements_of`.
    pub fn delegate<R, F>(
        &self,
        body: impl FnOnce(Co<'a, Y, S>) -> F,
    ) -> Delegate<'_, 'a, Y, S, R>
    where
        F: Future<Output = Result<R, Raised>> + 'a,
        R: 'a,
    {
        let (frame, returned) = frame(body(self.clone()));
        Delegate {
            exchange: &self.exchange,
            frame: Some(frame),
            returned,
        }
    }

    /// Delegates to something that can be resumed, started or not.
    ///
    /// Each resume passes through here, so that a chain of these costs its
    /// length, in time and in native stack. What was yielded before is gone, as
    /// in Python.
    ///
    /// # Errors
    ///
    /// What `inner` raised; [`Raised::Exit`] once it has been closed;
    /// [`Misuse::Finished`] if it has ended already, since its value is gone;
    /// [`Misuse::TooDeep`] if the chain has used up the thread's stack but for
    /// 128 KiB: some hundreds of levels in a debug build, on a small thread.
    ///
    /// Source: PEP 380, "Formal Semantics".
    pub async fn yield_from<D>(&self, mut inner: D) -> Result<D::Return, Raised>
    where
        D: Resumable<S, Yield = Y>,
    {
        let mut how = Resume::Next;
        loop {
            let item = match inner.resume(how) {
                Step::Yielded(item) => item,
                Step::Returned(value) => return Ok(value),
                Step::Raised(raised) => return Err(raised),
            };
            how = match self.yield_(item).await {
                Ok(None) => Resume::Next,
                Ok(Some(value)) => Resume::Send(value),
                Err(Raised::Exit) => {
                    // Its value is dropped, but an error is passed on.
                    inner.close()?;
                    return Err(Raised::Exit);
                }
                Err(error) => Resume::Throw(error),
            };
        }
    }

    /// Yields every item of an iterator.
    ///
    /// # Errors
    ///
    /// What was thrown meanwhile: the iterator cannot be asked. Sending it a
    /// value is [`Misuse::SendUnsupported`].
    pub async fn yield_all(
        &self,
        items: impl IntoIterator<Item = Y>,
    ) -> Result<(), Raised> {
        self.yield_from(Plain(items.into_iter())).await
    }
}

/// Boxes a body, with a cell beside it for its value.
pub(super) fn frame<'a, R: 'a>(
    body: impl Future<Output = Result<R, Raised>> + 'a,
) -> (Frame<'a>, Rc<Cell<Option<R>>>) {
    let returned = Rc::new(Cell::new(None));
    let slot = returned.clone();
    let frame = Box::pin(async move {
        slot.set(Some(body.await.map_err(not_the_end)?));
        Ok(())
    });
    (frame, returned)
}

/// Marks a [`Misuse::Finished`] that leaves a body: the caller must not take it
/// for this coroutine's own end.
///
/// Source: PEP 479, where `StopIteration` becomes a `RuntimeError`.
pub(super) fn not_the_end(raised: Raised) -> Raised {
    match raised.misuse() {
        Some(Misuse::Finished) => Misuse::RaisedFinished.into(),
        _ => raised,
    }
}

/// A yield that waits for its answer; see [`Co::yield_`].
///
/// Without an exchange it is one too many: its item was not taken.
#[must_use = "a body stops where this is awaited"]
pub struct Yield<'c, 'a, Y, S>(Option<&'c Exchange<'a, Y, S>>);

impl<Y, S> Future for Yield<'_, '_, Y, S> {
    type Output = Message<S>;

    #[inline]
    fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<Message<S>> {
        match self.0 {
            Some(exchange) => exchange.answered(),
            None => Poll::Ready(Err(two_at_once())),
        }
    }
}

/// Makes an error, away from the code that is run on every yield.
#[cold]
#[inline(never)]
fn two_at_once() -> Raised {
    Misuse::TwoAtOnce.into()
}

/// A delegation that waits for the other body's end; see [`Co::delegate`].
#[must_use = "a body runs when it is awaited"]
pub struct Delegate<'c, 'a, Y, S, R> {
    exchange: &'c Exchange<'a, Y, S>,
    frame: Option<Frame<'a>>,
    returned: Rc<Cell<Option<R>>>,
}

// The frame is pinned in its own box.
impl<Y, S, R> Unpin for Delegate<'_, '_, Y, S, R> {}

impl<Y, S, R> Future for Delegate<'_, '_, Y, S, R> {
    type Output = Result<R, Raised>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<Self::Output> {
        if let Some(frame) = self.frame.take() {
            if !self.exchange.ask(Phase::Body) {
                return Poll::Ready(Err(two_at_once()));
            }
            self.exchange.body.set(Some(frame));
        }
        self.exchange.answered().map(|answer| {
            // Raised by the other body, or an exit that outranks its value.
            answer?;
            self.returned.take().ok_or_else(two_at_once)
        })
    }
}
