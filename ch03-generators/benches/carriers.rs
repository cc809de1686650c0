//! What carrying one line costs, to the same stage in four places.
//!
//! cargo bench -p ch03-generators --bench carriers

mod record;

use std::process::Command;

use ch03_generators::carriers::{CARRIERS, behind, run};
use ch03_generators::pipeline::log;
use record::{Case, compete, lap};

/// Run in the chapter's folder, where the twin is.
const PYTHON: &str = "
import sys, time
sys.path.insert(0, 'python')
import carriers as twin
items = int(sys.argv[1])
# As few lines as others take would measure how an interpreter starts.
lines = [line for line, _ in zip(twin.log_lines(17), range(items * 30))]
start = time.perf_counter_ns()
report = twin.run(lines, twin.CARRIERS['NAME']())
print((time.perf_counter_ns() - start) // 30, report.split(',')[0])
";

fn main() {
    let scripts = CARRIERS.map(|carrier| PYTHON.replace("NAME", carrier));
    let mut cases: Vec<Case> = CARRIERS
        .into_iter()
        .map(|carrier| {
            Case::new(carrier.replace(' ', "-"), carrier, move |n| {
                let lines: Vec<_> = log::lines(17).take(n as usize).collect();
                let program = env!("CARGO_BIN_EXE_ch03-generators");
                let mut program = Command::new(program);
                program.args(["carriers", "--far-end"]);
                lap(n, || {
                    let report = behind(carrier, program)
                        .and_then(|stage| run(lines, stage));
                    let report = report.expect("no carrier breaks");
                    let count = report.split(',').next();
                    count.and_then(|n| n.parse().ok()).unwrap_or_default()
                })
            })
        })
        .collect();
    for (carrier, script) in CARRIERS.iter().zip(&scripts) {
        cases.push(Case::python(
            format!("cpython-{}", carrier.replace(' ', "-")),
            format!("CPython, {carrier}"),
            script,
        ));
    }
    compete(
        "carriers",
        "a filter of 100,000 log lines behind a carrier (CPython: 30,000), \
         per line, start and end included",
        (100_000, 15),
        cases,
    );
}
