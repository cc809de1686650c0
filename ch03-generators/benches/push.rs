//! What pushing one line into a tree of coroutines costs.
//!
//! cargo bench -p ch03-generators --bench push

use std::cell::Cell;
use std::hint::black_box;

use ch03_generators::coroutine::{Co, Coroutine, Raised, Resumable};
use ch03_generators::pipeline::log;
use ch03_generators::push::{broadcast, grep};
use criterion::Criterion;
use genawaiter::rc;
use measure::Comparison;

/// As in a program that is given them: no contender is compiled for them.
fn patterns() -> [&'static str; 3] {
    black_box(["python", "ply", "swig"])
}

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import push.twin as twin
items = int(sys.argv[1]) * int(sys.argv[2])
lines = [line for line, _ in zip(twin.log_lines(5), range(100))]
found = 0
@twin.coroutine
def sink():
    global found
    while True:
        line = yield
        # Not in one: Python would read `found` before it yields.
        found += len(line.encode())
names = 'python', 'ply', 'swig'
tree = twin.broadcast([twin.grep(name, sink()) for name in names])
start = time.perf_counter_ns()
for i in range(items):
    tree.send(lines[i % 100])
print(time.perf_counter_ns() - start, found)
";

async fn sink(co: Co<'_, (), &str>, found: &Cell<u64>) -> Result<(), Raised> {
    loop {
        if let Some(line) = co.yield_(()).await? {
            found.set(found.get() + line.len() as u64);
        }
    }
}

/// The same three stages with genawaiter, erased as ours are: a stage is a
/// function that takes a line.
type Stage<'a> = Box<dyn FnMut(&'a str) + 'a>;

fn started<'a, F: Future<Output = ()> + 'a>(
    body: impl FnOnce(rc::Co<(), Option<&'a str>>) -> F,
) -> Stage<'a> {
    let mut stage = rc::Gen::new(body);
    stage.resume_with(None);
    Box::new(move |line| {
        stage.resume_with(Some(line));
    })
}

fn by_genawaiter<'a>(found: &'a Cell<u64>) -> Stage<'a> {
    let mut targets = Vec::new();
    for pattern in patterns() {
        let mut sink = started(|co| async move {
            loop {
                if let Some(line) = co.yield_(()).await {
                    found.set(found.get() + line.len() as u64);
                }
            }
        });
        targets.push(started(|co| async move {
            loop {
                match co.yield_(()).await {
                    Some(line) if line.contains(pattern) => sink(line),
                    _ => {}
                }
            }
        }));
    }
    started(|co| async move {
        loop {
            if let Some(line) = co.yield_(()).await {
                targets.iter_mut().for_each(|target| target(line));
            }
        }
    })
}

fn by_coroutines<'a>(
    found: &'a Cell<u64>,
) -> Result<Coroutine<'a, (), &'a str>, Raised> {
    let mut targets = Vec::new();
    for pattern in patterns() {
        let sink = Coroutine::new(|co| sink(co, found)).primed()?;
        let filter = Coroutine::new(|co| grep(co, pattern, sink));
        targets.push(filter.primed()?);
    }
    Coroutine::new(|co| broadcast(co, targets)).primed()
}

fn main() {
    measure::criterion(push);
}

fn push(criterion: &mut Criterion) {
    let lines: Vec<String> = log::lines(5).take(100).collect();
    let line = |i: u32| black_box(lines[i as usize % 100].as_str());
    let mut comparison = Comparison::new(criterion, "push", 20_000);
    comparison.add("hand", |n| {
        let (mut found, patterns) = (0, patterns());
        for i in 0..n {
            for pattern in patterns {
                let line = line(i);
                if line.contains(pattern) {
                    found += line.len() as u64;
                }
            }
        }
        found
    });
    comparison.add("coroutine", |n| {
        let found = Cell::new(0);
        let tree = by_coroutines(&found);
        let mut tree = tree.expect("no stage fails");
        for i in 0..n {
            let sent = tree.send(line(i)).yielded();
            sent.expect("no stage fails");
        }
        drop(tree);
        found.get()
    });
    comparison.add("genawaiter", |n| {
        let found = Cell::new(0);
        let mut tree = by_genawaiter(&found);
        (0..n).for_each(|i| tree(line(i)));
        drop(tree);
        found.get()
    });
    comparison.python("cpython", PYTHON);
}
