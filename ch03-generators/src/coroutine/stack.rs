//! The bodies of one coroutine, and the loop over the one on top.

use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::co::{Exchange, Frame, Phase, not_the_end};
use super::{Misuse, Raised};

/// The outermost body: its value is the coroutine's.
type Root<'a, R> = Pin<Box<dyn Future<Output = Result<R, Raised>> + 'a>>;

/// The bodies of one coroutine. All but the last one wait for the one above.
pub(super) struct Stack<'a, Y, S, R> {
    pub(super) exchange: Rc<Exchange<'a, Y, S>>,
    /// The outermost body, until it has ended.
    root: Option<Root<'a, R>>,
    /// Those above it.
    frames: Vec<Frame<'a>>,
    /// No waker is ever called: one context does for all polls.
    cx: Context<'static>,
}

/// How a body ended.
enum Ended<R> {
    Root(Result<R, Raised>),
    Frame(Result<(), Raised>),
}

impl<'a, Y, S, R> Stack<'a, Y, S, R> {
    pub(super) fn new(
        exchange: Rc<Exchange<'a, Y, S>>,
        root: Root<'a, R>,
    ) -> Self {
        Stack {
            exchange,
            root: Some(root),
            frames: Vec::new(),
            cx: Context::from_waker(Waker::noop()),
        }
    }

    /// Polls the body on top until one yields to the caller, which is pending,
    /// or the outermost body has ended.
    ///
    /// With `exit`, the body on top was sent an exit, and must not yield; unless it
    /// is the outermost: `throw` lets that one yield, `close` sees to it itself.
    // Inlined, what goes in and out of it stays in registers. A debug build
    // would put it on the stack, once for each coroutine in a coroutine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn run(&mut self, exit: bool) -> Poll<Result<R, Raised>> {
        // Most resumes are one poll, and that is all of them that is inlined.
        if let Poll::Ready(ended) = self.poll() {
            return self.go_on(Some(ended), exit);
        }
        if self.exchange.phase.get() == Phase::Item && !exit {
            return Poll::Pending;
        }
        self.go_on(None, exit)
    }

    /// Polls the body on top.
    #[inline(always)]
    fn poll(&mut self) -> Poll<Ended<R>> {
        match (self.frames.last_mut(), &mut self.root) {
            (Some(top), _) => top.as_mut().poll(&mut self.cx).map(Ended::Frame),
            (None, Some(root)) => {
                root.as_mut().poll(&mut self.cx).map(Ended::Root)
            }
            (None, None) => Poll::Pending,
        }
    }

    /// Does what the body on top asked for, or tells its parent of its end, and
    /// polls on.
    #[inline(never)]
    fn go_on(
        &mut self,
        mut ended: Option<Ended<R>>,
        exit: bool,
    ) -> Poll<Result<R, Raised>> {
        // Which body must not yield; the outermost is number 0.
        let mut exiting = exit.then_some(self.frames.len());
        loop {
            let message = match (ended, self.exchange.phase.get()) {
                (Some(Ended::Root(ended)), _) => {
                    return Poll::Ready(ended.map_err(not_the_end));
                }
                (None, Phase::Item) => match exiting {
                    None | Some(0) => return Poll::Pending,
                    Some(depth) => {
                        // Its parent is being closed too, whatever it makes of
                        // this error: it may clean up, but not yield.
                        exiting = Some(depth - 1);
                        self.unwind_to(depth - 1);
                        Some(Err(Misuse::IgnoredExit.into()))
                    }
                },
                (None, Phase::Body) => {
                    self.exchange.phase.set(Phase::Running);
                    self.frames.extend(self.exchange.body.take());
                    None
                }
                (None, _) => {
                    return Poll::Ready(Err(Misuse::ForeignAwait.into()));
                }
                // What it asked for and did not wait for is forgotten: the
                // answer to its parent takes the place.
                (Some(Ended::Frame(ended)), _) => {
                    let depth = self.frames.len();
                    self.frames.pop();
                    Some(if exiting == Some(depth) {
                        // It is closed. Now its parent is unwound, by the exit
                        // or by an error that took its place, and must not
                        // yield either.
                        exiting = Some(depth - 1);
                        ended.and(Err(Raised::Exit))
                    } else {
                        ended.map(|()| None)
                    })
                }
            };
            if let Some(message) = message {
                self.exchange.answer(message);
            }
            ended = match self.poll() {
                Poll::Ready(ended) => Some(ended),
                Poll::Pending => None,
            };
        }
    }

    /// Returns how many bodies there are.
    pub(super) fn depth(&self) -> usize {
        usize::from(self.root.is_some()) + self.frames.len()
    }

    /// Drops the bodies above the outermost `depth` delegates, the innermost
    /// first.
    fn unwind_to(&mut self, depth: usize) {
        while self.frames.len() > depth {
            self.frames.pop();
        }
        self.exchange.clear();
    }

    /// Drops all bodies, the innermost first.
    pub(super) fn unwind(&mut self) {
        // Before the bodies: while one of them is dropped, it asks in vain.
        self.exchange.phase.set(Phase::Finished);
        self.unwind_to(0);
        self.root = None;
        self.exchange.clear();
    }
}
