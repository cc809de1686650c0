//! Runs sections under every schedule that there is, and records them.
//!
//! shuttle runs the threads one at a time and chooses at each lock, atomic and
//! wake-up who is next: depth first, until all choices have been made. The
//! sections are the chapter's own files, with shuttle's tools in them, and each
//! tool says who uses it and at which line. The book lets a reader step through
//! what this prints.
//!
//! cargo run -q -p ch01-threads --example schedules -- lost-update

#![expect(
    clippy::duplicate_mod,
    reason = "the pool is here twice: as it is, and with a fault"
)]

mod explore;
mod programs;
mod tools;
mod trace;
mod write;

use std::process::ExitCode;

use explore::{Names, Outcome, explore};

/// More than any of these has. A program that needs more is cut off, and says
/// so.
const LIMIT: usize = 300_000;

/// A section that runs under all schedules.
struct Case {
    slug: &'static str,
    /// Where it is, and what it says there.
    source: (&'static str, &'static str),
    threads: Names,
    shared: Names,
    /// The versions that are compared.
    programs: &'static [Version],
    /// How many kinds of histories are shown of each outcome, if not all are:
    /// a page has to stay light.
    kinds: usize,
}

/// A version's name, and the version.
type Version = (&'static str, fn() -> Outcome);

macro_rules! source {
    ($file:literal) => {
        (
            concat!("ch01-threads/src/", $file),
            include_str!(concat!("../src/", $file)),
        )
    };
}

const CASES: &[Case] = &[
    Case {
        slug: "lost-update",
        source: source!("lost_update/mod.rs"),
        threads: &["main", "left", "right"],
        shared: &["counter"],
        programs: &[
            ("load, then store", programs::load_store),
            ("fetch_add", programs::fetch_add),
        ],
        kinds: 9,
    },
    Case {
        slug: "lock-order",
        source: source!("lock_order/mod.rs"),
        threads: &["main", "left", "right"],
        shared: &["account 1", "account 2"],
        programs: &[
            ("the money's order", programs::money_order),
            ("the numbers' order", programs::number_order),
        ],
        kinds: 9,
    },
    Case {
        slug: "condvar",
        source: source!("condvar/mod.rs"),
        threads: &["main", "left", "right"],
        shared: &["items", "arrived"],
        programs: &[("if", programs::wait_if), ("while", programs::wait_while)],
        kinds: 9,
    },
    Case {
        slug: "pool",
        source: source!("pool/mod.rs"),
        threads: &["main", "worker 0", "worker 1"],
        shared: &["state", "changed"],
        programs: &[
            ("notify_one at the end", programs::wake_one),
            ("notify_all at the end", programs::wake_all),
            ("dropped with a job", programs::drop_pool),
        ],
        kinds: 2,
    },
];

fn main() -> ExitCode {
    let asked: Vec<String> = std::env::args().skip(1).collect();
    let Some(case) = CASES.iter().find(|case| asked == [case.slug]) else {
        let known: Vec<&str> = CASES.iter().map(|case| case.slug).collect();
        eprintln!("error: name one of {}", known.join(", "));
        return ExitCode::from(2);
    };
    write::head(case.source, case.threads);
    for (name, program) in case.programs {
        let seen = explore(*program, (case.threads, case.shared), LIMIT);
        write::program(name, case.threads, case.kinds, &seen);
    }
    ExitCode::SUCCESS
}
