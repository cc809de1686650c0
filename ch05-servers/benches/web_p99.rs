//! The web finder beside the same others: how long the slowest in a hundred
//! wait.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! sh ch05-servers/benches/peers/setup.sh
//! cargo bench -p ch05-servers --bench web_p99

#[path = "serving/crowds.rs"]
mod crowds;
#[path = "serving/peers.rs"]
mod peers;
mod serving;

fn main() {
    let what = "How long 99 of 100 wait at most for the answer to";
    crowds::measure(measure::bench!("ms"), what, 8, |report| {
        report.response.value_at_quantile(0.99) as f64 / 1000.0
    });
}
