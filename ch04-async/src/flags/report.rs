//! The report before and after: the same for every engine.

use std::collections::BTreeMap;

use super::codes::Code;
use super::error::FetchError;
use super::job::Outcome;

/// What came of all the flags together.
#[derive(Debug, Default)]
pub struct Tally {
    /// How many are on the disk.
    pub saved: usize,
    /// How many the server does not have.
    pub not_found: usize,
    /// The others, by what was wrong.
    pub errors: BTreeMap<String, Vec<Code>>,
}

impl Tally {
    /// Returns how many flags failed.
    pub fn failed(&self) -> usize {
        self.errors.values().map(Vec::len).sum()
    }

    /// Returns how many flags are accounted for.
    pub fn total(&self) -> usize {
        self.saved + self.not_found + self.failed()
    }

    /// Counts a flag that is done, well or badly.
    pub fn count(&mut self, code: Code, result: Result<Outcome, FetchError>) {
        match result {
            Ok(Outcome::Saved(_)) => self.saved += 1,
            Ok(Outcome::NotFound) => self.not_found += 1,
            Err(err) => {
                self.errors.entry(err.to_string()).or_default().push(code);
            }
        }
    }

    /// Prints the three counters, each in every case, and what the errors were.
    pub fn print(&self) {
        println!("{} downloaded", counted(self.saved, "flag"));
        println!("{} not found", self.not_found);
        println!("{}", counted(self.failed(), "error"));
        for (what, codes) in &self.errors {
            let flags = counted(codes.len(), "flag");
            let mut codes = codes.clone();
            // They came in the order in which they failed.
            codes.sort();
            eprintln!("error: {what} ({flags}: {})", list(&codes, 5));
        }
    }
}

/// Says what will be done.
pub fn announce(codes: &[Code], connections: usize) {
    let flags = counted(codes.len(), "flag");
    match codes {
        [first, .., last] if codes.len() > 10 => {
            println!("Searching for {flags}: from {first} to {last}");
        }
        _ => println!("Searching for {flags}: {}", list(codes, 10)),
    }
    match connections {
        1 => println!("1 connection will be used."),
        n => println!("{n} concurrent connections will be used."),
    }
    println!("{}", "-".repeat(20));
}

/// Returns a number with its noun, in singular or plural.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}

fn list(codes: &[Code], most: usize) -> String {
    let shown: Vec<String> =
        codes.iter().take(most).map(Code::to_string).collect();
    let more = if codes.len() > most { " …" } else { "" };
    shown.join(" ") + more
}
