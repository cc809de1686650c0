//! Twenty flags: one after the other, five at a time, all at once.
//!
//! Not by criterion: twenty waits for a server take a second.
//!
//! cargo bench -p ch04-async --bench downloads_20

mod downloading;

use ch04_async::flags::{concurrent, sequential, threads};
use downloading::{DELAY, Engine, download};

const RUNS: [(&str, &str, Engine, usize); 4] = [
    ("async-20", "async, 20 at a time", concurrent::run, 20),
    ("threads-20", "20 threads", threads::run, 20),
    ("async-5", "async, 5 at a time", concurrent::run, 5),
    ("sequential", "sequential", sequential::run, 1),
];

fn main() {
    let mut measured = measure::bench!("ms");
    for _ in measured.rounds(7) {
        for (key, label, engine, at_a_time) in RUNS {
            measured.add_time(key, label, download(engine, 20, at_a_time));
        }
    }
    // Twenty waits instead of one, if waiting were all there is.
    let times = measured.ratio("sequential", "async-20");
    assert!(times > 3.0, "sequential takes {times} times as long");
    measured.compare_with_first("async, 20 at a time");
    measured.print(&format!(
        "20 downloads from a server in the same process that takes {} ms for \
         each, saved in memory where there is `/dev/shm`",
        DELAY.as_millis()
    ));
}
