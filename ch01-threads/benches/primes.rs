//! What threads do for primes, in Rust and in Python.
//!
//! cargo bench -p ch01-threads --bench primes

mod record;

use std::hint::black_box;
use std::path::Path;
use std::process::Command;

use ch01_threads::primes::{NUMBERS, parallelism, rayon, sequential, threads};
use record::Row;

fn main() {
    let (rounds, times) = if record::is_wanted() { (5, 4) } else { (1, 1) };
    let numbers = NUMBERS.repeat(times);
    let mut rows = vec![
        Row::new("turn", "Rust, in turn"),
        Row::new("one", "Rust, 1 thread"),
        Row::new("two", "Rust, 2 threads"),
        Row::new("four", "Rust, 4 threads"),
        Row::new("eight", "Rust, 8 threads"),
        Row::new("rayon", "Rust, rayon"),
    ];
    let mut python = [
        Row::new("python", "Python, in turn"),
        Row::new("python-threads", "Python, 2 threads"),
        Row::new("python-processes", "Python, 2 processes"),
    ];
    let mut here = Vec::new();
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let numbers = black_box(&numbers);
        let ways: [&dyn Fn(); 6] = [
            &|| drop(sequential(numbers)),
            &|| drop(threads(numbers, 1)),
            &|| drop(threads(numbers, 2)),
            &|| drop(threads(numbers, 4)),
            &|| drop(threads(numbers, 8)),
            &|| drop(rayon(numbers)),
        ];
        for (row, way) in rows.iter_mut().zip(ways) {
            row.push(record::time(way).as_secs_f64() * 1e3);
        }
        here.push(parallelism(2));
        for row_and_mode in
            python
                .iter_mut()
                .zip(["sequential", "threads", "processes"])
        {
            let (row, mode) = row_and_mode;
            if let Some(seconds) = in_python(mode, times) {
                row.push(seconds * 1e3);
            }
        }
    }
    if record::is_wanted() {
        here.sort_by(f64::total_cmp);
        let what = format!(
            "The twenty numbers of the section, {times} times, tested in each way; the \
             machine ran {:.2} of 2 threads at once meanwhile; the processes' \
             start is included; the median of {rounds} rounds",
            here[here.len() / 2]
        );
        rows.extend(python.into_iter().filter(|row| !row.is_empty()));
        record::print(&what, "primes", "ms", Some("Rust, in turn"), &rows);
    }
}

/// Returns the seconds that Python takes, if there is one.
fn in_python(mode: &str, times: usize) -> Option<f64> {
    let program =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/primes.py");
    let run = Command::new("python3")
        .arg(program)
        .args([mode, "2", &times.to_string()])
        .output();
    String::from_utf8(run.ok()?.stdout)
        .ok()?
        .trim()
        .parse()
        .ok()
}
