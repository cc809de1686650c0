//! A coroutine that may change threads between two resumes, for a lock each way.

use std::fmt;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use super::co::{Message, not_the_end};
use super::room;
use super::{IntoItems, Misuse, Plain, Raised, Resumable, Resume, State, Step};

/// A body of which nothing is bound to a thread.
type Body<R> = Pin<Box<dyn Future<Output = Result<R, Raised>> + Send>>;

/// Where driver and bodies hand things to each other, on whatever thread.
struct Exchange<Y, S> {
    /// What a body waits with.
    item: Option<Y>,
    message: Option<Message<S>>,
    /// How many bodies stand above the outermost.
    depth: usize,
    /// Which body was sent the exit, and must not yield; the outermost is 0.
    exiting: Option<usize>,
    /// Which body yielded all the same: its parent drops it.
    ignored: Option<usize>,
}

/// The body's line to its caller, which may call from another thread each time.
pub struct MovableCo<Y, S = ()>(Arc<Mutex<Exchange<Y, S>>>);

impl<Y, S> Clone for MovableCo<Y, S> {
    fn clone(&self) -> Self {
        MovableCo(self.0.clone())
    }
}

impl<Y, S> MovableCo<Y, S> {
    /// Hands `item` to the caller and waits to be resumed; see
    /// [`Co::yield_`](super::Co::yield_).
    ///
    /// # Errors
    ///
    /// What the caller threw, or [`Raised::Exit`] if it closes;
    /// [`Misuse::TwoAtOnce`] if another item waits already.
    pub async fn yield_(&self, item: Y) -> Message<S> {
        let mut item = Some(item);
        {
            let mut exchange = lock(&self.0);
            if exchange.item.is_none() && exchange.message.is_none() {
                exchange.item = item.take();
            }
        }
        if item.is_some() {
            return Err(Misuse::TwoAtOnce.into());
        }
        let answer = || lock(&self.0).message.take();
        poll_fn(|_| answer().map_or(Poll::Pending, Poll::Ready)).await
    }

    /// Runs another body in this one's place, and evaluates to what it returns;
    /// see [`Co::delegate`](super::Co::delegate).
    ///
    /// The other body is part of this one, so that each resume passes through
    /// here, and a body that delegates to itself needs `Box::pin`.
    ///
    /// # Errors
    ///
    /// What the other body raised; [`Raised::Exit`] once it has been closed;
    /// [`Misuse::TwoAtOnce`] if an item waits already.
    pub async fn delegate<R, F>(
        &self,
        body: impl FnOnce(MovableCo<Y, S>) -> F,
    ) -> Result<R, Raised>
    where
        F: Future<Output = Result<R, Raised>>,
    {
        let Some(level) = Level::enter(&self.0) else {
            return Err(Misuse::TwoAtOnce.into());
        };
        // The other body is gone before its parent goes on.
        let ended = {
            let mut body = pin!(body(self.clone()));
            poll_fn(|cx| {
                if level.is_ignored() {
                    return Poll::Ready(Err(Misuse::IgnoredExit.into()));
                }
                body.as_mut().poll(cx).map_err(not_the_end)
            })
            .await
        };
        let exits = level.leave();
        if exits {
            ended.and(Err(Raised::Exit))
        } else {
            ended
        }
    }

    /// Delegates to something that can be resumed, started or not; see
    /// [`Co::yield_from`](super::Co::yield_from).
    ///
    /// # Errors
    ///
    /// What `inner` raised; [`Raised::Exit`] once it has been closed.
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
    /// What was thrown meanwhile, or [`Misuse::SendUnsupported`].
    pub async fn yield_all(
        &self,
        items: impl IntoIterator<Item = Y>,
    ) -> Result<(), Raised> {
        self.yield_from(Plain(items.into_iter())).await
    }
}

/// A body's place above its parent, until it is left.
struct Level<'c, Y, S> {
    exchange: &'c Mutex<Exchange<Y, S>>,
    depth: usize,
}

impl<'c, Y, S> Level<'c, Y, S> {
    /// Takes the place, unless something waits already.
    fn enter(exchange: &'c Mutex<Exchange<Y, S>>) -> Option<Self> {
        let mut guard = lock(exchange);
        if guard.item.is_some() || guard.message.is_some() {
            return None;
        }
        guard.depth += 1;
        let depth = guard.depth;
        Some(Level { exchange, depth })
    }

    /// Returns, once, whether this body answered its exit with a yield.
    fn is_ignored(&self) -> bool {
        let mut guard = lock(self.exchange);
        let is_ignored = guard.ignored == Some(self.depth);
        if is_ignored {
            guard.ignored = None;
        }
        is_ignored
    }

    /// Gives the place up, and returns whether the parent is to exit as well.
    fn leave(self) -> bool {
        let mut guard = lock(self.exchange);
        // What it asked for and did not wait for is forgotten.
        let forgotten = (guard.item.take(), guard.message.take());
        let exits = guard.exiting == Some(self.depth);
        if exits {
            guard.exiting = Some(self.depth - 1);
        }
        drop(guard);
        drop(forgotten);
        exits
    }
}

impl<Y, S> Drop for Level<'_, Y, S> {
    fn drop(&mut self) {
        lock(self.exchange).depth = self.depth - 1;
    }
}

