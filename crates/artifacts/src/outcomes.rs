//! All outcomes of a section whose output may vary, and how often each came.
//!
//! `cargo xtask record CHAPTER SLUG --outcomes 100` runs each command whose
//! contract has an `outcome` so many times under each of three conditions (all
//! cores, one core, each core kept busy by another thread), and writes
//! `recorded/outcomes.toml`. The book and `test-all` refuse a file of another
//! command or contract, and one whose outcomes break the contract.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow};
use serde::{Deserialize, Serialize};

use crate::contract::{Contract, Kind, varying};
use crate::room::{Room, read};
use crate::section::line_of;
use crate::source_hash::fnv;

/// What was recorded, by the run's name.
pub type Outcomes = BTreeMap<String, Recorded>;

/// A file `recorded/outcomes.toml`.
pub struct OutcomesFile {
    /// Where it is, from the workspace's root.
    pub path: String,
    text: String,
    /// What it says.
    pub runs: Outcomes,
}

impl OutcomesFile {
    /// Reads a room's file; where there is none, nothing was recorded.
    ///
    /// # Errors
    ///
    /// It cannot be read or understood.
    pub fn read(room: &Room) -> Result<OutcomesFile> {
        let path = room.recorded("outcomes", "toml");
        let text = match room.path(&path).exists() {
            true => read(room.root(), &path)?,
            false => String::new(),
        };
        let runs = toml::from_str(&text).with_context(|| path.clone())?;
        Ok(OutcomesFile { path, text, runs })
    }

    /// Returns what was recorded of a run, if anything was.
    ///
    /// # Errors
    ///
    /// It does not belong to the run's contract and output; the message begins
    /// with file and line.
    pub fn of_run(
        &self,
        name: &str,
        contract: &Contract,
        output: &[String],
    ) -> Result<Option<&Recorded>> {
        let Some(recorded) = self.runs.get(name) else {
            return Ok(None);
        };
        let checked = recorded.check(&contract.command, contract, output);
        checked.map_err(|(needle, what)| {
            let line = line_of(&self.text, "", name, &needle);
            anyhow!("{}:{line}: {what}", self.path)
        })?;
        Ok(Some(recorded))
    }
}

/// What many runs of one transcript's command came to.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The command and contract that it was recorded for.
    pub fingerprint: String,
    /// The day, as `2026-11-22`.
    pub date: String,
    /// Processor, number of cores, operating system.
    pub machine: String,
    /// The compiler or interpreter.
    pub version: String,
    /// The commit that was checked out; with a `+` where files had changed.
    pub commit: String,
    /// Under which conditions, in words: luck differs between them.
    pub conditions: Vec<String>,
    /// How many runs there were under each.
    pub runs: Vec<u32>,
    /// How many outcomes differ, listed below or not.
    pub distinct: usize,
    /// The most frequent ones, the most frequent first.
    pub outcomes: Vec<Outcome>,
}

/// One outcome, with one of the runs that had it.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// What counts of it, by the contract's `outcome`.
    pub shows: String,
    /// How many runs had it, under each condition.
    pub counts: Vec<u32>,
    /// What one of these runs printed.
    pub lines: Vec<String>,
}

/// How many outcomes are kept with their lines.
const LISTED: usize = 12;

impl Outcome {
    /// Counts the runs that had it, under all conditions.
    pub fn total(&self) -> u32 {
        self.counts.iter().sum()
    }
}

impl Recorded {
    /// Sums up what runs printed: for each condition, the lines of each run.
    pub fn sum_up(
        contract: &Contract,
        printed: &[Vec<Vec<String>>],
    ) -> (usize, Vec<Outcome>) {
        let mut found: BTreeMap<String, Outcome> = BTreeMap::new();
        for (i, runs) in printed.iter().enumerate() {
            for lines in runs {
                let shows = contract.outcome_of(lines);
                let outcome =
                    found.entry(shows.clone()).or_insert_with(|| Outcome {
                        shows,
                        counts: vec![0; printed.len()],
                        lines: lines.clone(),
                    });
                outcome.counts[i] += 1;
            }
        }
        let distinct = found.len();
        let mut outcomes: Vec<Outcome> = found.into_values().collect();
        outcomes.sort_by_key(|outcome| std::cmp::Reverse(outcome.total()));
        outcomes.truncate(LISTED);
        (distinct, outcomes)
    }

    /// Counts all runs.
    pub fn total(&self) -> u32 {
        self.runs.iter().sum()
    }

