//! Traces: who ran, waited, held the lock, and when.
//!
//! A trace is recorded from a section's own functions. Spans and events of the
//! crate `tracing` stand in the section, and the chapter's
//! `examples/timelines.rs` calls it with the subscriber of the crate `timeline`,
//! which has a line for each change. `cargo xtask record CHAPTER SLUG
//! --timelines` keeps these lines as `recorded/NAME.trace`:
//!
//! ```text
//! cargo run -p ch01-threads --example ch01_timelines -- locked
//! version 1
//! section 41eb55e0bf62d939
//! clock real
//! recorded 2026-11-22, AMD EPYC (x86_64), 2 cores, linux
//! 0.3 cow waits asks
//! 203.7 cow holds types
//! 310.7 cow ends
//! ```
//!
//! After the head, each line is a time in milliseconds, a lane, the state that
//! begins in it, and a label; see [`State`]. What holds of every run is a
//! [`TimelineContract`]. `test-all` runs each timeline again: on a paused clock
//! every event is the same, on the real clock the rules hold.

use std::collections::BTreeMap;
use std::fmt::Write;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

/// The version of the recorded file that this builder reads and writes.
pub const VERSION: u32 = 1;

/// One table `[timeline.NAME]` of `section.toml`: what holds of every run.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct TimelineContract {
    /// The command that tells the timeline.
    pub command: String,
    /// The lanes, from top to bottom.
    pub lanes: Vec<String>,
    /// The sentence for the page.
    #[serde(default)]
    pub note: String,
    /// What every run keeps; see [`Trace::keeps`].
    #[serde(default)]
    pub rules: Vec<String>,
}

/// What a lane does from an event on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum State {
    /// It works, or is being served.
    Runs,
    /// It waits.
    Waits,
    /// It has what others must wait for.
    Holds,
    /// It keeps a thread that others need.
    Blocks,
    /// It is over, or has not begun.
    Off,
    /// A moment, which changes nothing: a frame drawn, a letter sent.
    Mark,
}

/// The words for states, in files, rules and captions.
pub const STATES: [(&str, State); 6] = [
    ("runs", State::Runs),
    ("waits", State::Waits),
    ("holds", State::Holds),
    ("blocks", State::Blocks),
    ("ends", State::Off),
    ("mark", State::Mark),
];

impl State {
    /// Returns the state's word.
    pub fn word(self) -> &'static str {
        let known = STATES.iter().find(|(_, state)| *state == self);
        known.map_or("", |(word, _)| word)
    }

    fn parse(word: &str) -> Result<State> {
        let known = STATES.iter().find(|(known, _)| *known == word);
        known
            .map(|(_, state)| *state)
            .with_context(|| format!("no state `{word}`"))
    }
}

/// One line of a trace.
#[derive(Clone, PartialEq, Debug)]
pub struct Event {
    /// Milliseconds since the beginning.
    pub at: f64,
    /// Whose it is: one word.
    pub lane: String,
    /// What begins.
    pub state: State,
    /// A few words about it, or none.
    pub label: String,
}

impl Event {
    /// Reads `TIME LANE STATE LABEL`.
    ///
    /// # Errors
    ///
    /// What is missing, or no number, or no state.
    pub fn parse(line: &str) -> Result<Event> {
        let mut words = line.splitn(4, ' ');
        let (Some(at), Some(lane), Some(state)) =
            (words.next(), words.next(), words.next())
        else {
            bail!("`{line}` is not TIME LANE STATE LABEL");
        };
        let time = at.parse::<f64>().ok();
        let time = time.filter(|time| time.is_finite() && *time >= 0.0);
        Ok(Event {
            at: time.with_context(|| format!("`{at}` is no time"))?,
            lane: lane.to_string(),
            state: State::parse(state)?,
            label: words.next().unwrap_or_default().to_string(),
        })
    }
}

/// What a program told of itself, with its place and time.
#[derive(Clone, Debug, Default)]
pub struct Trace {
    /// What to type to have another one.
    pub command: String,
    /// The stamp of the section's code.
    pub section: String,
    /// Whether the clock was tokio's paused one, on which every run is alike.
    pub virtual_time: bool,
    /// The day, and the machine.
    pub recorded: String,
    /// In the order of their times.
    pub events: Vec<Event>,
}

/// A lane's time in one state.
#[derive(Clone, PartialEq, Debug)]
pub struct Span<'a> {
    /// Whose.
    pub lane: &'a str,
    /// Which.
    pub state: State,
    /// Milliseconds.
    pub from: f64,
    /// Milliseconds.
    pub to: f64,
    /// A few words about it, or none.
    pub label: &'a str,
}

