//! What a section's output guarantees, and whether a run keeps it.
//!
//! A contract is a table `[run.NAME]` of `section.toml`, where the output is
//! `recorded/NAME.txt`. `[run.rust]` is the section's own run, `[run.python]`
//! its twin's; any other name is another run of the section.
//!
//! ```toml
//! [run.rust]
//! contract = "pattern"
//! note = "Guaranteed: the sum. How many requests fail is luck."
//! lines = ["{ok} flags, {failed} errors"]
//! relations = ["ok + failed == 676", "failed > 0"]
//! ```
//!
//! An empty table is a contract, too: the same lines in every run, and exit
//! status 0.

use std::collections::BTreeMap;
use std::ops::Range;

use anyhow::{Context, Result, anyhow, bail, ensure};
use regex::Regex;
use serde::Deserialize;

use crate::relation;
use subprocess::Finished;

/// One table `[run.NAME]` of `section.toml`.
///
/// Every key may be left out. Which of them a contract needs is said with its
/// [`Kind`]; the others hold for all kinds.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Contract {
    /// The command, as a reader types it in the workspace's root: `cargo run
    /// -p CHAPTER -- …`, `python3 FILE …` or another `cargo` command. It runs
    /// with an empty stdin and no terminal. May be left out of `[run.rust]` and
    /// `[run.python]`.
    #[serde(default)]
    pub command: String,
    /// What kind of promise it is.
    #[serde(default)]
    pub contract: Kind,
    /// The sentence for the page: what is guaranteed, what is luck.
    #[serde(default)]
    pub note: String,
    /// Python modules, such as `aiohttp`. Without them the run is skipped and
    /// named.
    #[serde(default)]
    pub needs: Vec<String>,
    /// Programs, such as `nginx`. Without them the run is skipped and named.
    #[serde(default)]
    pub programs: Vec<String>,
    /// How often `test-all` runs it. By default it runs 20 times where the order
    /// may vary, once if it is refused or hangs, and else at least twice, within
    /// a second up to 20 times.
    pub runs: Option<u32>,
    /// Seconds until it is cut off; 60 by default.
    #[serde(default = "a_minute")]
    pub timeout_secs: u64,
    /// Templates, one for each line of the output. `{name}` is a number that
    /// `relations` can use, `{}` is any text, the rest stands for itself.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Relations between the numbers of `lines`: sums of names and numbers,
    /// compared by `==`, `!=`, `<`, `<=`, `>` or `>=`.
    #[serde(default)]
    pub relations: Vec<String>,
    /// Prefixes that make a lane, besides a `[prefix]` in brackets. The lines
    /// that have neither are one more lane.
    #[serde(default)]
    pub lanes: Vec<String>,
    /// Lines of which the first comes before the second.
    #[serde(default)]
    pub pairs: Vec<(String, String)>,
    /// What of the output is its outcome, where outcomes are counted: of each
    /// line that fits one of these templates, what its `{}` stand for. `{_}` is
    /// any text that does not count. Output that is made of times has none: it
    /// is a measurement.
    #[serde(default)]
    pub outcome: Vec<String>,
    /// The exit status of a run that fails.
    pub status: Option<i32>,
    /// Whether it is meant to be cut off.
    #[serde(default)]
    pub hangs: bool,
    /// The compiler's code for what it refuses, such as `E0502`; or its words,
    /// where it has no code for it.
    pub error: Option<String>,
    /// The source line that it refuses.
    pub line: Option<u32>,
}

fn a_minute() -> u64 {
    60
}

impl Default for Contract {
    /// Returns the contract of an empty table: exact, within a minute.
    fn default() -> Self {
        toml::from_str("").expect("every key of a contract may be left out")
    }
}

/// The kinds of contract, strictest first.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Debug)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The run prints the same lines.
    #[default]
    Exact,
    /// The run prints the same lines in any order.
    AnyOrder,
    /// The run keeps each lane's lines in order; see [`Contract::lanes`].
    PerLane,
    /// The run prints the same lines in any order, but the first of each of
    /// [`Contract::pairs`] before the second.
    Before,
    /// The run matches [`Contract::lines`] one by one, and keeps
    /// [`Contract::relations`].
    Pattern,
    /// The run ends with [`Contract::status`], or does not end
    /// ([`Contract::hangs`]). It prints the same lines, those of stdout first,
    /// then those of stderr; or it matches [`Contract::lines`].
    Fails,
    /// The program does not compile, for the reason [`Contract::error`] at
    /// [`Contract::line`]. The page shows the compiler's words, but the check
    /// does not compare them: they change from one compiler to the next.
    Refused,
}

