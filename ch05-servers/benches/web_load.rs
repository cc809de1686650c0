//! The web finder beside a hyper that only repeats the same body, and beside
//! others: answers a second.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! sh ch05-servers/benches/peers/setup.sh
//! cargo bench -p ch05-servers --bench web_load

#[path = "serving/crowds.rs"]
mod crowds;
#[path = "serving/peers.rs"]
mod peers;
mod serving;

fn main() {
    let what = "Answers a second to";
    crowds::measure(measure::bench!("requests/s"), what, 24, |report| {
        report.response.len() as f64 / report.elapsed.as_secs_f64()
    });
}
