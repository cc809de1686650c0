//! The body's side: how a body yields, delegates, and is told.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll};

use super::{Misuse, Plain, Raised, Resumable, Resume, Step};

/// One body on the stack of a coroutine. Where its value goes, it knows itself.
pub(super) type Frame<'a> =
    Pin<Box<dyn Future<Output = Result<(), Raised>> + 'a>>;

/// What a yield evaluates to.
pub(super) type Message<S> = Result<Option<S>, Raised>;

/// What a body wants of the driver when it goes to sleep.
pub(super) enum Request<'a, Y> {
    /// Hand this to the caller.
    Yield(Y),
    /// Run this body until its end, and me after that.
    Delegate(Frame<'a>),
}

/// The two doors between driver and bodies, of which one is open at a time.
pub(super) struct Airlock<'a, Y, S> {
    pub(super) request: Cell<Option<Request<'a, Y>>>,
    pub(super) message: Cell<Option<Message<S>>>,
}

impl<'a, Y, S> Airlock<'a, Y, S> {
    pub(super) fn new() -> Self {
        Airlock {
            request: Cell::new(None),
            message: Cell::new(None),
        }
    }

    fn post(&self, request: Request<'a, Y>) -> Result<(), Raised> {
        match self.request.replace(Some(request)) {
            None => Ok(()),
            // Someone else posted since the driver last looked. Theirs stands.
            earlier => {
                self.request.set(earlier);
                Err(Misuse::TwoAtOnce.into())
            }
        }
    }
}

/// A body's line to its caller; made by the coroutine, cloned at will.
///
/// `Y` is what the body yields, `S` what it is sent.
pub struct Co<'a, Y, S = ()> {
    pub(super) airlock: Rc<Airlock<'a, Y, S>>,
}

impl<Y, S> Clone for Co<'_, Y, S> {
    fn clone(&self) -> Self {
        Co {
            airlock: self.airlock.clone(),
        }
    }
}

impl<'a, Y, S> Co<'a, Y, S> {
    /// Hands `item` to the caller and waits to be resumed.
    ///
    /// Evaluates to `Some(value)` if one was sent, to `None` on `next()`.
    ///
    /// # Errors
    ///
    /// What the caller threw, or [`Raised::Exit`] if it closes. `?` then unwinds
    /// the body, as an exception would.
    pub fn yield_(&self, item: Y) -> Yield<'_, 'a, Y, S> {
        Yield {
            airlock: &self.airlock,
            item: Some(item),
        }
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
            airlock: &self.airlock,
            frame: Some(frame),
            returned,
        }
    }

    /// Delegates to something that can be resumed, started or not.
    ///
    /// Each resume passes through here, so that a chain of these costs its
    /// length. What was yielded before is gone, as in Python.
    ///
    /// # Errors
    ///
    /// What `inner` raised; [`Raised::Exit`] once it has been closed.
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
                    // Its value is nobody's, but an error is ours.
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
fn not_the_end(raised: Raised) -> Raised {
    match raised.misuse() {
        Some(Misuse::Finished) => Misuse::RaisedFinished.into(),
        _ => raised,
    }
}

/// A yield that waits for its answer; see [`Co::yield_`].
#[must_use = "a yield happens when it is awaited"]
pub struct Yield<'c, 'a, Y, S> {
    airlock: &'c Airlock<'a, Y, S>,
    item: Option<Y>,
}

// Nothing in it points into it.
impl<Y, S> Unpin for Yield<'_, '_, Y, S> {}

impl<Y, S> Future for Yield<'_, '_, Y, S> {
    type Output = Message<S>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<Message<S>> {
        if let Some(item) = self.item.take() {
            return match self.airlock.post(Request::Yield(item)) {
                Ok(()) => Poll::Pending,
                Err(misuse) => Poll::Ready(Err(misuse)),
            };
        }
        self.airlock
            .message
            .take()
            .map_or(Poll::Pending, Poll::Ready)
    }
}

/// A delegation that waits for the other body's end; see [`Co::delegate`].
#[must_use = "a body runs when it is awaited"]
pub struct Delegate<'c, 'a, Y, S, R> {
    airlock: &'c Airlock<'a, Y, S>,
    frame: Option<Frame<'a>>,
    returned: Rc<Cell<Option<R>>>,
}

// The frame is pinned in its own box.
impl<Y, S, R> Unpin for Delegate<'_, '_, Y, S, R> {}

impl<Y, S, R> Future for Delegate<'_, '_, Y, S, R> {
    type Output = Result<R, Raised>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<Self::Output> {
        if let Some(frame) = self.frame.take() {
            return match self.airlock.post(Request::Delegate(frame)) {
                Ok(()) => Poll::Pending,
                Err(misuse) => Poll::Ready(Err(misuse)),
            };
        }
        match self.airlock.message.take() {
            // Raised by the other body, or an exit that outranks its value.
            Some(Err(raised)) => Poll::Ready(Err(raised)),
            Some(Ok(_)) => {
                let value = self.returned.take();
                Poll::Ready(value.ok_or(Misuse::TwoAtOnce.into()))
            }
            None => Poll::Pending,
        }
    }
}