    /// Checks that this was recorded for this contract, and that each outcome
    /// keeps it.
    ///
    /// # Errors
    ///
    /// What is wrong, and the text by which to find its line in the file.
    pub fn check(
        &self,
        command: &str,
        contract: &Contract,
        transcript: &[String],
    ) -> Result<(), (String, String)> {
        let head = |what: &str| Err(("fingerprint".into(), what.to_string()));
        let fingerprint = contract.fingerprint(command, transcript);
        if self.fingerprint != fingerprint {
            return head(
                "recorded for another version of the transcript or its \
                 contract; record again, with --outcomes",
            );
        }
        if self.conditions.len() != self.runs.len() || self.runs.is_empty() {
            return head("each condition needs its number of runs");
        }
        let mut counted = vec![0; self.runs.len()];
        let mut seen = BTreeSet::new();
        for outcome in &self.outcomes {
            let here = |what: String| Err((outcome.shows.clone(), what));
            let is = contract.outcome_of(&outcome.lines);
            if is != outcome.shows {
                let shows = &outcome.shows;
                return here(format!("`{shows}`: its lines show `{is}`"));
            }
            if !seen.insert(&outcome.shows) {
                return here(format!("`{is}` is there twice"));
            }
            if let Err(why) = contract.accepts(transcript, &outcome.lines) {
                return here(format!("`{is}` breaks the contract: {why:#}"));
            }
            if outcome.counts.len() != counted.len() || outcome.total() == 0 {
                return here(format!(
                    "`{is}` needs a count for each condition"
                ));
            }
            for (sum, count) in counted.iter_mut().zip(&outcome.counts) {
                *sum += count;
            }
        }
        let listed = self.outcomes.len();
        let all = listed == self.distinct;
        let fits = |(sum, runs): (&u32, &u32)| {
            if all { sum == runs } else { sum <= runs }
        };
        if !counted.iter().zip(&self.runs).all(fits) || listed > self.distinct {
            return head("the counts do not add up to the runs");
        }
        Ok(())
    }
}

impl Contract {
    /// Says which outcome a run had: what `outcome` captures, with commas.
    pub fn outcome_of(&self, lines: &[String]) -> String {
        let parts: Vec<String> =
            lines.iter().filter_map(|line| self.part_of(line)).collect();
        parts.join(", ")
    }

    /// Returns what a line contributes to the outcome, if anything.
    fn part_of(&self, line: &str) -> Option<String> {
        self.outcome.iter().find_map(|template| {
            let found = varying(line, template)?;
            let parts = found.into_iter().filter(|(name, _)| name.is_empty());
            let parts = parts.map(|(_, part)| &line[part]);
            Some(parts.collect::<Vec<_>>().join(" ").trim().to_string())
        })
    }

    /// Returns a number that changes with whatever makes a recorded outcome
    /// one of this contract: command, promise, and the lines where they are
    /// promised. Another recorded order of the same lines does not change it.
    pub fn fingerprint(&self, command: &str, transcript: &[String]) -> String {
        let mut lines = match self.contract {
            Kind::Pattern => Vec::new(),
            Kind::Fails if !self.lines.is_empty() => Vec::new(),
            _ => transcript.to_vec(),
        };
        lines.sort();
        let Contract {
            contract,
            outcome,
            relations,
            lanes,
            pairs,
            ..
        } = self;
        let templates = &self.lines;
        let text = format!(
            "{command}\n{contract:?}\n{outcome:?}\n{templates:?}\n\
             {relations:?}\n{lanes:?}\n{pairs:?}\n{lines:?}"
        );
        format!("{:016x}", fnv(text.bytes()))
    }

