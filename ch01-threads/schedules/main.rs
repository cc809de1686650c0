//! Runs a program under every schedule that there is, and counts the wrong
//! ones.
//!
//! shuttle runs the threads one at a time and chooses at each lock, atomic and
//! wake-up who is next: depth first, until all choices have been made. The
//! primitives are the chapter's own files, with shuttle's locks in them.
//!
//! What shuttle says about each failure is on stderr, and is a lot.
//!
//! cargo run -q -p ch01-threads --example schedules -- lost-update 2>/dev/null

#![expect(
    clippy::duplicate_mod,
    reason = "the pool is here twice: as it is, and with a fault"
)]

mod explore;
mod programs;

use std::process::ExitCode;

use explore::explore;

/// More than any of these has. A program that needs more is cut off, and says
/// so.
const LIMIT: usize = 300_000;

/// A section, what the wrong and the right version are, and their programs.
type Case = (&'static str, &'static [(&'static str, fn())]);

#[rustfmt::skip]
const CASES: &[Case] = &[
    ("lost-update", &[("load, store", programs::load_store), ("fetch_add", programs::fetch_add)]),
    ("lock-order", &[("the money's order", programs::money_order), ("the numbers' order", programs::number_order)]),
    ("condvar", &[("if", programs::wait_if), ("while", programs::wait_while)]),
    ("pool", &[("notify_one at the end", programs::wake_one), ("notify_all at the end", programs::wake_all), ("dropped with a job", programs::drop_pool)]),
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let case = CASES.iter().find(|case| asked == [case.0]);
    let Some((_, versions)) = case else {
        let known: Vec<&str> = CASES.iter().map(|case| case.0).collect();
        eprintln!("error: name one of {}", known.join(", "));
        return ExitCode::from(2);
    };
    for (name, program) in *versions {
        let seen = explore(*program, LIMIT);
        println!("{name}: {} schedules, {} wrong", seen.schedules, seen.wrong);
        println!(
            "  {} different histories, {} wrong",
            seen.histories.len(),
            seen.wrong_histories()
        );
        if seen.cut_off {
            println!("  cut off: there are more");
        }
        if let Some((log, end)) = seen.first_wrong {
            println!("  the first wrong one:");
            log.iter().for_each(|step| println!("    {step}"));
            println!("    {end}");
        }
    }
    ExitCode::SUCCESS
}
