//! CPU-bound threads: the speed-up is at most the number of processors.
//!
//! Twenty numbers, tested in turn, by threads with a channel, and by rayon.
//! The same program with Python's threads gains nothing, because of the GIL.
//!
//! cargo run -p ch01-threads -- primes

pub mod cli;

use std::hint::black_box;
use std::num::NonZero;
use std::thread;
use std::time::{Duration, Instant};

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};

use crate::channel::check;
use crate::numbers::is_prime;

/// Primes of all sizes, squares and products of primes, and other numbers.
pub const NUMBERS: [u64; 20] = [
    0,
    1,
    2,
    4,
    9,
    100_003,
    1_000_000_007,
    10_000_600_009,
    100_000_000_003,
    1_000_000_000_039,
    1_000_006_000_009,
    2_000_009_000_009,
    3_000_000_000_013,
    3_000_000_000_117,
    3_000_018_500_021,
    4_000_012_000_009,
    6_000_000_000_023,
    8_000_000_000_009,
    9_999_999_999_999,
    10_000_000_000_037,
];

/// The source's numbers: nine primes, and eleven other numbers.
pub const LARGE: [u64; 20] = [
    2,
    142_702_110_479_723,
    299_593_572_317_531,
    3_333_333_333_333_301,
    3_333_333_333_333_333,
    3_333_335_652_092_209,
    4_444_444_444_444_423,
    4_444_444_444_444_444,
    4_444_444_488_888_889,
    5_555_553_133_149_889,
    5_555_555_555_555_503,
    5_555_555_555_555_555,
    6_666_666_666_666_666,
    6_666_666_666_666_719,
    6_666_667_141_414_921,
    7_777_777_536_340_681,
    7_777_777_777_777_753,
    7_777_777_777_777_777,
    9_999_999_999_999_917,
    9_999_999_999_999_999,
];

/// Tests one number after the other.
pub fn sequential(numbers: &[u64]) -> Vec<(u64, bool)> {
    numbers.iter().map(|n| (*n, is_prime(*n))).collect()
}

/// Tests with `workers` threads, which take numbers from a channel.
pub fn threads(numbers: &[u64], workers: usize) -> Vec<(u64, bool)> {
    let mut answers = check(numbers, workers);
    answers.sort_unstable();
    answers
}

/// Tests with rayon's pool, which splits the numbers as its workers ask.
///
/// Only `par_iter` is new. A panic in a test would propagate from here.
pub fn rayon(numbers: &[u64]) -> Vec<(u64, bool)> {
    numbers.par_iter().map(|n| (*n, is_prime(*n))).collect()
}

/// Measures how many threads this machine runs at once, as of now.
///
/// `threads` threads do a piece of work each, and the time is compared with that
/// of one: on a machine with nothing else to do, its processors.
pub fn parallelism(threads: usize) -> f64 {
    let prime = || is_prime(black_box(10_000_000_000_037));
    let piece = || (0..4).all(|_| prime());
    let alone = time(|| {
        piece();
    });
    let together = time(|| {
        thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(piece);
            }
        });
    });
    alone.as_secs_f64() * threads as f64 / together.as_secs_f64()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// Tests all numbers in three ways, with `workers` threads or the machine's.
pub fn demo(workers: Option<usize>) {
    let here = thread::available_parallelism().map_or(1, NonZero::get);
    let workers = workers.unwrap_or(here);
    let mut first = Vec::new();
    let alone = time(|| first = sequential(&NUMBERS));
    for (n, prime) in &first {
        println!("{n:16}{}", if *prime { "  P" } else { "" });
    }
    let same = |name: &str, answers: &dyn Fn() -> Vec<(u64, bool)>| {
        let mut second = Vec::new();
        let took = time(|| second = answers());
        println!("{name}: the same answers: {}", first == second);
        let speed_up = alone.as_secs_f64() / took.as_secs_f64();
        eprintln!("{name}: {speed_up:.2} times as fast as in turn");
    };
    same("threads", &|| threads(&NUMBERS, workers));
    same("rayon", &|| rayon(&NUMBERS));
    let measured = parallelism(workers);
    eprintln!(
        "this machine just ran {measured:.2} of {workers} threads at once"
    );
}

/// Tests [`LARGE`] in turn, and prints the time that each number takes.
pub fn demo_times() {
    let mut total = Duration::ZERO;
    for n in LARGE {
        let mut prime = false;
        let took = time(|| prime = is_prime(n));
        total += took;
        let mark = if prime { 'P' } else { ' ' };
        println!("{n:16}  {mark}  {} ms", took.as_millis());
    }
    println!("all twenty: {} ms", total.as_millis());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rayon_hands_a_panic_on_and_works_on() {
        let broken =
            || -> u64 { [1_u64, 2].par_iter().map(|n| 1 / (n - 1)).sum() };
        assert!(std::panic::catch_unwind(broken).is_err());
        assert_eq!(rayon(&[7]), [(7, true)]);
    }

    #[test]
    fn no_numbers_have_no_answers_either_way() {
        assert_eq!(threads(&[], 2), rayon(&[]));
    }
}
