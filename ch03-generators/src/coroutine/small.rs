//! A small [`Coroutine`](super::Coroutine), to be read before the real one.
//!
//! Three steps: the cell between a body and its caller, the coroutine that owns
//! both, and the driver that resumes it.

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::{Misuse, Raised, Resumable, Resume, Step};

/// What a yield evaluates to.
pub type Answer<S> = Result<Option<S>, Raised>;

/// What lies between a body and its caller, and so whose turn it is.
pub enum Exchange<Y, S> {
    /// Nothing: the body has not begun, runs, or has ended.
    Empty,
    /// The body's item: the caller's turn.
    Item(Y),
    /// The caller has taken the item, and the body waits.
    Taken,
    /// The caller's answer: the body's turn.
    Answer(Answer<S>),
}

/// A body's line to its caller.
pub struct Line<Y, S>(Rc<Cell<Exchange<Y, S>>>);

impl<Y, S> Line<Y, S> {
    /// Hands out `item`; awaited, waits for the answer.
    pub fn yield_(&self, item: Y) -> Yield<Y, S> {
        self.0.set(Exchange::Item(item));
        Yield(self.0.clone())
    }
}

/// A yield that waits for its answer.
#[must_use = "a body stops where this is awaited"]
pub struct Yield<Y, S>(Rc<Cell<Exchange<Y, S>>>);

impl<Y, S> Future for Yield<Y, S> {
    type Output = Answer<S>;

    fn poll(self: Pin<&mut Self>, _: &mut Context) -> Poll<Answer<S>> {
        match self.0.replace(Exchange::Empty) {
            Exchange::Answer(answer) => Poll::Ready(answer),
            other => {
                self.0.set(other);
                Poll::Pending
            }
        }
    }
}

type Body<R> = Pin<Box<dyn Future<Output = Result<R, Raised>>>>;

/// A body, and what lies between it and its caller.
pub struct Small<Y, S, R> {
    exchange: Rc<Cell<Exchange<Y, S>>>,
    /// The body, until it has ended.
    body: Option<Body<R>>,
    begun: bool,
}

impl<Y, S, R> Small<Y, S, R> {
    /// Makes a coroutine of a body, of which nothing runs yet.
    pub fn new<F>(body: impl FnOnce(Line<Y, S>) -> F) -> Self
    where
        F: Future<Output = Result<R, Raised>> + 'static,
    {
        let exchange = Rc::new(Cell::new(Exchange::Empty));
        let body = Box::pin(body(Line(exchange.clone())));
        Small {
            exchange,
            body: Some(body),
            begun: false,
        }
    }
}

/// Polls the body once: it runs to its next yield, or to its end.
fn run<Y, S, R>(coroutine: &mut Small<Y, S, R>) -> Step<Y, R> {
    let Some(body) = &mut coroutine.body else {
        return Step::Raised(Misuse::Finished.into());
    };
    let mut context = Context::from_waker(Waker::noop());
    match body.as_mut().poll(&mut context) {
        Poll::Pending => match coroutine.exchange.replace(Exchange::Taken) {
            Exchange::Item(item) => Step::Yielded(item),
            _ => Step::Raised(Misuse::ForeignAwait.into()),
        },
        Poll::Ready(ended) => {
            coroutine.body = None;
            ended.map_or_else(Step::Raised, Step::Returned)
        }
    }
}

impl<Y, S, R> Resumable<S> for Small<Y, S, R> {
    type Yield = Y;
    type Return = R;

    fn resume(&mut self, how: Resume<S>) -> Step<Y, R> {
        let closing = matches!(how, Resume::Close);
        let answer = match how {
            Resume::Next => Ok(None),
            Resume::Send(value) => Ok(Some(value)),
            Resume::Throw(raised) => Err(raised),
            Resume::Close => Err(Raised::Exit),
        };
        match (answer, self.begun && self.body.is_some()) {
            (answer, true) => self.exchange.set(Exchange::Answer(answer)),
            // No yield waits for an answer.
            (Ok(None), false) => self.begun = true,
            (Ok(Some(_)), false) if self.body.is_some() => {
                return Step::Raised(Misuse::Unprimed.into());
            }
            (Ok(Some(_)), false) => {}
            (Err(raised), false) => {
                self.body = None;
                return Step::Raised(raised);
            }
        }
        match run(self) {
            Step::Yielded(_) if closing => {
                self.body = None;
                Step::Raised(Misuse::IgnoredExit.into())
            }
            step => step,
        }
    }
}
