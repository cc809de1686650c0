//! How long a query takes that intersects, here and in Python.
//!
//! cargo bench -p ch05-servers --bench finder_query

mod record;

use std::env;
use std::hint::black_box;
use std::time::Instant;

use ch05_servers::finder::Index;
use record::{Row, python, row};

const RARE: &str = "cat smiling";
const COMMON: &str = "letter small";

const PYTHON: &str = r#"
import sys, time
sys.path.insert(0, "ch05-servers/src")
import finder.twin as finder
index = finder.Index()
for query in "cat smiling", "letter small":
    start = time.perf_counter()
    for _ in range(100):
        index.find(query)
    print((time.perf_counter() - start) / 100)
"#;

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let rounds = if measure { 7 } else { 1 };
    let index = Index::new();
    let mut rows = vec![
        row("rust-rare", "Rust: `cat smiling`"),
        row("python-rare", "the twin: `cat smiling`"),
        row("rust-common", "Rust: `letter small`"),
        row("python-common", "the twin: `letter small`"),
    ];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        for (row, query) in [(0, RARE), (2, COMMON)] {
            let start = Instant::now();
            for _ in 0..100 {
                black_box(index.find(black_box(query)));
            }
            rows[row].times.push(start.elapsed() / 100);
        }
        if let [rare, common] = python(PYTHON)[..] {
            rows[1].times.push(rare);
            rows[3].times.push(common);
        }
    }
    rows.retain(|row: &Row| !row.times.is_empty());
    if measure {
        let what = format!(
            "One query, from the words to the sorted result: `{RARE}` finds \
             {}, `{COMMON}` finds {}; the median of {rounds} rounds of 100",
            index.find(RARE).len(),
            index.find(COMMON).len()
        );
        let first = Some("the first row");
        record::print(&what, "finder_query", first, "µs", &rows);
    }
}
