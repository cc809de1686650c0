//! Runs: what a program printed, and what of that is guaranteed.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use artifacts::contract::{Contract, Kind, varying};
use artifacts::output::Output;
use artifacts::room::Room;
use artifacts::section::SectionFile;

use crate::html::{command, escape, sentence};
use crate::listing::read;
use crate::provenance;

/// A transcript with its contract.
pub struct Run {
    pub(crate) command: String,
    pub(crate) output: Vec<String>,
    pub(crate) contract: Contract,
    python: bool,
    /// The transcript's file.
    pub(crate) path: String,
}

/// Returns the facts as a list; more than one are folded behind their number.
fn unfolded(facts: &[String]) -> String {
    if facts.is_empty() {
        return String::new();
    }
    let items = facts.iter().map(|fact| {
        let fact = sentence(fact);
        format!("<li>{fact}</li>")
    });
    let list = items.collect::<String>();
    let list = format!("<ul class=\"always\">{list}</ul>");
    match facts.len() {
        1 => list,
        n => format!(
            "<details class=\"facts\"><summary>{n} things hold in every run\
             </summary>{list}</details>"
        ),
    }
}

/// The heading of `contracts.md` that explains a kind of contract.
fn anchor(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "exact",
        Kind::AnyOrder => "any-order",
        Kind::PerLane => "per-lane",
        Kind::Before => "before",
        Kind::Pattern => "pattern",
        Kind::Fails => "fails",
        Kind::Refused => "refused",
    }
}

/// Says whether every run prints just this.
fn is_guaranteed(contract: &Contract) -> bool {
    match contract.contract {
        Kind::Exact | Kind::Refused => true,
        // With templates the end is guaranteed, but not all of the words.
        Kind::Fails => contract.lines.is_empty(),
        _ => false,
    }
}

fn in_words(kind: Kind) -> &'static str {
    match kind {
        Kind::Exact => "Every run prints these lines.",
        Kind::AnyOrder => "The lines are guaranteed, their order is luck.",
        Kind::PerLane => {
            "The order within a lane is guaranteed, how the lanes mix is luck."
        }
        Kind::Before => {
            "The lines are guaranteed; of their order, only what is said here."
        }
        Kind::Pattern => "The marked parts vary from run to run.",
        Kind::Fails => "Every run ends like this.",
        Kind::Refused => "The compiler refuses this program.",
    }
}

impl Run {
    /// Reads the run `CHAPTER/SLUG`, `CHAPTER/SLUG.py` or `CHAPTER/SLUG.NAME`.
    ///
    /// # Errors
    ///
    /// No transcript; a contract that is not one, or that the transcript does
    /// not keep where a page can see it.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let (room, name) = Room::of_run(root, name)?;
        let path = room.recorded(name, "txt");
        let Output { command, lines } = Output::parse(&read(root, &path)?);
        if lines.is_empty() {
            bail!("{path} holds no output; record it");
        }
        let (mut section, _) = SectionFile::read(&room)?;
        let contract = section.run.remove(name).with_context(|| {
            format!("{}: there is no [run.{name}]", room.file("section.toml"))
        })?;
        if command != contract.command {
            let other = &contract.command;
            bail!("{path}:1: recorded of another command than `{other}`");
        }
        let run = Run {
            python: command.starts_with("python3 "),
            command,
            output: lines,
            contract,
            path: path.clone(),
        };
        run.varying().map_err(|what| anyhow!("{path}:{what}"))?;
        Ok(run)
    }

    /// Returns the run as a figure: command, output, contract.
    ///
    /// `contracts` is the way from the page to the one that explains contracts,
    /// if there is one.
    pub fn figure(&self, contracts: Option<&str>) -> String {
        let language = if self.python { "Python" } else { "Rust" };
        format!(
            "<figure class=\"run\">{}<pre class=\"output\" tabindex=\"0\" \
             role=\"group\" aria-label=\"Output, {language}\"><samp {}{}\">{}\
             </samp></pre><figcaption>{}</figcaption></figure>",
            command(&self.command),
            provenance::MARK,
            escape(&self.path),
            self.output_html(),
            self.contract_html(contracts)
        )
    }

    /// Returns what is guaranteed, in words.
    fn contract_html(&self, contracts: Option<&str>) -> String {
        let Contract { contract, note, .. } = &self.contract;
        let (class, words) = match is_guaranteed(&self.contract) {
            true => ("guaranteed", "guaranteed"),
            false => ("luck", "one possible run"),
        };
        let badge = match contracts {
            Some(page) => format!(
                "<a class=\"badge {class}\" href=\"{page}#{}\">{words}</a>",
                anchor(*contract)
            ),
            None => format!("<span class=\"badge {class}\">{words}</span>"),
        };
        let note = match &note[..] {
            "" => in_words(*contract),
            note => note,
        };
        let mut html = format!("{badge} {}", sentence(note));
        html += &unfolded(&self.facts());
        html
    }

    /// What holds in every run, one line each.
    fn facts(&self) -> Vec<String> {
        let contract = &self.contract;
        let mut facts: Vec<String> = Vec::new();
        for relation in &contract.relations {
            facts.push(format!("always `{relation}`"));
        }
        for (first, second) in &contract.pairs {
            facts.push(format!("always `{first}` before `{second}`"));
        }
        match (contract.contract, contract.status) {
            (Kind::Fails, _) if contract.hangs => {
                facts.push("does not end: it was cut off".to_string());
            }
            (Kind::Fails, Some(status)) => {
                facts.push(format!("ends with exit status {status}"));
            }
            _ => {}
        }
        if let (Some(error), Some(line)) = (&contract.error, contract.line) {
            facts.push(format!("always `{error}`, always at line {line}"));
        }
        facts
    }

    fn output_html(&self) -> String {
        // `read` has checked that the lines fit.
        let varying = self.varying().unwrap_or_default();
        let mut lanes: Vec<&str> = Vec::new();
        let mut html = String::new();
        for (i, line) in self.output.iter().enumerate() {
            let marks = varying.get(i).map_or(&[][..], |marks| marks);
            let line_html = marked(line, marks);
            match self.lane(line) {
                Some(lane) => {
                    let known = lanes.iter().position(|known| *known == lane);
                    let n = known.unwrap_or_else(|| {
                        lanes.push(lane);
                        lanes.len() - 1
                    });
                    html += &format!(
                        "<span class=\"lane lane-{}\">{line_html}</span>&#10;",
                        n % 6
                    );
                }
                None => html += &format!("{line_html}&#10;"),
            }
        }
        html
    }

    /// The lane that a line belongs to, where lanes are worth a colour.
    fn lane<'a>(&'a self, line: &'a str) -> Option<&'a str> {
        if !matches!(self.contract.contract, Kind::AnyOrder | Kind::PerLane) {
            return None;
        }
        self.contract.lane(line)
    }

    /// Finds the parts of each line that may vary; an empty list where the
    /// contract is no pattern.
    ///
    /// # Errors
    ///
    /// A line that the pattern does not fit, with its number in the transcript:
    /// `3: …`.
    fn varying(&self) -> Result<Vec<Vec<Mark>>> {
        let templates = &self.contract.lines;
        let pattern =
            matches!(self.contract.contract, Kind::Pattern | Kind::Fails);
        if templates.is_empty() && self.contract.contract == Kind::Pattern {
            bail!("1: its `pattern` contract has no `lines`");
        }
        if !pattern || templates.is_empty() {
            return Ok(Vec::new());
        }
        if templates.len() != self.output.len() {
            let (have, want) = (self.output.len(), templates.len());
            bail!("1: {have} lines, but `lines` of its contract has {want}");
        }
        let lines = self.output.iter().zip(templates).enumerate();
        lines
            .map(|(i, (line, template))| {
                // The command is the transcript's first line.
                let what = || format!("{}: `{line}`", i + 2);
                let marks = marks(line, template)
                    .with_context(|| format!("does not match `{template}`"));
                marks.with_context(what)
            })
            .collect()
    }
}

