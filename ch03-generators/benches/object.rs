//! What sending one line costs: an object, and a coroutine.
//!
//! cargo bench -p ch03-generators --bench object

use std::hint::black_box;

use ch03_generators::coroutine::{Coroutine, Resumable};
use ch03_generators::object::{Grep, grep};
use ch03_generators::pipeline::log;
use criterion::Criterion;
use measure::Comparison;

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import object.twin as twin
items = int(sys.argv[1]) * int(sys.argv[2])
lines = [line for line, _ in zip(twin.log_lines(5), range(100))]
found = 0
def count(line):
    global found
    found += 1
{make}
start = time.perf_counter_ns()
for i in range(items):
    filter.send(lines[i % 100])
print(time.perf_counter_ns() - start, found)
";

fn main() {
    measure::criterion(object);
}

fn object(criterion: &mut Criterion) {
    let lines: Vec<String> = log::lines(5).take(100).collect();
    let line = |i: u32| black_box(lines[i as usize % 100].as_str());
    let coroutine = "filter = twin.grep('python', count); next(filter)";
    let (coroutine, object) = (
        PYTHON.replace("{make}", coroutine),
        PYTHON.replace("{make}", "filter = twin.Grep('python', count)"),
    );
    let mut comparison = Comparison::new(criterion, "object", 20_000);
    comparison.add("object", |n| {
        let mut found = 0;
        let mut grep = Grep::new("python", |_| found += 1);
        (0..n).for_each(|i| grep.send(line(i)));
        found
    });
    comparison.add("coroutine", |n| {
        let mut found = 0;
        let mut grep = Coroutine::new(|co| grep(co, "python", |_| found += 1));
        let _first = grep.next();
        (0..n).for_each(|i| drop(grep.send(line(i))));
        drop(grep);
        found
    });
    comparison.python("cpython-object", &object);
    comparison.python("cpython-coroutine", &coroutine);
}
