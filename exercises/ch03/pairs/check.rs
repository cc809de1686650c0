//! What a lazy iterator asks of its source, and when.

use std::cell::Cell;
use std::rc::Rc;

use exercise_harness::{Check, expect};

use super::solution::Pairs;

/// Yields 1 to `last`, ends, and asked again begins again; counts the asking.
struct Source {
    asked: Rc<Cell<u32>>,
    last: u32,
}

impl Source {
    fn new(last: u32) -> (Source, Rc<Cell<u32>>) {
        let asked = Rc::<Cell<u32>>::default();
        let source = Source {
            asked: Rc::clone(&asked),
            last,
        };
        (source, asked)
    }
}

impl Iterator for Source {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        let n = self.asked.get() + 1;
        self.asked.set(n);
        let place = n % (self.last + 1);
        (place != 0).then_some(place)
    }
}

pub fn check(check: &mut Check) {
    check.case("each item is paired with the next", 1).once(|| {
        let pairs: Vec<_> = Pairs::new([1, 2, 3, 4].into_iter()).collect();
        expect("the pairs are", vec![(1, 2), (2, 3), (3, 4)], pairs);
    });

    check
        .case("an item is asked for when it is needed", 2)
        .once(|| {
            let (source, asked) = Source::new(1_000);
            let mut pairs = Pairs::new(source);
            expect("items asked for before the first pair:", 0, asked.get());
            for n in 1..=3 {
                expect("the pair is", Some((n, n + 1)), pairs.next());
                let what = format!("items asked for with pair {n}:");
                expect(&what, n + 1, asked.get());
            }
        });

    check
        .case("two hundred random lists agree with a model", 1)
        .rounds(200, |random, size| {
            let items: Vec<u32> =
                (0..size / 10).map(|_| random.u32(0..100)).collect();
            let model: Vec<_> =
                items.windows(2).map(|pair| (pair[0], pair[1])).collect();
            let pairs: Vec<_> = Pairs::new(items.into_iter()).collect();
            expect("the pairs are", model, pairs);
        });

    check.case("the end is the end", 3).once(|| {
        for last in 0..4 {
            let (source, _) = Source::new(last);
            let mut pairs = Pairs::new(source);
            let count = pairs.by_ref().take(9).count() as u32;
            expect("pairs before the end:", last.saturating_sub(1), count);
            for _ in 0..3 {
                expect("after the end it says", None, pairs.next());
            }
        }
    });
}