/// A part of a line that may vary: from, to, its name, what it is.
type Mark = (usize, usize, String, String);

/// Finds the parts of a line that its template leaves open.
fn marks(line: &str, template: &str) -> Option<Vec<Mark>> {
    let title = |name: &str| match name {
        "" => "varies from run to run".to_string(),
        name => format!("{name}: varies from run to run"),
    };
    let parts = varying(line, template)?.into_iter();
    Some(
        parts
            .filter(|(_, part)| !part.is_empty())
            .map(|(name, part)| {
                (part.start, part.end, name.to_string(), title(name))
            })
            .collect(),
    )
}

fn marked(line: &str, marks: &[Mark]) -> String {
    let mut html = String::new();
    let mut done = 0;
    for (from, to, name, title) in marks {
        html += &escape(&line[done..*from]);
        html += &format!(
            "<mark class=\"varies\" {}title=\"{}\">{}</mark>",
            // A phone and a sheet of paper show no title.
            match &name[..] {
                "" => String::new(),
                name => format!("data-name=\"{}\" ", escape(name)),
            },
            escape(title),
            escape(&line[*from..*to])
        );
        done = *to;
    }
    html + &escape(&line[done..])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(toml: &str, output: &str) -> Run {
        Run {
            command: "cargo run -p x -- a".to_string(),
            output: output.split('/').map(str::to_string).collect(),
            contract: toml::from_str(toml).unwrap(),
            python: false,
            path: "x/transcripts/a.txt".to_string(),
        }
    }

    #[test]
    fn output_is_never_markup() {
        let html = run("", "<script>alert(1)").figure(None);
        assert!(html.contains("&lt;script&gt;alert(1)"));
        assert!(!html.contains("<script>"));
    }

    #[test]
    fn the_command_stands_alone_in_its_block() {
        let html = run("", "a").figure(None);
        assert!(
            html.contains("\">cargo run -p x -- a</code></pre>"),
            "{html}"
        );
        assert_eq!(html.matches("<code").count(), 1);
    }

    #[test]
    fn numbers_of_a_pattern_are_marked_and_named() {
        let toml = "contract = 'pattern'\nlines = ['{ok} flags, {} s']\n\
                    relations = ['ok > 0']";
        let html = run(toml, "20 flags, 1.5 s").figure(None);
        let mark =
            "title=\"ok: varies from run to run\">20</mark> flags, <mark";
        assert!(html.contains(mark), "{html}");
        assert!(html.contains("always <code>ok &gt; 0</code>"), "{html}");
        assert!(html.contains("one possible run"));
    }

    #[test]
    fn a_line_that_its_pattern_does_not_fit_is_named() {
        let toml = "contract = 'pattern'\nlines = ['a', '{n} flags']";
        let err = run(toml, "a/no flags").varying().unwrap_err();
        assert_eq!(err.to_string(), "3: `no flags`");
        assert!(run(toml, "a").varying().is_err());
    }

    #[test]
    fn lanes_have_colours_and_keep_them() {
        let html = run("contract = 'per-lane'", "[a] 1/[b] 1/[a] 2/x")
            .figure(Some("../contracts.html"));
        assert_eq!(html.matches("lane-0").count(), 2);
        assert_eq!(html.matches("lane-1").count(), 1);
        assert!(html.contains("href=\"../contracts.html#per-lane\""));
    }
}
