//! Many downloads at a time, against the least time that they can take.
//!
//! Not by criterion: a thousand waits for a server take seconds.
//!
//! cargo bench -p ch04-async --bench downloads

mod downloading;

use ch04_async::flags::{concurrent, threads};
use downloading::{DELAY, Engine, download};
use measure::is_wanted;

const ENGINES: [(&str, Engine); 2] =
    [("async", concurrent::run), ("threads", threads::run)];

fn main() {
    let (n, at_a_time) = if is_wanted() { (1_000, 100) } else { (100, 10) };
    let ideal = DELAY * (n / at_a_time) as u32;
    let mut measured = measure::bench!("ms");
    for _ in measured.rounds(7) {
        let label = "ideal: downloads × delay / downloads at a time";
        measured.add_time("ideal", label, ideal);
        for (key, engine) in ENGINES {
            measured.add_time(key, key, download(engine, n, at_a_time));
        }
    }
    for (key, _) in ENGINES {
        // One after the other they would take ten times the ideal.
        assert!(measured.ratio(key, "ideal") < 5.0, "{key}");
    }
    measured.compare_with_first("the ideal");
    measured.print(&format!(
        "{n} downloads, {at_a_time} at a time, from a server in the same \
         process that takes {} ms for each, saved in memory where there is \
         `/dev/shm`",
        DELAY.as_millis()
    ));
}
