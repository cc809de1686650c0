//! What a line costs in a pipeline of five stages that is pulled.
//!
//! cargo bench -p ch03-generators --bench pipeline

use std::hint::black_box;
use std::pin::pin;

use ch03_generators::generator::{Gen, Slot};
use ch03_generators::pipeline::log;
use criterion::Criterion;
use measure::Comparison;

const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import pipeline.twin as twin
items = int(sys.argv[1]) * int(sys.argv[2])
lines = [line for line, _ in zip(twin.log_lines(5), range(100))]
def source():
    for i in range(items):
        yield lines[i % 100]
def fields(lines):
    for line in lines:
        yield line.rsplit(' ', 1)[1]
def numbers(fields):
    for field in fields:
        yield int(field)
start = time.perf_counter_ns()
total = sum(numbers(fields(twin.grep('p', twin.grep('1', source())))))
print(time.perf_counter_ns() - start, total)
";

async fn source<'a>(
    slot: &Slot<&'a str>,
    lines: impl Iterator<Item = &'a str>,
) {
    for line in lines {
        slot.yield_(line).await;
    }
}

async fn grep<'a>(
    slot: &Slot<&'a str>,
    pattern: &str,
    lines: impl Iterator<Item = &'a str>,
) {
    for line in lines {
        if line.contains(pattern) {
            slot.yield_(line).await;
        }
    }
}

async fn fields<'a>(
    slot: &Slot<&'a str>,
    lines: impl Iterator<Item = &'a str>,
) {
    for line in lines {
        slot.yield_(field(line)).await;
    }
}

async fn numbers<'a>(slot: &Slot<u64>, fields: impl Iterator<Item = &'a str>) {
    for field in fields {
        slot.yield_(number(field)).await;
    }
}

fn field(line: &str) -> &str {
    line.rsplit_once(' ').map_or("", |(_, field)| field)
}

fn number(field: &str) -> u64 {
    field.parse().unwrap_or_default()
}

fn main() {
    measure::criterion(pipeline);
}

fn pipeline(criterion: &mut Criterion) {
    let lines: Vec<String> = log::lines(5).take(100).collect();
    let lines =
        |n: u32| (0..n).map(|i| black_box(lines[i as usize % 100].as_str()));
    // As in a program that is given them: no contender is compiled for them.
    let [digit, letter] = black_box(["1", "p"]);
    let mut comparison = Comparison::new(criterion, "pipeline", 20_000);
    comparison.add("hand", |n| {
        let mut total = 0;
        for line in lines(n) {
            if line.contains(digit) && line.contains(letter) {
                total += number(field(line));
            }
        }
        total
    });
    comparison.add("adapters", |n| {
        lines(n)
            .filter(|line| line.contains(digit))
            .filter(|line| line.contains(letter))
            .map(field)
            .map(number)
            .sum()
    });
    comparison.add("gen", |n| {
        let (one, two) = (Slot::new(), Slot::new());
        let (three, four) = (Slot::new(), Slot::new());
        let five = Slot::new();
        let lines = pin!(source(&one, lines(n)));
        let lines = Gen::new(&one, lines);
        let lines = pin!(grep(&two, digit, lines));
        let lines = Gen::new(&two, lines);
        let lines = pin!(grep(&three, letter, lines));
        let lines = Gen::new(&three, lines);
        let fields = pin!(fields(&four, lines));
        let fields = Gen::new(&four, fields);
        let numbers = pin!(numbers(&five, fields));
        Gen::new(&five, numbers).sum()
    });
    comparison.python("cpython", PYTHON);
}
