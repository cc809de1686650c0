//! Lazy `pairwise`: the last item is kept, and so is the end.

use std::iter::Fuse;

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: Fuse<I>,
    /// The second of the pair before, the first of the next.
    last: Option<u32>,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        let items = items.fuse();
        Pairs { items, last: None }
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let first = match self.last {
            Some(last) => last,
            None => self.items.next()?,
        };
        let second = self.items.next()?;
        self.last = Some(second);
        Some((first, second))
    }
}
