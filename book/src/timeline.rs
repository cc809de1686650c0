//! Timelines: who ran, waited, held the lock, and when, as it was recorded.
//!
//! [`artifacts::timeline`] describes the files.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use artifacts::room::Room;
use artifacts::section::SectionFile;
use artifacts::source_hash::source_hash;
use artifacts::timeline::{Event, Span, State, TimelineContract, Trace};

use crate::fault::did_you_mean;
use crate::html::{command, escape, sentence};

/// The drawing's width in pixels. On a narrow page it is scrolled: letters that
/// shrink with it could not be read.
const WIDTH: f64 = 720.0;
/// A lane's height.
const ROW: f64 = 30.0;
/// How wide a letter is, at most, on average.
const LETTER: f64 = 7.3;
/// The same, for the lanes' names, some of which are in capitals.
const BOLD: f64 = 8.6;

/// A recorded trace, with what holds of every run.
pub struct Timeline {
    trace: Trace,
    contract: TimelineContract,
}

/// Refuses what was recorded from another version of its section.
pub fn is_current(room: &Room, recorded: &str, place: &str) -> Result<()> {
    if source_hash(room)? == recorded {
        return Ok(());
    }
    let Room { chapter, slug, .. } = room;
    let how = format!("cargo xtask record {chapter} {slug} --timelines");
    Err(anyhow!(
        "{place}: recorded from another version of the section; `{how}`"
    ))
}

impl Timeline {
    /// Reads the timeline `CHAPTER/SLUG` or `CHAPTER/SLUG.NAME`.
    ///
    /// # Errors
    ///
    /// No such timeline; one that cannot be read, was recorded from another
    /// version of its section, or does not keep its contract.
    pub fn read(root: &Path, name: &str) -> Result<Self> {
        let (room, name) = Room::of_run(root, name)?;
        let path = room.recorded(name, "trace");
        let trace = room.parse(&path, Trace::parse)?;
        is_current(&room, &trace.section, &format!("{path}:3"))?;
        let (mut section, _) = SectionFile::read(&room)?;
        let Some(contract) = section.timeline.remove(name) else {
            let names = section.timeline.keys().map(String::as_str);
            let near = did_you_mean(name, names);
            let file = room.file("section.toml");
            bail!("{file}: there is no [timeline.{name}]{near}");
        };
        trace.keeps(&contract).with_context(|| path.to_string())?;
        Ok(Timeline { trace, contract })
    }

    /// Returns command, drawing, events and contract.
    pub fn figure(&self) -> String {
        // `keeps` has looked at them.
        let spans = self.trace.spans().unwrap_or_default();
        let svg = self.svg(&spans);
        format!(
            "<figure class=\"timeline\">{}<div class=\"scroll\" tabindex=\"0\" \
             role=\"group\" aria-label=\"Timeline\">{svg}</div>{}\
             <figcaption>{}</figcaption><details><summary>The events as a table\
             </summary>{}</details></figure>",
            command(&self.trace.command),
            legend(&spans),
            self.caption(),
            self.table(&spans),
        )
    }

    fn caption(&self) -> String {
        let TimelineContract { note, rules, .. } = &self.contract;
        let recorded = escape(&self.trace.recorded);
        let (class, badge, when) = match self.trace.virtual_time {
            true => (
                "guaranteed",
                "virtual time",
                "On a paused clock: every run gives these times.".to_string(),
            ),
            false => ("luck", "one run", format!("Recorded on {recorded}.")),
        };
        let mut html = format!(
            "<span class=\"badge {class}\">{badge}</span> {} \
             <span class=\"when\">{when}</span>",
            sentence(note)
        );
        if !rules.is_empty() {
            html += "<ul class=\"always\">";
            for rule in rules {
                html += &format!("<li>always {}</li>", escape(&in_words(rule)));
            }
            html += "</ul>";
        }
        html
    }

    /// Where the lanes end and the time begins.
    fn gutter(&self) -> f64 {
        let longest = self.contract.lanes.iter().map(|l| l.chars().count());
        longest.max().unwrap_or_default() as f64 * BOLD + 28.0
    }

    fn end(&self) -> f64 {
        self.trace
            .events
            .last()
            .map_or(1.0, |last| last.at)
            .max(1.0)
    }

