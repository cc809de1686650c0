//! Lazy `pairwise`: pairs of neighbouring items. To be finished.
//!
//! cargo xtask exercise ch03 pairs

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: I,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        Pairs { items }
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        // (1, 2), (3, 4): not yet what is wanted.
        Some((self.items.next()?, self.items.next()?))
    }
}
