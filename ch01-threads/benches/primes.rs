//! Threads that test primes, in Rust and in Python.
//!
//! Not by criterion: Python's processes take part, and all must take turns,
//! because the machine's load changes meanwhile.
//!
//! cargo bench -p ch01-threads --bench primes

use std::hint::black_box;

use ch01_threads::primes::{NUMBERS, parallelism, rayon, sequential, threads};
use measure::{Measurement, is_wanted, median, python};

fn main() {
    let times = if is_wanted() { 4 } else { 1 };
    let numbers = NUMBERS.repeat(times);
    let numbers = black_box(&numbers[..]);
    let mut measured = measure::bench!("ms");
    let mut here = Vec::new();
    for _ in measured.rounds(5) {
        measured.time("turn", "Rust, in turn", || sequential(numbers));
        measured.time("one", "Rust, 1 thread", || threads(numbers, 1));
        measured.time("two", "Rust, 2 threads", || threads(numbers, 2));
        measured.time("four", "Rust, 4 threads", || threads(numbers, 4));
        measured.time("eight", "Rust, 8 threads", || threads(numbers, 8));
        measured.time("rayon", "Rust, rayon", || rayon(numbers));
        here.push(parallelism(2));
        for (key, label, mode) in [
            ("python", "Python, in turn", "sequential"),
            ("python-threads", "Python, 2 threads", "threads"),
            ("python-processes", "Python, 2 processes", "processes"),
        ] {
            add_python(&mut measured, key, label, mode, times);
        }
    }
    measured.compare_with_first("Rust, in turn");
    measured.print(&format!(
        "The twenty numbers of the section, {times} times, tested in each way; \
         the machine ran {:.2} of 2 threads at once meanwhile; the processes' \
         start is included",
        median(here)
    ));
}

/// Adds the seconds that Python takes, if there is one.
fn add_python(
    measured: &mut Measurement,
    key: &str,
    label: &str,
    mode: &str,
    times: usize,
) {
    let times = times.to_string();
    if let Some(printed) = python(&["benches/primes.py", mode, "2", &times]) {
        let seconds: f64 = printed.trim().parse().expect("a time");
        measured.add(key, label, seconds * 1e3);
    }
}
