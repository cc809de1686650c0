//! Prints what was seen, for readers and for the book.
//!
//! CONTRIBUTING.md, "Schedules", describes the format.

use std::collections::{BTreeMap, BTreeSet};

use crate::explore::{History, Names, Outcome, Seen};
use crate::trace::Step;

/// So many histories are all printed; of more, of each outcome the shortest
/// of some kinds: in others of a kind the threads do the same in another order.
const ALL: usize = 12;

/// Prints what the recording is about.
pub fn head((file, text): (&str, &str), threads: Names) {
    println!("schedules, format 1");
    println!("file {file} {:016x}", fingerprint(text));
    println!("threads {}", threads.join(", "));
}

/// Tells two states of a file apart (FNV-1a); line ends do not count.
fn fingerprint(text: &str) -> u64 {
    let bytes = text.bytes().filter(|byte| *byte != b'\r');
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Prints all outcomes of a program, and the histories to be shown.
pub fn program(name: &str, threads: Names, most: usize, seen: &Seen) {
    println!("program {name}");
    let wrong = seen.histories.values().filter(|h| h.outcome.wrong).count();
    println!(
        "explored {} schedules, {} histories, {wrong} wrong{}",
        seen.schedules,
        seen.histories.len(),
        if seen.cut_off { ", cut off" } else { "" }
    );
    let mut outcomes = BTreeMap::new();
    for history in seen.histories.values() {
        let outcome = &history.outcome;
        let counted = outcomes.entry(rank(outcome)).or_insert((outcome, 0, 0));
        counted.1 += history.schedules;
        counted.2 += 1;
    }
    for (outcome, schedules, histories) in outcomes.values() {
        println!(
            "outcome {schedules} schedules, {histories} histories{}",
            end(outcome)
        );
    }
    let mut shown: Vec<_> = seen.histories.iter().collect();
    // The shortest first, and of these those that switch least.
    shown.sort_by_key(|(steps, history)| {
        (rank(&history.outcome), steps.len(), switches(steps))
    });
    if shown.len() > ALL {
        let mut kinds = BTreeMap::<_, BTreeSet<_>>::new();
        shown.retain(|(steps, history)| {
            let of_it = kinds.entry(rank(&history.outcome)).or_default();
            of_it.len() < most && of_it.insert(kind(steps))
        });
    }
    for (steps, history) in shown {
        print_history(threads, steps, history);
    }
}

/// What goes wrong comes first.
fn rank(outcome: &Outcome) -> (bool, &str) {
    (!outcome.wrong, &outcome.says)
}

/// What each thread does, whichever it is and whenever.
fn kind(steps: &[Step]) -> Vec<Vec<&str>> {
    let mut deeds: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for Step { thread, says, .. } in steps {
        let deed = says.split(';').next().unwrap_or_default();
        deeds.entry(*thread).or_default().push(deed);
    }
    let mut kind: Vec<_> = deeds.into_values().collect();
    kind.sort_unstable();
    kind
}

fn end(outcome: &Outcome) -> String {
    let wrong = if outcome.wrong { ", wrong" } else { "" };
    format!("{wrong}: {}", outcome.says)
}

fn switches(steps: &[Step]) -> usize {
    let switch = |two: &&[Step]| two[0].thread != two[1].thread;
    steps.windows(2).filter(switch).count()
}

fn print_history(threads: Names, steps: &[Step], history: &History) {
    println!(
        "history {} schedules{}",
        history.schedules,
        end(&history.outcome)
    );
    for state in &history.start {
        println!("  start {state}");
    }
    for Step { thread, line, says } in steps {
        println!("  {} {line}: {says}", threads[*thread]);
    }
    for (thread, want) in &history.wants {
        let holder = want.holder.map_or(String::new(), |holder| {
            format!("; held by {}", threads[holder])
        });
        println!(
            "  stuck {} {}: {}{holder}",
            threads[*thread], want.line, want.what
        );
    }
}