impl Kind {
    /// Says whether lines may change places.
    pub fn is_an_order(self) -> bool {
        matches!(self, Kind::AnyOrder | Kind::PerLane | Kind::Before)
    }
}

impl Contract {
    /// Says whether the run is meant to be cut off.
    pub fn hangs(&self) -> bool {
        self.contract == Kind::Fails && self.hangs
    }

    /// Returns the lines of a run that belong into its transcript.
    ///
    /// That is stdout; of a run that fails also stderr, where it says why, and
    /// of a refused one the compiler's words.
    pub fn output(&self, run: &Finished) -> Vec<String> {
        let (stdout, stderr) = (run.stdout.lines(), run.stderr.lines());
        let lines: Vec<&str> = match self.contract {
            Kind::Fails => stdout.chain(stderr).collect(),
            Kind::Refused => stderr.collect(),
            _ => stdout.collect(),
        };
        lines
            .into_iter()
            .map(|line| line.trim_end())
            .map(|line| match self.contract {
                Kind::Refused => without_registry(line),
                _ => line.to_string(),
            })
            .collect()
    }

    /// Checks that `run` keeps this contract with what was recorded.
    ///
    /// # Errors
    ///
    /// The first thing that differs, or what is wrong with the contract itself.
    pub fn check(&self, recorded: &[String], run: &Finished) -> Result<()> {
        self.check_ending(run)?;
        self.accepts(recorded, &self.output(run))
    }

    /// Checks that a run could have printed `output`, going by this contract.
    ///
    /// # Errors
    ///
    /// As [`Contract::check`], but for how the run ends.
    pub fn accepts(
        &self,
        recorded: &[String],
        output: &[String],
    ) -> Result<()> {
        match self.contract {
            Kind::Exact => same(recorded, output),
            Kind::AnyOrder => same_in_any_order(recorded, output),
            Kind::PerLane => self.same_per_lane(recorded, output),
            Kind::Before => {
                same_in_any_order(recorded, output)?;
                self.in_order(output)
            }
            Kind::Pattern => {
                self.matches(recorded).context("the transcript")?;
                self.matches(output)
            }
            Kind::Fails if !self.lines.is_empty() => self.matches(output),
            Kind::Fails => same(recorded, output),
            Kind::Refused => self.refuses(output),
        }
    }

    fn check_ending(&self, run: &Finished) -> Result<()> {
        let expected = match self.contract {
            Kind::Fails if self.hangs() => {
                ensure!(run.cut_off, "did not hang: {}", run.ending());
                return Ok(());
            }
            Kind::Fails => match self.status {
                Some(0) | None => {
                    bail!("`fails` needs `status`, or `hangs`");
                }
                Some(status) => status,
            },
            // Any failure will do; what the compiler says is checked below.
            Kind::Refused if run.status.is_some_and(|status| status != 0) => {
                return Ok(());
            }
            Kind::Refused => return Err(anyhow!("it compiles")),
            _ => 0,
        };
        if run.status == Some(expected) {
            return Ok(());
        }
        let last = run.stderr.lines().next_back().unwrap_or_default();
        Err(anyhow!("{}, not {expected}; {last}", run.ending()))
    }

    fn same_per_lane(
        &self,
        recorded: &[String],
        output: &[String],
    ) -> Result<()> {
        let lanes = |lines: &[String]| {
            let mut lanes: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for line in lines {
                let lane = self.lane(line).unwrap_or_default().to_string();
                lanes.entry(lane).or_default().push(line.clone());
            }
            lanes
        };
        let (recorded, output) = (lanes(recorded), lanes(output));
        for (lane, lines) in &recorded {
            let empty = Vec::new();
            same(lines, output.get(lane).unwrap_or(&empty))
                .with_context(|| format!("lane `{lane}`"))?;
        }
        match output.keys().find(|lane| !recorded.contains_key(*lane)) {
            Some(lane) => Err(anyhow!("lane `{lane}` is new")),
            None => Ok(()),
        }
    }