    fn svg(&self, spans: &[Span]) -> String {
        let lanes = &self.contract.lanes;
        let (gutter, end) = (self.gutter(), self.end());
        let x = |at: f64| gutter + at / end * (WIDTH - gutter - 24.0);
        let bottom = lanes.len() as f64 * ROW + 6.0;
        let mut svg = String::new();
        let step = step(end);
        let mut at = 0.0;
        while at <= end {
            svg += &format!(
                "<line class=\"grid\" x1=\"{0:.1}\" x2=\"{0:.1}\" y1=\"2\" \
                 y2=\"{bottom}\"></line><text x=\"{0:.1}\" y=\"{1}\" \
                 text-anchor=\"middle\">{2}</text>",
                x(at),
                bottom + 16.0,
                time(at, end),
            );
            at += step;
        }
        for (i, lane) in lanes.iter().enumerate() {
            let y = i as f64 * ROW + 4.0;
            svg += &format!(
                "<text class=\"name\" x=\"12\" y=\"{}\">{}</text>",
                y + 18.0,
                escape(lane)
            );
            for span in spans.iter().filter(|span| span.lane == lane) {
                svg += &bar(span, x(span.from), x(span.to), y, end);
            }
            let marks = self.trace.events.iter().filter(|event| {
                event.state == State::Mark && event.lane == *lane
            });
            for event in marks {
                svg += &mark(event, x(event.at), y, end);
            }
        }
        let lanes_told = lanes.join(", ");
        format!(
            "<svg role=\"img\" width=\"{WIDTH}\" height=\"{}\" \
             viewBox=\"0 0 {WIDTH} {}\"><title>Timeline of {}</title>\
             <desc>From 0 to {}; the table below has every event.</desc>\
             {svg}</svg>",
            bottom + 24.0,
            bottom + 24.0,
            escape(&lanes_told),
            time(end, end),
        )
    }

    fn table(&self, spans: &[Span]) -> String {
        let end = self.end();
        let mut rows: Vec<(f64, String)> = Vec::new();
        for span in spans {
            rows.push((
                span.from,
                row(
                    &format!(
                        "{} to {}",
                        time(span.from, end),
                        time(span.to, end)
                    ),
                    span.lane,
                    span.state.word(),
                    span.label,
                ),
            ));
        }
        let marks = self.trace.events.iter();
        for event in marks.filter(|event| event.state == State::Mark) {
            let row =
                row(&time(event.at, end), &event.lane, "mark", &event.label);
            rows.push((event.at, row));
        }
        rows.sort_by(|a, b| a.0.total_cmp(&b.0));
        let rows: String = rows.into_iter().map(|(_, row)| row).collect();
        format!(
            "<table><thead><tr><th>when</th><th>who</th><th>what</th><th></th>\
             </tr></thead><tbody>{rows}</tbody></table>"
        )
    }
}

fn row(when: &str, who: &str, what: &str, label: &str) -> String {
    format!(
        "<tr><td>{when}</td><td>{}</td><td>{what}</td><td>{}</td></tr>",
        escape(who),
        escape(label)
    )
}

/// Draws a span: full, framed, hatched or dashed, whatever its colour.
fn bar(span: &Span, from: f64, to: f64, y: f64, end: f64) -> String {
    // Too short to be seen is not too short to be there.
    let width = (to - from).max(1.5);
    let word = span.state.word();
    let title = format!(
        "{}, {} to {}: {word} {}",
        span.lane,
        time(span.from, end),
        time(span.to, end),
        span.label
    );
    let shape = if span.state == State::Waits {
        format!(
            "<line x1=\"{from:.1}\" x2=\"{:.1}\" y1=\"{1}\" y2=\"{1}\"></line>\
             <line class=\"end\" x1=\"{from:.1}\" x2=\"{from:.1}\" y1=\"{2}\" \
             y2=\"{3}\"></line>",
            from + width,
            y + 20.0,
            y + 14.0,
            y + 24.0,
        )
    } else {
        let mut shape = format!(
            "<rect x=\"{from:.1}\" y=\"{y}\" width=\"{width:.1}\" \
             height=\"24\" rx=\"2\"></rect>"
        );
        if span.state == State::Blocks {
            let mut at = from + 6.0;
            while at < from + width {
                let left = (at - 12.0).max(from);
                shape += &format!(
                    "<line x1=\"{left:.1}\" y1=\"{}\" x2=\"{at:.1}\" \
                     y2=\"{y}\"></line>",
                    y + (at - left) * 2.0,
                );
                at += 9.0;
            }
        }
        shape
    };
    let label = Some(span.label)
        .filter(|label| !label.is_empty())
        .filter(|l| l.chars().count() as f64 * LETTER + 8.0 <= width)
        .map(|label| {
            format!(
                "<text x=\"{:.1}\" y=\"{}\">{}</text>",
                from + 5.0,
                y + if span.state == State::Waits {
                    13.0
                } else {
                    16.5
                },
                escape(label)
            )
        });
    format!(
        "<g class=\"{word}\"><title>{}</title>{shape}{}</g>",
        escape(title.trim_end()),
        label.unwrap_or_default()
    )
}

