//! The first item is asked for before the first pair is.

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: std::iter::Fuse<I>,
    last: Option<u32>,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        let mut items = items.fuse();
        let last = items.next();
        Pairs { items, last }
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        let second = self.items.next()?;
        Some((self.last.replace(second)?, second))
    }
}