impl Trace {
    /// Reads what the crate `timeline` has written on a program's stderr: the
    /// lines that begin with `@`.
    ///
    /// # Errors
    ///
    /// A line that is no event, or no word about the clock.
    pub fn told(stderr: &str) -> Result<Trace> {
        let mut trace = Trace::default();
        let mut clock = None;
        for line in stderr.lines().filter_map(|line| line.strip_prefix('@')) {
            match line.strip_prefix("clock ") {
                Some(which) => clock = Some(is_virtual(which)?),
                None => trace.events.push(Event::parse(line)?),
            }
        }
        trace.virtual_time = clock.context("no `@clock` on stderr")?;
        Ok(trace)
    }

    /// Reads a file that `record` has written.
    ///
    /// # Errors
    ///
    /// The line, counted from 1, and what is wrong with it: `3: …`.
    pub fn parse(text: &str) -> Result<Trace> {
        let mut trace = Trace::default();
        let mut lines = text.lines().enumerate();
        let mut next = |key: &str| {
            let (i, line) = lines.next().unwrap_or((0, ""));
            let value = match key {
                "" => Some(line),
                key => line.strip_prefix(key).map(str::trim),
            };
            let value = value.map(str::to_string);
            value.with_context(|| format!("{}: no `{key}`; record it", i + 1))
        };
        trace.command = next("")?;
        let version = next("version ")?;
        if version != VERSION.to_string() {
            bail!("2: version {version}, not {VERSION}; record it");
        }
        trace.section = next("section ")?;
        trace.virtual_time = is_virtual(&next("clock ")?).context(4)?;
        trace.recorded = next("recorded ")?;
        for (i, line) in lines {
            let event = Event::parse(line).with_context(|| i + 1)?;
            if trace.events.last().is_some_and(|last| last.at > event.at) {
                bail!("{}: it is earlier than the one above", i + 1);
            }
            trace.events.push(event);
        }
        Ok(trace)
    }

    /// Writes the file.
    pub fn text(&self) -> String {
        let clock = if self.virtual_time { "virtual" } else { "real" };
        let mut text = format!(
            "{}\nversion {VERSION}\nsection {}\nclock {clock}\nrecorded {}\n",
            self.command, self.section, self.recorded
        );
        for Event {
            at,
            lane,
            state,
            label,
        } in &self.events
        {
            let line = format!("{at:.1} {lane} {} {label}", state.word());
            // Writing to a string does not fail.
            writeln!(text, "{}", line.trim_end()).ok();
        }
        text
    }

