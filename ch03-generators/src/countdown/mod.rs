//! An iterator is a value with a method that gives the next item.
//!
//! Python's `__next__` raises `StopIteration` at the end; Rust's `next` returns
//! `None`. The end is a value, so that it cannot escape by accident.
//!
//! cargo run -p ch03-generators -- countdown

/// Counts down to one.
///
/// Yields `from`, `from - 1`, … 1. `None` marks the end, as often as it is
/// asked for.
///
/// Source: *A brief introduction to concurrency and coroutines in Python 3.5*
/// (2016), the iterator protocol.
pub struct Countdown {
    from: u32,
}

impl Countdown {
    /// Makes a countdown that starts at `from`; nothing is computed yet.
    pub fn new(from: u32) -> Self {
        Countdown { from }
    }
}

impl Iterator for Countdown {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let item = self.from;
        // Zero has nothing below it: that is the end, and it stays the end.
        self.from = self.from.checked_sub(1)?;
        Some(item)
    }
}

/// Shows that `for` is a loop around `next`, and what lies past the end.
pub fn demo() {
    for n in Countdown::new(3) {
        println!("for: {n}");
    }

    let mut by_hand = Countdown::new(1);
    println!("next: {:?}", by_hand.next());
    println!("next: {:?}", by_hand.next());
    println!("next, past the end: {:?}", by_hand.next());
}

#[cfg(test)]
mod tests {
    use super::Countdown;

    #[test]
    fn the_end_is_reached_once_and_stays() {
        let mut countdown = Countdown::new(2);
        assert_eq!(countdown.by_ref().collect::<Vec<_>>(), [2, 1]);
        for _ in 0..10 {
            assert_eq!(countdown.next(), None);
        }
    }

    #[test]
    fn counting_down_from_zero_yields_nothing() {
        assert_eq!(Countdown::new(0).count(), 0);
    }
}
