//! How long a query takes that intersects, here and in Python.
//!
//! cargo bench -p ch05-servers --bench finder_query

use std::hint::black_box;

use ch05_servers::finder::Index;
use criterion::Criterion;
use measure::Python;

/// Key and query: one with a short answer, one with a long one.
const QUERIES: [(&str, &str); 2] =
    [("rare", "cat smiling"), ("common", "letter small")];

const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import finder.twin as finder
index = finder.Index()
start = time.perf_counter_ns()
for _ in range(int(sys.argv[2])):
    index.find('QUERY')
print(time.perf_counter_ns() - start, 0)
";

fn main() {
    measure::criterion(finder_query);
}

fn finder_query(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("finder_query");
    let index = Index::new();
    for (key, query) in QUERIES {
        group.bench_function(format!("rust-{key}"), |bencher| {
            bencher.iter(|| index.find(black_box(query)));
        });
    }
    for (key, query) in QUERIES {
        let script = PYTHON.replace("QUERY", query);
        Python(&script).bench(&mut group, &format!("python-{key}"), 1, 0);
    }
    group.finish();
}
