//! The bodies of one coroutine, and the loop over the one on top.

use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use super::co::{Airlock, Door, Frame, Message};
use super::{Misuse, Raised};

/// The bodies of one coroutine, the outermost first. All but the last one wait
/// for the one above.
pub(super) struct Stack<'a, Y, S> {
    airlock: Rc<Airlock<'a, Y, S>>,
    frames: Vec<Frame<'a>>,
}

/// Why the loop stopped.
pub(super) enum Stop {
    /// The body on top yielded. The item is in the airlock.
    Yielded,
    /// The outermost body ended. Its value is where it put it.
    Ended(Result<(), Raised>),
}

impl<'a, Y, S> Stack<'a, Y, S> {
    pub(super) fn new(airlock: Rc<Airlock<'a, Y, S>>, root: Frame<'a>) -> Self {
        Stack {
            airlock,
            frames: vec![root],
        }
    }

    /// Delivers `message` to the body on top, and polls whoever is on top until
    /// one yields to the caller or none is left.
    // Inlined, what goes in and out of it stays in registers. A debug build
    // would put it on the stack, once for each coroutine in a coroutine.
    #[cfg_attr(not(debug_assertions), inline(always))]
    pub(super) fn run(&mut self, message: Option<Message<S>>) -> Stop {
        let exit = matches!(message, Some(Err(Raised::Exit)));
        // Which body was told to exit and must not yield. The outermost is its
        // caller's affair: `throw` lets it yield, `close` does not.
        let mut exiting = exit.then(|| self.depth() - 1);
        if let Some(message) = message {
            self.airlock.answer(message);
        }
        let mut cx = Context::from_waker(Waker::noop());
        while let Some(top) = self.frames.last_mut() {
            let polled = top.as_mut().poll(&mut cx);
            let message = match (polled, self.airlock.door.get()) {
                (Poll::Pending, Door::Item) => match exiting {
                    None | Some(0) => {
                        self.airlock.door.set(Door::Empty);
                        return Stop::Yielded;
                    }
                    Some(depth) => {
                        exiting = None;
                        self.unwind_to(depth);
                        Err(Misuse::IgnoredExit.into())
                    }
                },
                (Poll::Pending, Door::Body) => {
                    self.airlock.door.set(Door::Empty);
                    self.frames.extend(self.airlock.body.take());
                    continue;
                }
                (Poll::Pending, Door::Empty | Door::Sent | Door::Raised) => {
                    return Stop::Ended(Err(Misuse::ForeignAwait.into()));
                }
                // What it asked for and did not wait for is forgotten: the
                // answer to its parent takes the place.
                (Poll::Ready(ended), _) => {
                    self.frames.pop();
                    let depth = self.depth();
                    if depth == 0 {
                        return Stop::Ended(ended);
                    }
                    if exiting == Some(depth) {
                        // It is closed. Now its parent is unwound, unless an
                        // error of its own takes the place of the exit.
                        let closed =
                            matches!(ended, Ok(()) | Err(Raised::Exit));
                        exiting = closed.then(|| depth - 1);
                        ended.and(Err(Raised::Exit))
                    } else {
                        ended.map(|()| None)
                    }
                }
            };
            self.airlock.answer(message);
        }
        Stop::Ended(Err(Misuse::Finished.into()))
    }

    /// Takes the item that a body yielded.
    pub(super) fn item(&self) -> Option<Y> {
        self.airlock.item.take()
    }

    /// Returns how many bodies there are.
    pub(super) fn depth(&self) -> usize {
        self.frames.len()
    }

    /// Drops the bodies above `depth`, the innermost first.
    pub(super) fn unwind_to(&mut self, depth: usize) {
        while self.depth() > depth {
            self.frames.pop();
        }
        self.airlock.clear();
    }
}
