//! Recorded schedules: what threads did, in every order that there is.
//!
//! CONTRIBUTING.md, "Schedules", describes the format.

use std::path::Path;

use crate::listing::read;

/// The first line of every recording.
const FORMAT: &str = "schedules, format 1";

/// A recording: some programs, each under all schedules.
#[derive(Debug)]
pub(crate) struct Recording {
    /// The source file that the lines are lines of, and its text.
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) threads: Vec<String>,
    pub(crate) programs: Vec<Program>,
}

/// One version of a program.
#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: String,
    /// How many schedules and histories there are, in words.
    pub(crate) explored: String,
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) histories: Vec<History>,
}

/// How schedules end.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// How many schedules end so, in words.
    pub(crate) how_many: String,
    pub(crate) wrong: bool,
    pub(crate) says: String,
}

/// One order of all steps.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) outcome: Outcome,
    /// What the threads share, before the first step.
    pub(crate) start: Vec<Change>,
    pub(crate) steps: Vec<Step>,
    pub(crate) stuck: Vec<Stuck>,
}

/// What one of the shared things is from now on.
pub(crate) type Change = (String, String);

/// One step of one thread.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) thread: usize,
    /// Its line in the source file; 0 if it has none.
    pub(crate) line: usize,
    pub(crate) says: String,
    pub(crate) changes: Vec<Change>,
}

/// A thread that cannot go on.
#[derive(Debug)]
pub(crate) struct Stuck {
    pub(crate) thread: usize,
    pub(crate) line: usize,
    pub(crate) what: String,
    pub(crate) holder: Option<usize>,
}

impl Recording {
    /// Reads the output of a recording program.
    ///
    /// # Errors
    ///
    /// The number of the output's line, from 0, and what is wrong with it:
    /// another format, a source file that has changed since, no recording.
    pub(crate) fn parse(
        root: &Path,
        lines: &[String],
    ) -> Result<Recording, (usize, String)> {
        let line = |n: usize, prefix: &str| {
            let text = lines.get(n).map_or("", String::as_str);
            text.strip_prefix(prefix)
                .ok_or((n, format!("not a line `{prefix}…`: `{text}`")))
        };
        if line(0, "schedules")? != &FORMAT["schedules".len()..] {
            let what = format!("`{}` is not `{FORMAT}`", lines[0]);
            return Err((0, format!("{what}; record it again")));
        }
        let (file, hash) = line(1, "file ")?
            .rsplit_once(' ')
            .ok_or((1, "no fingerprint".to_string()))?;
        let text = read(root, file).map_err(|what| (1, what))?;
        if fingerprint(&text) != hash {
            let what = "has changed since this was recorded; record it again";
            return Err((1, format!("{file} {what}")));
        }
        let threads = line(2, "threads ")?.split(", ").map(str::to_string);
        let mut recording = Recording {
            file: file.to_string(),
            text,
            threads: threads.collect(),
            programs: Vec::new(),
        };
        for (n, line) in lines.iter().enumerate().skip(3) {
            recording.line(line).map_err(|what| (n, what))?;
        }
        if recording.programs.iter().any(|p| p.histories.is_empty()) {
            return Err((lines.len(), "a program without a history".into()));
        }
        Ok(recording)
    }

    fn line(&mut self, line: &str) -> Result<(), String> {
        let wrong = || format!("no line of a recording: `{line}`");
        if let Some(name) = line.strip_prefix("program ") {
            self.programs.push(Program {
                name: name.to_string(),
                explored: String::new(),
                outcomes: Vec::new(),
                histories: Vec::new(),
            });
            return Ok(());
        }
        let program = self.programs.last_mut().ok_or_else(wrong)?;
        if let Some(explored) = line.strip_prefix("explored ") {
            program.explored = explored.to_string();
        } else if let Some(outcome) = line.strip_prefix("outcome ") {
            program.outcomes.push(ended(outcome).ok_or_else(wrong)?);
        } else if let Some(outcome) = line.strip_prefix("history ") {
            program.histories.push(History {
                outcome: ended(outcome).ok_or_else(wrong)?,
                start: Vec::new(),
                steps: Vec::new(),
                stuck: Vec::new(),
            });
        } else {
            let history = program.histories.last_mut().ok_or_else(wrong)?;
            let line = line.strip_prefix("  ").ok_or_else(wrong)?;
            let lines = self.text.lines().count();
            history.line(line, &self.threads, lines).ok_or_else(wrong)?;
        }
        Ok(())
    }
}

impl History {
    fn line(
        &mut self,
        line: &str,
        threads: &[String],
        lines: usize,
    ) -> Option<()> {
        if let Some(state) = line.strip_prefix("start ") {
            self.start.push(change(state)?);
            return Some(());
        }
        let thread = |name| threads.iter().position(|known| known == name);
        let (head, tail) = line.split_once(": ")?;
        let (head, stuck) = match head.strip_prefix("stuck ") {
            Some(head) => (head, true),
            None => (head, false),
        };
        let (name, number) = head.rsplit_once(' ')?;
        let thread_at = thread(name)?;
        let line = number.parse().ok().filter(|line| *line <= lines)?;
        let mut parts = tail.split("; ");
        let says = parts.next()?.to_string();
        if stuck {
            let holder = match parts.next() {
                Some(held) => Some(thread(held.strip_prefix("held by ")?)?),
                None => None,
            };
            self.stuck.push(Stuck {
                thread: thread_at,
                line,
                what: says,
                holder,
            });
        } else {
            self.steps.push(Step {
                thread: thread_at,
                line,
                says,
                changes: parts.map(change).collect::<Option<_>>()?,
            });
        }
        Some(())
    }
}

/// Reads `30 schedules, 4 histories, wrong: the counter is 1`.
fn ended(text: &str) -> Option<Outcome> {
    let (how_many, says) = text.split_once(": ")?;
    let right = how_many.strip_suffix(", wrong");
    Some(Outcome {
        how_many: right.unwrap_or(how_many).to_string(),
        wrong: right.is_some(),
        says: says.to_string(),
    })
}

/// Reads `counter = 1`.
fn change(text: &str) -> Option<Change> {
    let (name, value) = text.split_once(" = ")?;
    Some((name.to_string(), value.to_string()))
}

/// Tells two states of a file apart, as the recording program does (FNV-1a).
pub(crate) fn fingerprint(text: &str) -> String {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_the_published_one() {
        // From the test vectors of the FNV authors.
        assert_eq!(fingerprint("foobar"), "85944171f73967e8");
    }

    #[test]
    fn a_step_names_thread_line_deed_and_changes() {
        let threads = ["main".to_string(), "worker 0".to_string()];
        let mut history = History {
            outcome: ended("1 schedules: x").unwrap(),
            start: Vec::new(),
            steps: Vec::new(),
            stuck: Vec::new(),
        };
        let mut line = |line| history.line(line, &threads, 9);
        line("worker 0 7: locks a; a = locked by worker 0").unwrap();
        line("stuck worker 0 8: b; held by main").unwrap();
        assert_eq!(line("worker 0 10: there is no such line"), None);
        assert_eq!(line("worker 2 1: nor such a thread"), None);
        let (step, stuck) = (&history.steps[0], &history.stuck[0]);
        assert_eq!((step.thread, step.line), (1, 7));
        assert_eq!(step.changes[0].1, "locked by worker 0");
        assert_eq!((stuck.line, stuck.holder), (8, Some(0)));
    }
}