    /// Returns what was going on, lane by lane.
    ///
    /// # Errors
    ///
    /// A lane that does not end.
    pub fn spans(&self) -> Result<Vec<Span<'_>>> {
        let mut open: BTreeMap<&str, &Event> = BTreeMap::new();
        let mut spans = Vec::new();
        let states = self.events.iter().filter(|e| e.state != State::Mark);
        for event in states {
            if let Some(before) = open.insert(&event.lane, event)
                && before.state != State::Off
            {
                spans.push(Span {
                    lane: &before.lane,
                    state: before.state,
                    from: before.at,
                    to: event.at,
                    label: &before.label,
                });
            }
        }
        match open.values().find(|event| event.state != State::Off) {
            Some(Event { lane, state, .. }) => {
                Err(anyhow!("lane `{lane}` ends in `{}`", state.word()))
            }
            None => Ok(spans),
        }
    }

    /// Checks that the run kept its contract.
    ///
    /// The rules are sentences of six kinds: `at most 1 holds` and `at least 3
    /// waits` (lanes at the same moment); `at most 3 runs in a row` (of any
    /// lane); `cow: waits, runs` and `each: waits,
    /// runs` (a lane's states, in their order); `no mark of spinner while loop
    /// blocks`; `some mark of spinner while main waits`; `spinner ends before
    /// main ends`.
    ///
    /// # Errors
    ///
    /// What was not kept, or is no rule.
    pub fn keeps(&self, contract: &TimelineContract) -> Result<()> {
        let spans = self.spans()?;
        for event in &self.events {
            if !contract.lanes.contains(&event.lane) {
                bail!("lane `{}` is not in `lanes`", event.lane);
            }
        }
        for lane in &contract.lanes {
            if !self.events.iter().any(|event| event.lane == *lane) {
                bail!("nothing happens in lane `{lane}`");
            }
        }
        for rule in &contract.rules {
            let kept = self.keeps_rule(rule, &spans, &contract.lanes);
            kept.with_context(|| format!("`{rule}`"))?;
        }
        Ok(())
    }

    fn keeps_rule(
        &self,
        rule: &str,
        spans: &[Span],
        lanes: &[String],
    ) -> Result<()> {
        let words: Vec<&str> = rule.split_whitespace().collect();
        match words[..] {
            ["at", side @ ("most" | "least"), n, state] => {
                let n: usize = n.parse().context("no number")?;
                let found = at_once(spans, State::parse(state)?);
                let kept = match side {
                    "most" => found <= n,
                    _ => found >= n,
                };
                kept.then_some(())
                    .with_context(|| format!("{found} at once"))
            }
            ["at", "most", n, state, "in", "a", "row"] => {
                let n: usize = n.parse().context("no number")?;
                let state = State::parse(state)?;
                for lane in lanes {
                    let of_it = spans.iter().filter(|s| s.lane == lane);
                    let states: Vec<State> = of_it.map(|s| s.state).collect();
                    let rows = states.chunk_by(|a, b| a == b);
                    let rows = rows.filter(|row| row[0] == state);
                    let longest = rows.map(<[_]>::len).max().unwrap_or(0);
                    if longest > n {
                        bail!("{lane}: {longest} in a row");
                    }
                }
                Ok(())
            }
            [which @ ("no" | "some"), "mark", "of", a, "while", b, state] => {
                let state = State::parse(state)?;
                let known = |lane: &str| lanes.iter().any(|l| l == lane);
                if !known(a) || !known(b) {
                    bail!("no such lane");
                }
                let during = |at: f64| {
                    spans.iter().any(|span| {
                        span.lane == b
                            && span.state == state
                            && (span.from < at && at < span.to)
                    })
                };
                let marks =
                    self.events.iter().filter(|e| e.state == State::Mark);
                let found =
                    marks.filter(|e| e.lane == a && during(e.at)).count();
                let kept = (found == 0) == (which == "no");
                kept.then_some(()).with_context(|| format!("{found} marks"))
            }
            [a, "ends", "before", b, "ends"] => {
                let end =
                    |lane| self.events.iter().rposition(|e| e.lane == lane);
                match (end(a), end(b)) {
                    (Some(first), Some(second)) if first < second => Ok(()),
                    (Some(_), Some(_)) => Err(anyhow!("it does not")),
                    _ => Err(anyhow!("no such lane")),
                }
            }
            _ => {
                let Some((lane, states)) = rule.split_once(':') else {
                    bail!("is no rule");
                };
                let wanted: Vec<&str> =
                    states.split(',').map(str::trim).collect();
                for word in &wanted {
                    State::parse(word)?;
                }
                let of_it = |l: &&String| lane == "each" || lane == **l;
                let mut known = lanes.iter().filter(of_it).peekable();
                if known.peek().is_none() {
                    bail!("no such lane");
                }
                for lane in known {
                    let found: Vec<&str> = spans
                        .iter()
                        .filter(|span| span.lane == lane)
                        .map(|span| span.state.word())
                        .collect();
                    if found != wanted {
                        bail!("{lane}: {}", found.join(", "));
                    }
                }
                Ok(())
            }
        }
    }

    /// Checks another run of the same program: on virtual time it is the same,
    /// on the real clock it keeps the contract.
    ///
    /// # Errors
    ///
    /// The first difference, or what was not kept.
    pub fn agrees(
        &self,
        run: &Trace,
        contract: &TimelineContract,
    ) -> Result<()> {
        run.keeps(contract)?;
        if self.virtual_time != run.virtual_time {
            bail!("the other clock was recorded");
        }
        if !self.virtual_time {
            return Ok(());
        }
        let lines = |trace: &Trace| {
            let text = trace.text();
            text.lines().skip(5).map(str::to_string).collect::<Vec<_>>()
        };
        let (recorded, new) = (lines(self), lines(run));
        for i in 0..recorded.len().max(new.len()) {
            let line = |of: &[String]| of.get(i).cloned().unwrap_or_default();
            if recorded.get(i) != new.get(i) {
                let (old, new) = (line(&recorded), line(&new));
                bail!("event {}: `{new}`, not `{old}`", i + 1);
            }
        }
        Ok(())
    }
}

fn is_virtual(clock: &str) -> Result<bool> {
    match clock {
        "virtual" => Ok(true),
        "real" => Ok(false),
        other => Err(anyhow!("no clock `{other}`")),
    }
}

