//! It has said `None`, and asked again it asks again.

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: I,
    last: Option<u32>,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        Pairs { items, last: None }
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        if self.last.is_none() {
            self.last = self.items.next();
        }
        let second = self.items.next()?;
        Some((self.last.replace(second)?, second))
    }
}
