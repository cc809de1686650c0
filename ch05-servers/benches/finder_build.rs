//! How long an index of all names takes to build, here and in Python.
//!
//! cargo bench -p ch05-servers --bench finder_build

use ch05_servers::finder::Index;
use criterion::Criterion;
use measure::Python;

const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import finder.twin as finder
start = time.perf_counter_ns()
for _ in range(int(sys.argv[2])):
    finder.Index()
print(time.perf_counter_ns() - start, 0)
";

fn main() {
    measure::criterion(finder_build);
}

fn finder_build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("finder_build");
    // As few as criterion allows: each takes its time.
    group.sample_size(10);
    group.bench_function("rust", |bencher| bencher.iter(Index::new));
    Python(PYTHON).bench(&mut group, "python", 1, 0);
    group.finish();
}
