//! Percentiles as a table, and as a histogram in text.

use std::cmp::Reverse;
use std::fmt::Write;

use hdrhistogram::Histogram;

use super::Report;

const PERCENTILES: [f64; 4] = [50.0, 90.0, 99.0, 99.9];
const WIDTH: u64 = 40;

/// Returns the heading of the lines that [`percentiles`] makes.
pub fn heading() -> String {
    let names = PERCENTILES.map(|p| format!("{:>8}", format!("p{p}")));
    format!("{:24}{}{:>8}  ms", "", names.concat(), "max")
}

/// Returns a line of latencies in milliseconds.
pub fn percentiles(name: &str, latency: &Histogram<u64>) -> String {
    let mut line = format!("{name:24}");
    let at = PERCENTILES.map(|p| latency.value_at_percentile(p));
    for micros in at.into_iter().chain([latency.max()]) {
        write!(line, "{:>8}", ms(micros)).expect("a String takes all");
    }
    line
}

/// Returns a bar for each doubling of the latency.
pub fn histogram(latency: &Histogram<u64>) -> String {
    let mut bars: Vec<(u64, u64)> = vec![];
    for step in latency.iter_log(1, 2.0) {
        let up_to = step.value_iterated_to() + 1;
        bars.push((up_to, step.count_since_last_iteration()));
    }
    let first = bars.iter().position(|(_, count)| *count > 0).unwrap_or(0);
    let most = bars.iter().map(|(_, count)| *count).max().unwrap_or(0);
    let mut text = String::new();
    for (up_to, count) in &bars[first..] {
        // Whatever is there is seen, were it one in a million.
        let bar = "#".repeat((count * WIDTH).div_ceil(most.max(1)) as usize);
        let up_to = ms(*up_to);
        writeln!(text, "  below {up_to:>7} ms {bar} {count}")
            .expect("a String takes all");
    }
    text
}

/// Returns all of it, a table and a histogram.
pub fn text(report: &Report) -> String {
    let answers = report.response.len();
    let rate = answers as f64 / report.elapsed.as_secs_f64();
    format!(
        "{answers} answers in {:.1} s, {rate:.0} a second; {} errors, {} \
         never sent\n{}\n{}\n{}\n{}\n\nsince it was due:\n{}",
        report.elapsed.as_secs_f64(),
        report.errors,
        report.unsent,
        kinds(report),
        heading(),
        percentiles("since it was sent", &report.service),
        percentiles("since it was due", &report.response),
        histogram(&report.response),
    )
}

/// Returns a line for each kind of error, the most frequent first, and one for
/// the connections that were made anew.
fn kinds(report: &Report) -> String {
    let mut kinds: Vec<_> = report.kinds.iter().collect();
    kinds.sort_by_key(|(kind, times)| (Reverse(**times), *kind));
    let mut text = String::new();
    for (kind, times) in kinds {
        writeln!(text, "{times:>8} × {kind}").expect("a String takes all");
    }
    if report.reconnects > 0 {
        let times = report.reconnects;
        writeln!(text, "{times:>8} × connected again")
            .expect("a String takes all");
    }
    text
}

fn ms(micros: u64) -> String {
    match micros {
        0..10_000 => format!("{:.2}", micros as f64 / 1e3),
        10_000..100_000 => format!("{:.1}", micros as f64 / 1e3),
        _ => format!("{:.0}", micros as f64 / 1e3),
    }
}
