//! How long an index of all names takes to build, here and in Python.
//!
//! cargo bench -p ch05-servers --bench finder_build

mod record;

use std::env;
use std::hint::black_box;
use std::time::Instant;

use ch05_servers::finder::Index;
use record::{Row, python, row};

const PYTHON: &str = r#"
import sys, time
sys.path.insert(0, "ch05-servers/src")
import finder.twin as finder
start = time.perf_counter()
finder.Index()
print(time.perf_counter() - start)
"#;

fn main() {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    let rounds = if measure { 7 } else { 1 };
    let mut rows = vec![
        row("rust", "Rust: names out of the compressed table"),
        row("python", "the twin: `unicodedata.name`"),
    ];
    for round in 1..=rounds {
        eprintln!("round {round} of {rounds}");
        let start = Instant::now();
        black_box(Index::new());
        rows[0].times.push(start.elapsed());
        rows[1].times.extend(python(PYTHON));
    }
    rows.retain(|row: &Row| !row.times.is_empty());
    if measure {
        let what = format!(
            "Building the index of all names; the median of {rounds} rounds. \
             Rust has the names of Unicode 17.0, Python those that it came with"
        );
        let first = Some("Rust's build");
        record::print(&what, "finder_build", first, "ms", &rows);
    }
}