/// Draws a moment: a letter as itself, anything else as a stroke.
fn mark(event: &Event, x: f64, y: f64, end: f64) -> String {
    let title = format!("{}, {}", event.lane, time(event.at, end));
    let title = format!("{title}: {}", event.label);
    let shape = if event.label.chars().count() == 1 {
        format!(
            "<text x=\"{x:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
            y + 17.0,
            escape(&event.label)
        )
    } else {
        format!(
            "<line x1=\"{x:.1}\" x2=\"{x:.1}\" y1=\"{}\" y2=\"{}\"></line>",
            y - 1.0,
            y + 25.0
        )
    };
    let title = escape(title.trim_end_matches(": "));
    format!("<g class=\"mark\"><title>{title}</title>{shape}</g>")
}

/// Explains the shapes that are there.
fn legend(spans: &[Span]) -> String {
    let mut html = String::from("<p class=\"legend\">");
    for (state, words) in [
        (State::Runs, "runs"),
        (State::Waits, "waits"),
        (State::Holds, "holds the lock"),
        (State::Blocks, "blocks the thread"),
    ] {
        if let Some(span) = spans.iter().find(|span| span.state == state) {
            let sample = Span {
                label: "",
                ..span.clone()
            };
            html += &format!(
                "<span><svg width=\"34\" height=\"26\" aria-hidden=\"true\">{}\
                 </svg> {words}</span>",
                bar(&sample, 1.5, 32.5, 1.0, 1.0)
            );
        }
    }
    html + "</p>"
}

/// Returns a rule as the page says it.
fn in_words(rule: &str) -> String {
    let words: Vec<&str> = rule.split_whitespace().collect();
    match words[..] {
        ["at", side, n, state] => {
            let verb = match n {
                "1" => state,
                _ => state.trim_end_matches('s'),
            };
            let when = match side {
                "most" => "at any moment",
                _ => "at some moment",
            };
            format!("at {side} {n} {verb} {when}")
        }
        [which, "mark", "of", a, "while", b, state] => {
            format!("{which} mark of {a} while {b} {state}")
        }
        _ => rule.replace(", ", ", then ").replace("each:", "each lane:"),
    }
}

/// Returns a distance between lines that makes four to ten of them.
fn step(end: f64) -> f64 {
    let mut step = 10f64.powf((end / 4.0).log10().floor());
    for factor in [2.0, 2.5, 2.0] {
        if end / step > 8.0 {
            step *= factor;
        }
    }
    step
}

/// Writes a time as the whole drawing writes its times.
fn time(at: f64, end: f64) -> String {
    if end >= 2_000.0 {
        format!("{:.2}\u{a0}s", at / 1000.0)
    } else if at.fract() == 0.0 || end >= 100.0 {
        format!("{at:.0}\u{a0}ms")
    } else {
        format!("{at:.1}\u{a0}ms")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timeline(told: &str) -> Timeline {
        Timeline {
            trace: Trace::from_stderr(told).unwrap(),
            contract: TimelineContract {
                command: String::new(),
                lanes: vec!["a".into(), "<b>".into()],
                note: "Says.".into(),
                rules: vec!["at most 1 holds".into()],
            },
        }
    }

    const TOLD: &str = "@clock real\n@0 a waits asks\n@50 a holds types\n\
        @60 a mark x\n@100 a ends\n@100 <b> blocks \"q\"\n@140 <b> ends";

    #[test]
    fn each_state_has_a_shape_of_its_own_and_a_place_in_the_table() {
        let html = timeline(TOLD).figure();
        for state in ["waits", "holds", "blocks", "mark"] {
            assert!(
                html.contains(&format!("<g class=\"{state}\">")),
                "{state}"
            );
        }
        let row = "<td>50\u{a0}ms to 100\u{a0}ms</td><td>a</td><td>holds</td>";
        assert!(html.contains(row), "{html}");
        assert!(html.contains("always at most 1 holds at any moment"));
        assert!(!html.contains('\n'));
    }

    #[test]
    fn names_and_labels_are_never_markup() {
        let html = timeline(TOLD).figure();
        assert!(html.contains("&lt;b&gt;"));
        assert!(!html.contains("<b>"));
    }

    #[test]
    fn virtual_time_is_said_to_be_guaranteed() {
        let real = timeline(TOLD).figure();
        assert!(real.contains("badge luck") && real.contains("Recorded on"));
        let paused = timeline(&TOLD.replace("real", "virtual")).figure();
        assert!(paused.contains("badge guaranteed"));
        assert!(!paused.contains("Recorded on"));
    }

    #[test]
    fn there_are_a_few_lines_whatever_the_length() {
        for end in [1.0, 9.0, 140.0, 950.0, 1_000.0, 3_050.0, 60_000.0] {
            let lines = (end / step(end)) as usize;
            assert!((3..=10).contains(&lines), "{end}: {lines}");
        }
    }
}