/// No code of others runs under this lock, so that no panic poisons it.
fn lock<Y, S>(
    exchange: &Mutex<Exchange<Y, S>>,
) -> MutexGuard<'_, Exchange<Y, S>> {
    exchange.lock().expect("nothing panics under this lock")
}

/// A suspended body that may be sent to another thread, if what it holds may.
///
/// It has the protocol of a [`Coroutine`](super::Coroutine), and no stack of
/// bodies: it delegates by awaiting other bodies in place, which costs their
/// depth.
pub struct Movable<Y, S = (), R = ()> {
    exchange: Arc<Mutex<Exchange<Y, S>>>,
    body: Option<Body<R>>,
    state: State,
}

impl<Y, S, R> Movable<Y, S, R> {
    /// Makes a coroutine of a body, of which nothing runs yet.
    pub fn new<F>(body: impl FnOnce(MovableCo<Y, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + Send + 'static,
    {
        let exchange = Arc::new(Mutex::new(Exchange {
            item: None,
            message: None,
            depth: 0,
            exiting: None,
            ignored: None,
        }));
        Movable {
            body: Some(Box::pin(body(MovableCo(exchange.clone())))),
            exchange,
            state: State::Created,
        }
    }

    /// Returns where it stands.
    pub fn state(&self) -> State {
        match self.state {
            // The caller is outside the body, so a panic left the body running.
            State::Running => State::Finished,
            state => state,
        }
    }

    fn poll(&mut self, message: Option<Message<S>>) -> Step<Y, R> {
        {
            let mut exchange = lock(&self.exchange);
            let exit = matches!(message, Some(Err(Raised::Exit)));
            exchange.exiting = exit.then_some(exchange.depth);
            exchange.message = message;
        }
        // Stays if the body panics: that is how the next resume finds out.
        self.state = State::Running;
        let mut cx = Context::from_waker(Waker::noop());
        let step = loop {
            let polled = self.body.as_mut().map(|b| b.as_mut().poll(&mut cx));
            let mut exchange = lock(&self.exchange);
            match (polled, exchange.item.take(), exchange.exiting) {
                (Some(Poll::Pending), Some(item), None | Some(0)) => {
                    self.state = State::Suspended;
                    return Step::Yielded(item);
                }
                (Some(Poll::Pending), Some(item), Some(depth)) => {
                    exchange.ignored = Some(depth);
                    drop(exchange);
                    drop(item);
                }
                (Some(Poll::Ready(Ok(value))), ..) => {
                    break Step::Returned(value);
                }
                (Some(Poll::Ready(Err(raised))), ..) => {
                    break Step::Raised(not_the_end(raised));
                }
                (Some(Poll::Pending), None, _) => {
                    break Step::Raised(Misuse::ForeignAwait.into());
                }
                (None, ..) => break Step::Raised(Misuse::Finished.into()),
            }
        };
        self.finish(step)
    }

    fn finish(&mut self, step: Step<Y, R>) -> Step<Y, R> {
        (self.state, self.body) = (State::Finished, None);
        step
    }
}

impl<Y, S, R> Resumable<S> for Movable<Y, S, R> {
    type Yield = Y;
    type Return = R;

    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        if !room::is_left() {
            return match how {
                Resume::Close => room::run(|| self.resume(Resume::Close)),
                _ => Step::Raised(Misuse::TooDeep.into()),
            };
        }
        match (self.state, how) {
            (State::Created, Resume::Next) => self.poll(None),
            (State::Created, Resume::Send(_)) => {
                Step::Raised(Misuse::Unprimed.into())
            }
            (State::Created, Resume::Throw(raised)) => {
                self.finish(Step::Raised(not_the_end(raised)))
            }
            (State::Suspended, Resume::Next) => self.poll(Some(Ok(None))),
            (State::Suspended, Resume::Send(value)) => {
                self.poll(Some(Ok(Some(value))))
            }
            (State::Suspended, Resume::Throw(raised)) => {
                self.poll(Some(Err(raised)))
            }
            (State::Suspended, Resume::Close) => {
                match self.poll(Some(Err(Raised::Exit))) {
                    Step::Yielded(_) => {
                        self.finish(Step::Raised(Misuse::IgnoredExit.into()))
                    }
                    ended => ended,
                }
            }
            (_, Resume::Throw(raised)) => self.finish(Step::Raised(raised)),
            (_, Resume::Close) => self.finish(Step::Raised(Raised::Exit)),
            (State::Running, _) => Step::Raised(Misuse::Panicked.into()),
            (State::Finished, _) => Step::Raised(Misuse::Finished.into()),
        }
    }
}

/// `for item in coroutine`: owns it, and closes it when the loop is left.
impl<Y, S, R> IntoIterator for Movable<Y, S, R> {
    type Item = Result<Y, Raised>;
    type IntoIter = IntoItems<Self, S>;

    fn into_iter(self) -> Self::IntoIter {
        IntoItems::new(self)
    }
}

impl<Y, S, R> fmt::Debug for Movable<Y, S, R> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Movable")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}

impl<Y, S> fmt::Debug for MovableCo<Y, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("MovableCo").finish_non_exhaustive()
    }
}

impl<Y, S, R> Drop for Movable<Y, S, R> {
    fn drop(&mut self) {
        // As a Coroutine does: an error has no caller to go to. A chain of them
        // is as long as it likes.
        room::run(|| {
            if self.state == State::Suspended && !std::thread::panicking() {
                self.close().ok();
            }
            self.body = None;
        });
    }
}
