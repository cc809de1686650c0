//! Two iterators over one source.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::rc::Rc;

use super::protocol::not_ended;
use super::{Misuse, Raised, Resumable, Step};

/// Makes two iterators over what `source` yields; each brings all of it.
///
/// What one has taken and the other has not is kept. An error goes to the one
/// that met it, and ends both.
///
/// ```
/// use ch03_generators::coroutine::*;
///
/// let numbers = Coroutine::generator(|co| async move {
///     co.yield_all(1..=3).await
/// });
/// let (first, second) = tee(numbers);
/// let next = second.skip(1);
/// let pairs: Result<Vec<_>, Raised> =
///     first.zip(next).map(|(a, b)| Ok((a?, b?))).collect();
/// assert_eq!(pairs, Ok(vec![(1, 2), (2, 3)]));
/// ```
///
/// Source: `itertools.tee`.
pub fn tee<S, C>(source: C) -> (Tee<C, S>, Tee<C, S>)
where
    C: Resumable<S, Yield: Clone>,
{
    let shared = Rc::new(RefCell::new(Shared {
        source: Some(source),
        kept: VecDeque::new(),
        kept_for: Side::Left,
    }));
    let half = |side| Tee {
        shared: shared.clone(),
        side,
        sent: PhantomData,
    };
    (half(Side::Left), half(Side::Right))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

struct Shared<C, Y> {
    /// The source, until it has ended.
    source: Option<C>,
    /// What one side has taken,
    kept: VecDeque<Y>,
    /// and this one has not.
    kept_for: Side,
}

/// One of two iterators over the same source; see [`tee`].
pub struct Tee<C: Resumable<S>, S = ()> {
    shared: Rc<RefCell<Shared<C, C::Yield>>>,
    side: Side,
    sent: PhantomData<S>,
}

impl<S, C: Resumable<S, Yield: Clone>> Iterator for Tee<C, S> {
    type Item = Result<C::Yield, Raised>;

    fn next(&mut self) -> Option<Self::Item> {
        let Ok(mut shared) = self.shared.try_borrow_mut() else {
            // The source is running, below us on this very stack.
            return Some(Err(Misuse::AlreadyExecuting.into()));
        };
        let shared = &mut *shared;
        if shared.kept_for == self.side
            && let Some(item) = shared.kept.pop_front()
        {
            return Some(Ok(item));
        }
        let step = shared.source.as_mut()?.next();
        if let Step::Yielded(item) = step {
            shared.kept.push_back(item.clone());
            shared.kept_for = match self.side {
                Side::Left => Side::Right,
                Side::Right => Side::Left,
            };
            return Some(Ok(item));
        }
        shared.source = None;
        match step {
            Step::Raised(raised) => not_ended(raised).map(Err),
            _ => None,
        }
    }
}

impl<C: Resumable<S>, S> fmt::Debug for Tee<C, S> {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_struct("Tee").finish_non_exhaustive()
    }
}
