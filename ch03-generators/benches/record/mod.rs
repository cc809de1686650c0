//! Runs the contenders in turn, and prints one record for the book to draw.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

/// What one contender took, for how many items, and what it computed.
pub struct Lap {
    pub time: Duration,
    pub items: u32,
    pub sum: u64,
}

/// Times `work`, which returns what it computed from `items` items.
pub fn lap(items: u32, work: impl FnOnce() -> u64) -> Lap {
    let start = Instant::now();
    let sum = work();
    Lap {
        time: start.elapsed(),
        items,
        sum,
    }
}

/// One contender: a row of the record.
pub struct Case<'a> {
    key: String,
    label: String,
    /// Does the work for about so many items.
    run: Box<dyn FnMut(u32) -> Option<Lap> + 'a>,
    ns: Vec<f64>,
}

impl<'a> Case<'a> {
    pub fn new(
        key: impl Into<String>,
        label: impl Into<String>,
        mut run: impl FnMut(u32) -> Lap + 'a,
    ) -> Self {
        let run = Box::new(move |items| {
            // Once for nothing: the contender before it, or CPython, has left
            // the processor's caches and its guesses as they suited that one.
            run(items);
            Some(run(items))
        });
        Case {
            key: key.into(),
            label: label.into(),
            run,
            ns: Vec::new(),
        }
    }

    /// A contender in Python: `script` is given the number of items, prints the
    /// nanoseconds that they took and what it computed.
    pub fn python(
        key: impl Into<String>,
        label: impl Into<String>,
        script: &'a str,
    ) -> Self {
        let run = Box::new(move |items: u32| {
            // A hundredth of the work: it takes about as long.
            let items = (items / 100).max(10);
            let mut python = Command::new("python3");
            python.args(["-c", script, &items.to_string()]);
            let output = python.output().ok().filter(|o| o.status.success())?;
            let text = String::from_utf8_lossy(&output.stdout);
            let mut words = text.split_whitespace();
            let time = Duration::from_nanos(words.next()?.parse().ok()?);
            Some(Lap {
                time,
                items,
                sum: words.next()?.parse().ok()?,
            })
        });
        Case {
            key: key.into(),
            label: label.into(),
            run,
            ns: Vec::new(),
        }
    }
}

/// Lets every contender run once in each round, and prints the record.
///
/// Many short rounds rather than one long one: on a busy machine most of them
/// are not interrupted.
///
/// A ratio is the median over the rounds of row to first row: what disturbs a
/// round disturbs both. Under `cargo test` it is one short round, and no record.
pub fn compete(
    bench: &str,
    what: &str,
    (items, rounds): (u32, usize),
    mut cases: Vec<Case>,
) {
    // `cargo bench` says so; `cargo test` does not.
    let measure = env::args().any(|arg| arg == "--bench");
    // `cargo bench --bench NAME -- hand gen` measures these two.
    let keys: Vec<_> = env::args().skip(1).filter(|a| a != "--bench").collect();
    cases.retain(|case| keys.is_empty() || keys.contains(&case.key));
    let (items, rounds) = if measure {
        (items, rounds)
    } else {
        (items / 100, 1)
    };
    let mut first: Option<Lap> = None;
    for round in 1..=rounds {
        eprintln!("{bench}: round {round} of {rounds}");
        for case in &mut cases {
            if let Some(lap) = (case.run)(items) {
                let ns = lap.time.as_nanos() as f64 / f64::from(lap.items);
                case.ns.push(ns);
                let first = first.get_or_insert(Lap { ..lap });
                let alike = lap.sum == first.sum || lap.items != first.items;
                assert!(alike, "{}: another result", case.key);
            }
        }
    }
    // Without python3 its rows are missing.
    cases.retain(|case| case.ns.len() == rounds);
    if measure {
        print(bench, what, &cases);
    }
}

fn print(bench: &str, what: &str, cases: &[Case]) {
    let rows: Vec<String> = cases
        .iter()
        .map(|Case { key, label, ns, .. }| {
            let low = ns.iter().copied().fold(f64::INFINITY, f64::min);
            let high = ns.iter().copied().fold(0.0, f64::max);
            let pairs = ns.iter().zip(&cases[0].ns);
            let ratio = median(pairs.map(|(ns, base)| ns / base).collect());
            format!(
                "    {{ \"key\": \"{key}\", \"label\": \"{label}\", \
                 \"median\": {:.2}, \"spread\": [{low:.2}, {high:.2}], \
                 \"ratio\": {ratio:.2} }}",
                median(ns.clone()),
            )
        })
        .collect();
    let rounds = cases[0].ns.len();
    println!("{{\n  \"what\": \"{what}; the median of {rounds} rounds\",");
    let command = "cargo bench -p ch03-generators --bench";
    println!("  \"command\": \"{command} {bench}\",");
    println!("  \"unit\": \"ns\",");
    println!("  \"ratio_to\": \"{}\",", cases[0].label);
    println!("  \"rows\": [\n{}\n  ]\n}}", rows.join(",\n"));
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
