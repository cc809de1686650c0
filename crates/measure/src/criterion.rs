//! criterion's settings, which all chapters have in common.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, Throughput};

use crate::Python;

/// Runs a bench's groups with criterion.
///
/// It measures for a shorter time than criterion does of itself: the book has a
/// hundred contenders. `cargo bench -p CHAPTER --bench NAME -- --measurement-time
/// 10` takes longer.
pub fn criterion(groups: impl FnOnce(&mut Criterion)) {
    // Where a tool is missing, `cargo test` is told to skip the tests that need
    // it, and tells every program so. criterion knows no such word, and has no
    // tests.
    if std::env::args().any(|word| word == "--skip") {
        return;
    }
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(50)
        .nresamples(20_000)
        .configure_from_args();
    groups(&mut criterion);
    criterion.final_summary();
}

/// Returns how long `work` takes, for criterion's `iter_custom`.
pub fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// A group of criterion's, whose contenders compute the same of so many items
/// in each iteration; the record has the time of one item.
pub struct Comparison<'a> {
    group: BenchmarkGroup<'a, WallTime>,
    items: u32,
    result: Option<u64>,
}

impl<'a> Comparison<'a> {
    /// Begins a group without contenders.
    pub fn new(criterion: &'a mut Criterion, name: &str, items: u32) -> Self {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(items.into()));
        Comparison {
            group,
            items,
            result: None,
        }
    }

    /// Measures a contender, which is given the number of items.
    ///
    /// # Panics
    ///
    /// It computes something else than the first.
    pub fn add(&mut self, key: &str, run: impl Fn(u32) -> u64) {
        let items = self.items;
        let result = run(items);
        let first = *self.result.get_or_insert(result);
        assert_eq!(result, first, "{key} computes something else");
        self.group.bench_function(key, |bencher| {
            bencher.iter(|| run(black_box(items)));
        });
    }

    /// Measures a contender in CPython, where there is one. See [`Python`].
    ///
    /// # Panics
    ///
    /// It computes something else than the first.
    pub fn python(&mut self, key: &str, script: &str) {
        if let Some(result) = self.result {
            let items = self.items.into();
            Python(script).bench(&mut self.group, key, items, result);
        }
    }

    /// Gives those that come after this another number of items, of which they
    /// have to compute `result`.
    pub fn change_items(&mut self, items: u32, result: u64) {
        (self.items, self.result) = (items, Some(result));
        self.group.throughput(Throughput::Elements(items.into()));
    }
}
