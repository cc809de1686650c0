//! It has the next pair ready before it is asked for: an item too early.

/// Yields each item with the next one.
pub struct Pairs<I: Iterator> {
    items: std::iter::Fuse<I>,
    begun: bool,
    last: Option<u32>,
    ready: Option<(u32, u32)>,
}

impl<I: Iterator<Item = u32>> Pairs<I> {
    /// Takes the items from `items`.
    pub fn new(items: I) -> Pairs<I> {
        Pairs {
            items: items.fuse(),
            begun: false,
            last: None,
            ready: None,
        }
    }

    fn prepare(&mut self) -> Option<(u32, u32)> {
        let second = self.items.next()?;
        Some((self.last.replace(second)?, second))
    }
}

impl<I: Iterator<Item = u32>> Iterator for Pairs<I> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        if !self.begun {
            self.begun = true;
            self.last = self.items.next();
            self.ready = self.prepare();
        }
        let pair = self.ready.take();
        self.ready = self.prepare();
        pair
    }
}
