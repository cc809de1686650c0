//! What carrying one line costs, to the same stage in four places.
//!
//! Not by criterion: a carrier is a thread or a process, started and ended, and
//! they take turns.
//!
//! cargo bench -p ch03-generators --bench carriers

use std::process::Command;
use std::time::Instant;

use ch03_generators::carriers::{CARRIERS, behind, run};
use ch03_generators::pipeline::log;
use measure::{Python, is_wanted};

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'src')
import carriers.twin as twin
lines = [line for line, _ in zip(twin.log_lines(17), range(int(sys.argv[1])))]
start = time.perf_counter_ns()
report = twin.run(lines, twin.CARRIERS['NAME']())
print(time.perf_counter_ns() - start, report.split(',')[0])
";

fn main() {
    let (many, few) = match is_wanted() {
        true => (100_000, 30_000),
        false => (1000, 300),
    };
    let mut measured = measure::bench!("ns");
    for _ in measured.rounds(15) {
        for carrier in CARRIERS {
            let key = carrier.replace(' ', "-");
            measured.add(&key, carrier, nanoseconds(carrier, many));
            let script = PYTHON.replace("NAME", carrier);
            if let Some((took, _)) = Python(&script).run(few, 1) {
                measured.add(
                    &format!("cpython-{key}"),
                    &format!("CPython, {carrier}"),
                    took.as_nanos() as f64 / few as f64,
                );
            }
        }
    }
    // Ours first, then those of CPython.
    measured
        .rows
        .sort_by_key(|row| row.key.starts_with("cpython-"));
    measured.compare_with_first(CARRIERS[0]);
    measured.print(&format!(
        "a filter of {many} log lines behind a carrier (CPython: {few}), per \
         line, start and end included"
    ));
}

/// Returns what one line takes behind a carrier, measured over many.
fn nanoseconds(carrier: &str, lines: usize) -> f64 {
    let lines: Vec<_> = log::lines(17).take(lines).collect();
    let many = lines.len() as f64;
    let mut program = Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
    program.args(["carriers", "--far-end"]);
    let start = Instant::now();
    let report = behind(carrier, program).and_then(|stage| run(lines, stage));
    let took = start.elapsed();
    report.expect("no carrier breaks");
    took.as_nanos() as f64 / many
}
