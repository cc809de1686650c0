//! It wants all items in a list first: with a log it waits for ever.

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: Option<I>,
    pairs: std::vec::IntoIter<(u32, u32)>,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        Pairs {
            items: Some(items),
            pairs: Vec::new().into_iter(),
        }
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        if let Some(items) = self.items.take() {
            let items: Vec<u32> = items.collect();
            let pairs: Vec<_> =
                items.windows(2).map(|pair| (pair[0], pair[1])).collect();
            self.pairs = pairs.into_iter();
        }
        self.pairs.next()
    }
}
