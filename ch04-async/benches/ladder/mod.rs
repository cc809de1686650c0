//! Rungs of the section `latency`, ours and Python's, as contenders.

#![allow(dead_code, reason = "some records are about Rust alone")]

use std::path::Path;

use ch04_async::latency::rungs;
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Throughput};
use measure::Python;

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch04-async");
const TWIN: &str = "
import asyncio, sys, time
sys.path.insert(0, 'src')
import latency.twin as twin
times = int(sys.argv[1]) * int(sys.argv[2])
climb = twin.RUNGS['KEY'][2]
if asyncio.iscoroutinefunction(climb):
    with asyncio.Runner() as runner:
        runner.get_loop()
        start = time.perf_counter_ns()
        runner.run(climb(times))
        took = time.perf_counter_ns() - start
else:
    start = time.perf_counter_ns()
    climb(times)
    took = time.perf_counter_ns() - start
print(took, 0)
";

/// In each iteration: there and back, where there is a back.
const TIMES: u64 = 2;

/// Climbs the section's rungs with these keys.
pub fn climb(group: &mut BenchmarkGroup<WallTime>, keys: &[&str]) {
    group.throughput(Throughput::Elements(TIMES));
    let ladder = rungs(Path::new(PROGRAM));
    for key in keys {
        let rung = ladder.iter().find(|rung| rung.key == *key);
        let rung = rung.unwrap_or_else(|| panic!("there is no rung `{key}`"));
        group.bench_function(*key, |bencher| {
            bencher.iter_custom(|iterations| {
                let times = u32::try_from(TIMES * iterations);
                let climbed = rung.climb(times.expect("fewer than 2^32"));
                climbed.expect("the system has what it takes")
            });
        });
    }
}

/// Climbs the twin's rungs: key of the row, and of the rung.
pub fn climb_pythons(
    group: &mut BenchmarkGroup<WallTime>,
    keys: &[(&str, &str)],
) {
    for (key, rung) in keys {
        let script = TWIN.replace("KEY", rung);
        Python(&script).bench(group, key, TIMES, 0);
    }
}