    /// Counts the outcomes that the contract allows, where these are orders.
    ///
    /// The lines that the outcome shows are ordered by what holds between them,
    /// be it through lines that it does not show; the orders that keep to that
    /// are counted set by set.
    pub fn possible(&self, transcript: &[String]) -> Option<u64> {
        let orders = [Kind::AnyOrder, Kind::PerLane, Kind::Before];
        if !orders.contains(&self.contract) {
            return None;
        }
        let n = transcript.len();
        let mut before = vec![vec![false; n]; n];
        for i in 0..n {
            for j in i + 1..n {
                let (a, b) = (&transcript[i], &transcript[j]);
                before[i][j] = match self.contract {
                    Kind::PerLane => self.lane(a) == self.lane(b),
                    _ => a == b,
                };
            }
        }
        let at = |line: &String| transcript.iter().position(|l| l == line);
        for (first, second) in &self.pairs {
            before[at(first)?][at(second)?] = true;
        }
        for via in 0..n {
            for i in 0..n {
                for j in 0..n {
                    before[i][j] |= before[i][via] && before[via][j];
                }
            }
        }
        let shown: Vec<usize> = (0..n)
            .filter(|&i| self.part_of(&transcript[i]).is_some())
            .collect();
        // More would take long to count, and nobody would read the number.
        if shown.is_empty() || shown.len() > 16 {
            return None;
        }
        // Two lines that look the same in any order are one outcome.
        for (k, &i) in shown.iter().enumerate() {
            for &j in &shown[k + 1..] {
                let same = self.part_of(&transcript[i])
                    == self.part_of(&transcript[j]);
                if same && !before[i][j] && !before[j][i] {
                    return None;
                }
            }
        }
        // In how many ways the lines of each set can come first.
        let mut ways = vec![0_u64; 1 << shown.len()];
        ways[0] = 1;
        for set in 0..ways.len() {
            for (k, &line) in shown.iter().enumerate() {
                let free = (0..shown.len()).all(|other| {
                    set >> other & 1 == 1 || !before[shown[other]][line]
                });
                if set >> k & 1 == 0 && free {
                    ways[set | 1 << k] += ways[set];
                }
            }
        }
        ways.last().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contract(toml: &str) -> Contract {
        toml::from_str(toml).unwrap()
    }

    fn lines(text: &str) -> Vec<String> {
        text.split('/').map(str::to_string).collect()
    }

    fn recorded(contract: &Contract, runs: &[&str]) -> Recorded {
        let runs: Vec<_> = runs.iter().map(|run| lines(run)).collect();
        let (distinct, outcomes) =
            Recorded::sum_up(contract, std::slice::from_ref(&runs));
        Recorded {
            fingerprint: contract.fingerprint("x", &runs[0]),
            date: "2026-11-22".into(),
            machine: "m".into(),
            version: "v".into(),
            commit: "c".into(),
            conditions: vec!["alone".into()],
            runs: vec![u32::try_from(runs.len()).unwrap()],
            distinct,
            outcomes,
        }
    }

    const ANY: &str = "contract = 'any-order'\noutcome = ['{} runs']";

    #[test]
    fn an_outcome_is_what_its_templates_capture_in_the_order_of_the_lines() {
        let any = contract(ANY);
        assert_eq!(any.outcome_of(&lines("b runs/x/a runs")), "b, a");
        let half = contract("outcome = ['{_}: {} lost']");
        assert_eq!(half.outcome_of(&lines("one: 3 lost")), "3");
    }

    #[test]
    fn the_most_frequent_outcome_comes_first() {
        let any = contract(ANY);
        let runs = ["a runs/b runs", "b runs/a runs", "b runs/a runs"];
        let found = recorded(&any, &runs);
        assert_eq!((found.distinct, found.total()), (2, 3));
        assert_eq!(found.outcomes[0].shows, "b, a");
        found.check("x", &any, &lines(runs[0])).unwrap();
    }

    #[test]
    fn recording_of_another_version_is_refused() {
        let any = contract(ANY);
        let found = recorded(&any, &["a runs/b runs"]);
        let transcript = lines("b runs/a runs");
        found.check("x", &any, &transcript).unwrap();
        for (command, transcript) in
            [("y", "a runs/b runs"), ("x", "a runs/c runs")]
        {
            let err = found.check(command, &any, &lines(transcript));
            assert!(err.unwrap_err().1.contains("another version"));
        }
    }

    #[test]
    fn an_outcome_that_breaks_the_contract_is_refused() {
        let any = contract(ANY);
        let mut found = recorded(&any, &["a runs/b runs"]);
        found.outcomes[0].lines.push("c".into());
        let err = found.check("x", &any, &lines("a runs/b runs"));
        assert!(err.unwrap_err().1.contains("breaks the contract"));
    }

    #[test]
    fn counts_that_do_not_add_up_are_refused() {
        let any = contract(ANY);
        let mut found = recorded(&any, &["a runs/b runs"]);
        found.runs = vec![2];
        let err = found.check("x", &any, &lines("a runs/b runs"));
        assert!(err.unwrap_err().1.contains("add up"));
    }

    #[test]
    fn possible_orders_are_counted() {
        let any = contract("contract = 'any-order'\noutcome = ['{}']");
        assert_eq!(any.possible(&lines("a/b/c")), Some(6));
        assert_eq!(any.possible(&lines("a/b/a")), Some(3));
        let lanes = contract("contract = 'per-lane'\noutcome = ['{}']");
        assert_eq!(lanes.possible(&lines("[a] 1/[a] 2/[b] 1")), Some(3));
        // 0 and 2 are ordered through 1, which is not shown.
        let pairs = contract(
            "contract = 'before'\noutcome = ['{} x']\n\
             pairs = [['0 x', '1'], ['1', '2 x']]",
        );
        assert_eq!(pairs.possible(&lines("0 x/1/2 x/3 x")), Some(3));
        let pattern = contract("contract = 'pattern'\noutcome = ['{}']");
        assert_eq!(pattern.possible(&lines("a")), None);
    }
}
