//! A coroutine that may change threads between two resumes, for a lock each way.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

use super::co::Message;
use super::{Misuse, Raised, Resumable, Resume, State, Step};

/// A body of which nothing is bound to a thread.
type Body<R> = Pin<Box<dyn Future<Output = Result<R, Raised>> + Send>>;

/// Where driver and body hand things to each other, on whatever thread.
struct Airlock<Y, S> {
    item: Option<Y>,
    message: Option<Message<S>>,
}

/// The body's line to its caller, which may call from another thread each time.
pub struct MovableCo<Y, S = ()>(Arc<Mutex<Airlock<Y, S>>>);

impl<Y, S> MovableCo<Y, S> {
    /// Hands `item` to the caller and waits to be resumed; see
    /// [`Co::yield_`](super::Co::yield_).
    ///
    /// # Errors
    ///
    /// What the caller threw, or [`Raised::Exit`] if it closes.
    pub async fn yield_(&self, item: Y) -> Message<S> {
        lock(&self.0).item = Some(item);
        let answer = || lock(&self.0).message.take();
        poll_fn(|_| answer().map_or(Poll::Pending, Poll::Ready)).await
    }
}

/// No code of others runs under this lock, so that no panic poisons it.
fn lock<Y, S>(airlock: &Mutex<Airlock<Y, S>>) -> MutexGuard<'_, Airlock<Y, S>> {
    airlock.lock().expect("nothing panics under this lock")
}

/// A suspended body that may be sent to another thread, if what it holds may.
///
/// It has send, throw, close and a return value; it delegates by awaiting other
/// bodies in place, which costs their depth.
pub struct Movable<Y, S = (), R = ()> {
    airlock: Arc<Mutex<Airlock<Y, S>>>,
    body: Option<Body<R>>,
    state: State,
}

impl<Y, S, R> Movable<Y, S, R> {
    /// Makes a coroutine of a body, of which nothing runs yet.
    pub fn new<F>(body: impl FnOnce(MovableCo<Y, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + Send + 'static,
    {
        let (item, message) = (None, None);
        let airlock = Arc::new(Mutex::new(Airlock { item, message }));
        Movable {
            body: Some(Box::pin(body(MovableCo(airlock.clone())))),
            airlock,
            state: State::Created,
        }
    }

    fn poll(&mut self, message: Option<Message<S>>) -> Step<Y, R> {
        lock(&self.airlock).message = message;
        // Stays if the body panics: that is how the next resume finds out.
        self.state = State::Running;
        let mut cx = Context::from_waker(Waker::noop());
        let polled = self.body.as_mut().map(|body| body.as_mut().poll(&mut cx));
        let step = match (polled, lock(&self.airlock).item.take()) {
            (Some(Poll::Pending), Some(item)) => {
                self.state = State::Suspended;
                return Step::Yielded(item);
            }
            (Some(Poll::Ready(Ok(value))), _) => Step::Returned(value),
            (Some(Poll::Ready(Err(raised))), _) => Step::Raised(raised),
            (Some(Poll::Pending), None) => {
                Step::Raised(Misuse::ForeignAwait.into())
            }
            (None, _) => Step::Raised(Misuse::Finished.into()),
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
        match (self.state, how) {
            (State::Created, Resume::Next) => self.poll(None),
            (State::Created, Resume::Send(_)) => {
                Step::Raised(Misuse::Unprimed.into())
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

impl<Y, S, R> Drop for Movable<Y, S, R> {
    fn drop(&mut self) {
        // As a Coroutine does: nobody is left to be told.
        if self.state == State::Suspended && !std::thread::panicking() {
            self.close().ok();
        }
    }
}