    /// Returns a line's lane: one of `lanes`, or its `[prefix]`.
    ///
    /// Lines without either are a lane of their own, which has no name.
    pub fn lane<'a>(&'a self, line: &'a str) -> Option<&'a str> {
        let named = self.lanes.iter().find(|lane| line.starts_with(*lane));
        named.map(String::as_str).or_else(|| {
            let end = line.starts_with('[').then(|| line.find(']'))??;
            Some(&line[..=end])
        })
    }

    fn in_order(&self, output: &[String]) -> Result<()> {
        if self.pairs.is_empty() {
            bail!("`before` needs `pairs`");
        }
        let at = |wanted: &String| {
            let found = output.iter().position(|line| line == wanted);
            found.with_context(|| {
                format!("no line `{wanted}`, named in `pairs`")
            })
        };
        for (first, second) in &self.pairs {
            if at(first)? > at(second)? {
                bail!("`{second}` came before `{first}`");
            }
        }
        Ok(())
    }

    fn matches(&self, output: &[String]) -> Result<()> {
        let mut values = BTreeMap::new();
        for (i, template) in self.lines.iter().enumerate() {
            let line = output.get(i).map_or("", String::as_str);
            let Some(found) = varying(line, template) else {
                bail!("line {}: `{line}` does not match `{template}`", i + 1);
            };
            for (name, part) in
                found.iter().filter(|(n, _)| !matches!(*n, "" | "_"))
            {
                let digits = line[part.clone()].replace(',', "");
                let value = digits
                    .parse::<f64>()
                    .with_context(|| format!("line {}: `{digits}`", i + 1))?;
                values.insert(name.to_string(), value);
            }
        }
        if let Some(line) = output.get(self.lines.len()) {
            bail!("one line too many: `{line}`");
        }
        for relation in &self.relations {
            if !relation::holds(relation, &values)? {
                bail!("`{relation}` is wrong: {values:?}");
            }
        }
        Ok(())
    }

    fn refuses(&self, output: &[String]) -> Result<()> {
        let (Some(error), Some(line)) = (&self.error, self.line) else {
            bail!("`refused` needs `error` and `line`");
        };
        let code = if error.contains(' ') {
            format!("error: {error}")
        } else {
            format!("error[{error}]")
        };
        let Some(at) = output.iter().position(|l| l.starts_with(&code)) else {
            bail!("the compiler does not say {code}");
        };
        let place = output.iter().skip(at).find(|l| l.contains("--> "));
        let place = place.map_or("", |place| place.trim());
        if place.split(':').nth(1) == Some(&line.to_string()) {
            Ok(())
        } else {
            Err(anyhow!("{code} is at `{place}`, not in line {line}"))
        }
    }
}

/// Shortens the path of a dependency's source, which begins with where cargo
/// keeps its files on this machine.
fn without_registry(line: &str) -> String {
    let shortened = line.split_once("--> ").and_then(|(before, path)| {
        let (_, rest) = path.split_once("/registry/src/")?;
        let (_, file) = rest.split_once('/')?;
        Some(format!("{before}--> {file}"))
    });
    shortened.unwrap_or_else(|| line.to_string())
}

fn same(recorded: &[String], output: &[String]) -> Result<()> {
    for i in 0..recorded.len().max(output.len()) {
        let line = |lines: &[String]| match lines.get(i) {
            Some(line) => format!("`{line}`"),
            None => "nothing".to_string(),
        };
        if recorded.get(i) != output.get(i) {
            let (wanted, got) = (line(recorded), line(output));
            bail!("line {}: {got}, recorded {wanted}", i + 1);
        }
    }
    Ok(())
}

fn same_in_any_order(recorded: &[String], output: &[String]) -> Result<()> {
    let mut missing = recorded.to_vec();
    for line in output {
        match missing.iter().position(|wanted| wanted == line) {
            Some(i) => drop(missing.swap_remove(i)),
            None => bail!("`{line}` was not recorded"),
        }
    }
    match missing.first() {
        Some(line) => Err(anyhow!("`{line}` is missing")),
        None => Ok(()),
    }
}