/// Returns how many lanes at most were in this state at one moment.
fn at_once(spans: &[Span], state: State) -> usize {
    let of_it = || spans.iter().filter(|span| span.state == state);
    // The most is reached at some span's beginning. A span is over at its end.
    let during =
        |at: f64| of_it().filter(|s| s.from <= at && at < s.to).count();
    of_it().map(|span| during(span.from)).max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "noise\n@clock real\n@0 a waits\n@0 b waits\n\
        @10 a holds types\n@15.5 a mark x\n@20 a ends\n@20 b holds\n@30 b ends";

    fn contract(rule: &str) -> TimelineContract {
        TimelineContract {
            lanes: vec!["a".into(), "b".into()],
            command: String::new(),
            note: String::new(),
            rules: vec![rule.to_string()],
        }
    }

    #[test]
    fn a_rule_is_kept_or_not() {
        let trace = Trace::told(TOLD).unwrap();
        for (rule, kept) in [
            ("at most 1 holds", true),
            ("at least 2 holds", false),
            ("at least 2 waits", true),
            ("at most 1 waits", false),
            ("each: waits, holds", true),
            ("a: holds", false),
            ("some mark of a while a holds", true),
            ("no mark of a while b waits", false),
            ("no mark of a while b holds", true),
            ("a ends before b ends", true),
            ("b ends before a ends", false),
        ] {
            assert_eq!(trace.keeps(&contract(rule)).is_ok(), kept, "{rule}");
        }
    }

    #[test]
    fn states_in_a_row_are_counted_lane_by_lane() {
        let told = "@clock real\n@0 a waits\n@1 a runs\n@2 b runs\n\
            @3 a runs\n@4 a ends\n@5 a waits\n@6 a runs\n@7 a ends\n\
            @8 b ends";
        let trace = Trace::told(told).unwrap();
        let rule = |n| contract(&format!("at most {n} runs in a row"));
        trace.keeps(&rule(2)).unwrap();
        let err = trace.keeps(&rule(1)).unwrap_err();
        let what = "`at most 1 runs in a row`: a: 2 in a row";
        assert_eq!(format!("{err:#}"), what);
    }

    #[test]
    fn malformed_rule_is_an_error_and_not_kept() {
        let trace = Trace::told(TOLD).unwrap();
        for rule in [
            "at most one holds",
            "at most 1 hold",
            "at most some runs in a row",
            "c: waits",
            "a: sleeps",
            "no mark of c while a holds",
            "nonsense",
        ] {
            assert!(trace.keeps(&contract(rule)).is_err(), "{rule}");
        }
    }

    #[test]
    fn a_lane_that_is_missing_new_or_does_not_end_is_an_error() {
        let mut wanted = contract("at most 1 holds");
        let trace = |told: &str| Trace::told(told).unwrap();
        let err = trace("@clock real\n@0 a runs\n@1 a ends").keeps(&wanted);
        let err = err.unwrap_err().to_string();
        assert_eq!(err, "nothing happens in lane `b`");
        wanted.lanes.pop();
        let err = trace(TOLD).keeps(&wanted).unwrap_err().to_string();
        assert_eq!(err, "lane `b` is not in `lanes`");
        let err = trace("@clock real\n@0 a runs").spans().unwrap_err();
        assert_eq!(err.to_string(), "lane `a` ends in `runs`");
    }

    #[test]
    fn a_file_is_read_as_it_was_written() {
        let mut trace = Trace::told(TOLD).unwrap();
        trace.command = "cargo run".to_string();
        let text = trace.text();
        assert_eq!(Trace::parse(&text).unwrap().text(), text);
    }

    #[test]
    fn bad_file_is_refused_with_its_line() {
        let text = Trace::told(TOLD).unwrap().text();
        let refused = |from: &str, to: &str| {
            let err = Trace::parse(&text.replacen(from, to, 1)).unwrap_err();
            format!("{err:#}").split(':').next().unwrap().to_string()
        };
        assert_eq!(refused("version 1", "version 2"), "2");
        assert_eq!(refused("clock real", "clock unreal"), "4");
        assert_eq!(refused("10.0 a holds", "10.0 a held"), "8");
        assert_eq!(refused("10.0 a", "30.0 a"), "9");
        assert_eq!(refused("10.0 a", "-1 a"), "8");
    }

    #[test]
    fn virtual_time_is_the_same_to_the_last_event() {
        let told = TOLD.replace("real", "virtual");
        let recorded = Trace::told(&told).unwrap();
        let contract = contract("at most 1 holds");
        recorded.agrees(&recorded, &contract).unwrap();
        let later = Trace::told(&told.replace("@30 b", "@31 b")).unwrap();
        let err = recorded.agrees(&later, &contract).unwrap_err().to_string();
        assert!(err.contains("`31.0 b ends`, not `30.0 b ends`"), "{err}");
        // On the real clock it is no difference at all.
        let recorded = Trace::told(TOLD).unwrap();
        let later = Trace::told(&TOLD.replace("@30 b", "@31 b")).unwrap();
        recorded.agrees(&later, &contract).unwrap();
    }
}