/// Finds the parts of `line` that `template` leaves open: each placeholder's
/// name, empty for `{}`, and where its text stands.
///
/// `{name}` is a number, `{}` and `{_}` any text, the rest stands for itself. `None` if
/// the line does not match.
pub fn varying<'a>(
    line: &str,
    template: &'a str,
) -> Option<Vec<(&'a str, Range<usize>)>> {
    // Most lines are not this one, and a pattern takes its time to be built.
    let start = template.split('{').next().unwrap_or_default();
    let end = template.rsplit('}').next().unwrap_or_default();
    if !line.starts_with(start) || !line.ends_with(end) {
        return None;
    }
    if !template.contains(['{', '}']) {
        return (line == template).then(Vec::new);
    }
    let mut pattern = String::from("^");
    let mut names = Vec::new();
    for piece in template.split('}') {
        let (text, name) = match piece.split_once('{') {
            Some((text, name)) => (text, Some(name)),
            None => (piece, None),
        };
        pattern += &regex::escape(text);
        pattern += match name {
            None => continue,
            Some("" | "_") => "(.*)",
            Some(_) => r"([-+]?[0-9][0-9,]*(?:\.[0-9]+)?)",
        };
        names.extend(name);
    }
    // Every piece is escaped or a constant: it always compiles.
    let found = Regex::new(&(pattern + "$")).ok()?.captures(line)?;
    let parts = found.iter().skip(1).flatten().map(|part| part.range());
    Some(names.into_iter().zip(parts).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn contract(toml: &str) -> Contract {
        toml::from_str(toml).unwrap()
    }

    fn ended(status: i32, stdout: &str, stderr: &str) -> Finished {
        Finished {
            status: Some(status),
            cut_off: false,
            stdout: stdout.to_string(),
            stderr: stderr.to_string(),
            took: Duration::ZERO,
        }
    }

    /// Checks what was printed, lines separated by `/`, against a recording.
    fn check(toml: &str, recorded: &str, printed: &str) -> Result<(), String> {
        let recorded: Vec<_> =
            recorded.split('/').map(str::to_string).collect();
        let run = ended(0, &printed.replace('/', "\n"), "");
        let checked = contract(toml).check(&recorded, &run);
        checked.map_err(|why| format!("{why:#}"))
    }

    #[test]
    fn exact_sees_a_changed_a_missing_and_an_added_line() {
        let exact = "contract = 'exact'";
        assert_eq!(check(exact, "a/b", "a/b"), Ok(()));
        assert_eq!(
            check(exact, "a/b", "a/c").unwrap_err(),
            "line 2: `c`, recorded `b`"
        );
        assert!(check(exact, "a/b", "a").is_err());
        assert!(check(exact, "a", "a/b").is_err());
        assert!(check(exact, "a/b", "b/a").is_err());
    }

    #[test]
    fn any_order_counts_equal_lines() {
        let any = "contract = 'any-order'";
        assert_eq!(check(any, "a/b/a", "a/a/b"), Ok(()));
        assert!(check(any, "a/b/a", "a/b/b").is_err());
        assert!(check(any, "a/b/a", "a/b").is_err());
    }

    #[test]
    fn per_lane_lets_lanes_interleave_but_not_their_lines() {
        let lanes = "contract = 'per-lane'";
        let recorded = "[a] 1/[a] 2/[b] 1";
        assert_eq!(check(lanes, recorded, "[b] 1/[a] 1/[a] 2"), Ok(()));
        assert!(check(lanes, recorded, "[a] 2/[a] 1/[b] 1").is_err());
        assert!(check(lanes, recorded, "[a] 1/[a] 2").is_err());
        assert!(check(lanes, recorded, "[a] 1/[a] 2/[b] 1/[c] 1").is_err());

        let named = "contract = 'per-lane'\nlanes = ['A', 'B']";
        assert_eq!(check(named, "A 1/A 2/B 1", "B 1/A 1/A 2"), Ok(()));
        assert!(check(named, "A 1/A 2/B 1", "B 1/A 2/A 1").is_err());
    }

    #[test]
    fn before_orders_only_the_named_pairs() {
        let pair = "contract = 'before'\npairs = [['a', 'c']]";
        assert_eq!(check(pair, "a/b/c", "b/a/c"), Ok(()));
        assert!(check(pair, "a/b/c", "c/b/a").is_err());
        assert!(check(pair, "a/b/c", "a/b").is_err());
        assert!(check("contract = 'before'", "a", "a").is_err());
    }

    #[test]
    fn pattern_captures_numbers_and_relates_them() {
        let split = "contract = 'pattern'\n\
                     lines = ['{ok} of {all} ({})', '{bad} bad']\n\
                     relations = ['ok + bad == all', 'bad > 0']";
        let recorded = "1,000 of 1,001 (x)/1 bad";
        assert_eq!(check(split, recorded, "7 of 9 (y)/2 bad"), Ok(()));
        assert!(check(split, recorded, "7 of 9 (y)/1 bad").is_err());
        assert!(check(split, recorded, "9 of 9 (y)/0 bad").is_err());
        assert!(check(split, recorded, "7 of nine (y)/2 bad").is_err());
        assert!(check(split, recorded, "7 of 9 (y)/2 bad/more").is_err());
        // A transcript that breaks its own contract is found out, too.
        assert!(check(split, "1 of 3 (x)/1 bad", "7 of 9 (y)/2 bad").is_err());
    }

    #[test]
    fn fails_wants_the_status_and_the_words() {
        let fails = contract("contract = 'fails'\nstatus = 2");
        let recorded = ["out".to_string(), "error: no".to_string()];
        let check = |run: Finished| -> Result<(), String> {
            let checked = fails.check(&recorded, &run);
            checked.map_err(|why| format!("{why:#}"))
        };
        assert_eq!(check(ended(2, "out\n", "error: no\n")), Ok(()));
        assert!(check(ended(0, "out\n", "error: no\n")).is_err());
        assert!(check(ended(2, "out\n", "error: yes\n")).is_err());
    }

    #[test]
    fn a_deadlock_must_hang_and_nothing_else_may() {
        let mut run = ended(0, "waiting\n", "");
        (run.status, run.cut_off) = (None, true);
        let recorded = ["waiting".to_string()];
        let hangs =
            contract("contract = 'fails'\nhangs = true\ntimeout_secs = 1");
        hangs.check(&recorded, &run).unwrap();
        assert!(contract("").check(&recorded, &run).is_err());
        assert!(hangs.check(&recorded, &ended(0, "waiting", "")).is_err());
    }

    #[test]
    fn a_refusal_does_not_name_this_machines_folders() {
        let words =
            "  --> /home/x/.cargo/registry/src/index-1/tokio-1/a.rs:1:2";
        let refused = contract("contract = 'refused'");
        let lines = refused.output(&ended(101, "", words));
        assert_eq!(lines, ["  --> tokio-1/a.rs:1:2"]);
    }

    #[test]
    fn refused_wants_the_code_at_the_line() {
        let words = "error[E0506]: cannot assign\n  --> src/x.rs:12:9\n";
        let refused = |line: u32, code: &str| {
            contract(&format!(
                "contract = 'refused'\nerror = '{code}'\nline = {line}"
            ))
        };
        let refuses = ended(101, "", words);
        refused(12, "E0506").check(&[], &refuses).unwrap();
        assert!(refused(13, "E0506").check(&[], &refuses).is_err());
        assert!(refused(12, "E0382").check(&[], &refuses).is_err());
        assert!(refused(12, "E0506").check(&[], &ended(0, "", "")).is_err());
        let words = "error: not so\n  --> src/x.rs:12:9\n";
        let run = ended(101, "", words);
        refused(12, "not so").check(&[], &run).unwrap();
        assert!(refused(12, "not thus").check(&[], &run).is_err());
    }

    #[test]
    fn a_failing_exit_breaks_every_other_contract() {
        let run = ended(1, "a\n", "error: boom\n");
        let err = contract("").check(&["a".to_string()], &run).unwrap_err();
        assert_eq!(err.to_string(), "exit status 1, not 0; error: boom");
    }

    #[test]
    fn no_table_is_an_empty_table() {
        let none = Contract::default();
        assert_eq!((none.contract, none.timeout_secs), (Kind::Exact, 60));
    }

    #[test]
    fn a_misspelt_key_is_an_error() {
        assert!(toml::from_str::<Contract>("relation = []").is_err());
    }
}
