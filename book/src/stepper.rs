//! Recorded schedules as tables, which `theme/stepper.js` lets one step
//! through.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, Result, bail};
use artifacts::room::Room;
use artifacts::schedules::{
    Change, History, Names, Op, Program, Recording, State, Want,
};
use artifacts::section::SectionFile;

use crate::graph;
use crate::html::{command, escape, sentence};
use crate::listing::read;

/// Returns the schedules of the section `CHAPTER/SLUG` as a figure.
///
/// `contracts` is the way from the page to the one that explains contracts, if
/// there is one.
///
/// # Errors
///
/// No recording, or one of another version or of an older source file.
pub fn figure(
    root: &Path,
    name: &str,
    contracts: Option<&str>,
) -> Result<String> {
    let (room, _) = Room::of_run(root, name)?;
    let path = room.recorded("schedules", "json");
    let recording = room.parse(&path, Recording::parse)?;
    let source = read(root, &recording.file)?;
    if !recording.is_of(&source) {
        let what = "has changed since this was recorded; record it again";
        bail!("{path}: {} {what}", recording.file);
    }
    figure_of(&room, &recording, &source, contracts)
        .with_context(|| path.clone())
}

/// Returns a recording of a room as a figure. `source` is the text of the file
/// that it is of.
///
/// # Errors
///
/// The room has no schedules, or a step is in no line of the file.
pub fn figure_of(
    room: &Room,
    recording: &Recording,
    source: &str,
    contracts: Option<&str>,
) -> Result<String> {
    let (section, _) = SectionFile::read(room)?;
    let contract = section.schedules.with_context(|| {
        format!("{}: there is no [schedules]", room.file("section.toml"))
    })?;
    let source: Vec<&str> = source.lines().collect();
    let mut order = 0;
    let mut programs = String::new();
    for program in &recording.programs {
        let listing = listing(&recording.file, &source, program)?;
        let figure = Figure {
            program,
            names: Names {
                threads: &recording.threads,
                shared: &program.shared,
            },
            slug: &room.slug,
        };
        programs += &figure.section(&listing, &mut order);
    }
    let badge = match contracts {
        Some(page) => format!(
            "<a class=\"badge guaranteed\" href=\"{page}#exact\">guaranteed</a>"
        ),
        None => {
            "<span class=\"badge guaranteed\">guaranteed</span>".to_string()
        }
    };
    Ok(format!(
        "<figure class=\"schedules\" data-name=\"{}\" \
         aria-label=\"Schedules\">{}{}{programs}\
         <figcaption>{badge} {}</figcaption></figure>",
        room.slug,
        command(&contract.command),
        controls(recording),
        sentence(&contract.note),
    ))
}

/// What one steps with, which is of no use without the script.
fn controls(recording: &Recording) -> String {
    let mut options = String::new();
    let mut order = 0;
    for program in &recording.programs {
        options += &format!("<optgroup label=\"{}\">", escape(&program.name));
        for history in &program.shown {
            order += 1;
            let outcome = &program.outcomes[history.outcome];
            options += &format!(
                "<option value=\"{order}\">{order}: {}{}</option>",
                escape(&outcome.text),
                if outcome.wrong { " (wrong)" } else { "" }
            );
        }
        options += "</optgroup>";
    }
    format!(
        "<div class=\"controls\" hidden><label>Order \
         <select>{options}</select></label><div class=\"slide\">\
         <button type=\"button\" aria-label=\"One step back\">◀</button>\
         <input type=\"range\" min=\"0\" value=\"0\" aria-label=\"Step\">\
         <button type=\"button\" aria-label=\"One step on\">▶</button></div>\
         <p class=\"now\" aria-live=\"polite\"></p>\
         <a class=\"link\" href=\"#\">Link to this step</a></div>"
    )
}

/// A mark beside what goes wrong, which is read out as well.
fn mark(wrong: bool) -> &'static str {
    match wrong {
        true => "<span class=\"wrong\">wrong</span> ",
        false => "",
    }
}

/// Writes `1 order` and `2 orders`.
fn counted(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

/// One program of a recording, to be shown.
struct Figure<'a> {
    program: &'a Program,
    names: Names<'a>,
    slug: &'a str,
}

impl Figure<'_> {
    fn section(&self, listing: &str, order: &mut usize) -> String {
        let program = self.program;
        let mut orders = String::new();
        for history in &program.shown {
            *order += 1;
            let outcome = &program.outcomes[history.outcome];
            orders += &format!(
                "<details class=\"order\" data-order=\"{order}\"><summary>\
                 {}Order {order}: {} <span class=\"how-many\">({})</span>\
                 </summary>{}{}</details>",
                mark(outcome.wrong),
                escape(&outcome.text),
                counted(history.schedules, "schedule"),
                self.table(history, &format!("{}:{order}", self.slug)),
                graph::waits(self.names, &history.stuck),
            );
        }
        format!(
            "<section class=\"program\" aria-label=\"{0}\">\
             <p class=\"version\"><span class=\"label\">{0}</span> {1}, {2}, \
             {3} wrong{4}</p>{5}<div class=\"stage\">{listing}\
             <div class=\"orders\">{orders}</div></div></section>",
            escape(&program.name),
            counted(program.schedules, "schedule"),
            counted(program.histories, "order"),
            program.wrong,
            if program.cut_off { ", cut off" } else { "" },
            self.outcomes(),
        )
    }

    fn outcomes(&self) -> String {
        let rows = self.program.outcomes.iter().map(|outcome| {
            format!(
                "<li>{}{} <span class=\"how-many\">({}, {})</span></li>",
                mark(outcome.wrong),
                escape(&outcome.text),
                counted(outcome.schedules, "schedule"),
                counted(outcome.histories, "order"),
            )
        });
        format!("<ul class=\"outcomes\">{}</ul>", rows.collect::<String>())
    }

    /// A row for each step, a column for each thread that takes one.
    ///
    /// Each row has the address to which a link leads, with or without the
    /// script.
    fn table(&self, history: &History, order: &str) -> String {
        let acting = history.steps.iter().map(|step| step.thread);
        let stuck = history.stuck.iter().map(|stuck| stuck.thread);
        let acting: BTreeSet<usize> = acting.chain(stuck).collect();
        let mut html = format!(
            "<div class=\"scroll\" tabindex=\"0\" role=\"group\" \
             aria-label=\"Steps of {order}\"><table class=\"steps\"><thead>\
             <tr><th></th>"
        );
        for thread in &acting {
            html += &format!(
                "<th class=\"lane-{}\">{}</th>",
                thread % 6,
                escape(&self.names.thread(*thread))
            );
        }
        html += "<th>shared</th></tr></thead><tbody>";
        html += &format!(
            "<tr id=\"{order}.0\"><th scope=\"row\">0</th>\
             <td colspan=\"{}\"></td><td>{}</td></tr>",
            acting.len(),
            self.changes(&history.start)
        );
        for (i, step) in history.steps.iter().enumerate() {
            html += &format!(
                "<tr id=\"{order}.{2}\" data-line=\"{}\" data-lane=\"{}\">\
                 <th scope=\"row\">{}</th>",
                step.line,
                step.thread,
                i + 1
            );
            for thread in &acting {
                html += &self.cell(history, i, *thread);
            }
            html += &format!("<td>{}</td></tr>", self.changes(&step.changes));
        }
        html + "</tbody></table></div>"
    }

    /// What a thread does in this step, or what it waits for meanwhile.
    fn cell(&self, history: &History, i: usize, thread: usize) -> String {
        let step = &history.steps[i];
        if step.thread == thread {
            // Where a lock is given back has no place in the listing of its
            // own: the guard ends with its scope.
            let line = match (step.line, &step.op) {
                (0, _) => String::new(),
                (line, Op::Unlock(_)) => format!(", taken in line {line}"),
                (line, _) => format!(", line {line}"),
            };
            return format!(
                "<td class=\"does lane-{}\">{}<i>{line}</i></td>",
                thread % 6,
                escape(&step.op.words(self.names))
            );
        }
        match waits_for(history, i, thread) {
            Some(want) => format!(
                "<td class=\"waits\">waits for {}</td>",
                escape(&want.words(self.names))
            ),
            None => "<td></td>".to_string(),
        }
    }

    fn changes(&self, changes: &[Change]) -> String {
        let changes = changes.iter().map(|change| {
            let (name, now) = change.words(self.names);
            format!(
                "<span data-is=\"{}\">{0} = {}</span>",
                escape(&name),
                escape(&now)
            )
        });
        changes.collect::<Vec<_>>().join(" ")
    }
}

/// Returns what a thread needs to go on after step `i`, and cannot have.
fn waits_for(history: &History, i: usize, thread: usize) -> Option<Want> {
    let now = |object: usize| {
        let changes = history.steps[..=i].iter().flat_map(|s| &s.changes);
        let mut of_it = changes.filter(|change| change.object == object);
        of_it.next_back().map(|change| &change.now)
    };
    let locked = |lock| matches!(now(lock), Some(State::LockedBy(_)));
    let mut later = history.steps[i + 1..].iter();
    let Some(next) = later.find(|step| step.thread == thread) else {
        let mut stuck = history.stuck.iter();
        let stuck = stuck.find(|stuck| stuck.thread == thread)?;
        // A lock that it will not get may still be free at this time.
        let waits = match stuck.want {
            Want::Lock(lock) => stuck.holder.is_none() || locked(lock),
            _ => true,
        };
        return waits.then_some(stuck.want);
    };
    if let Op::Wake { condvar, .. } = next.op {
        let notified = match now(condvar) {
            Some(State::Asleep { threads, notified }) => {
                *notified > 0 && *notified == threads.len()
            }
            _ => false,
        };
        if !notified {
            return Some(Want::Notification(condvar));
        }
    }
    let lock = next.op.takes()?;
    locked(lock).then_some(Want::Lock(lock))
}

/// The functions in which the program's steps are, with their numbers.
///
/// # Errors
///
/// A step's line is not one of the file.
fn listing(file: &str, text: &[&str], program: &Program) -> Result<String> {
    let lines: BTreeSet<usize> = program
        .shown
        .iter()
        .flat_map(|history| {
            let steps = history.steps.iter().map(|step| step.line);
            steps.chain(history.stuck.iter().map(|stuck| stuck.line))
        })
        .filter(|line| *line > 0)
        .map(|line| line as usize)
        .collect();
    if let Some(line) = lines.last().filter(|line| **line > text.len()) {
        let name = &program.name;
        bail!("`{name}` is at line {line}, {file} has fewer");
    }
    let mut shown: Vec<usize> = Vec::new();
    for line in lines {
        if !shown.contains(&line) {
            shown.extend(function(text, line));
        }
    }
    let (mut numbers, mut code) = (String::new(), String::new());
    let mut before = None;
    for line in shown {
        if before.is_some_and(|before| before + 1 != line) {
            numbers += "&#10;";
            code += "\n";
        }
        numbers += &format!("<span data-row=\"{line}\">{line}</span>&#10;");
        code += &format!("{}\n", text[line - 1]);
        before = Some(line);
    }
    Ok(format!(
        "<div class=\"code\"><p class=\"file\"><code>{}</code></p>\
         <pre tabindex=\"0\"><span class=\"numbers\" aria-hidden=\"true\">\
         {numbers}</span><code class=\"language-rust\">{}</code></pre></div>",
        escape(file).replace('/', "/<wbr>"),
        escape(&code)
    ))
}

/// Returns the numbers of the lines of the function around this one.
fn function(text: &[&str], line: usize) -> std::ops::RangeInclusive<usize> {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let is_fn = |text: &str| {
        let text = text.trim_start();
        let words = text.split('(').next().unwrap_or_default();
        !text.starts_with("//") && words.split(' ').any(|word| word == "fn")
    };
    let mut first = line;
    // A closure is no function: those begin with their name.
    while first > 1 && !is_fn(text[first - 1]) {
        first -= 1;
    }
    let ends = |text: &&str| text.trim_start().starts_with('}');
    let mut last = first;
    while last < text.len()
        && !(ends(&text[last - 1])
            && indent(text[last - 1]) == indent(text[first - 1]))
    {
        last += 1;
    }
    first..=last
}

#[cfg(test)]
mod tests {
    use artifacts::schedules::Step;

    use super::*;

    #[test]
    fn a_line_is_shown_with_its_function() {
        let text = "/// A fn.\nimpl X {\n    pub fn a(\n    ) {\n        \
                    b();\n    }\n    fn c() {\n    }\n}";
        let text: Vec<&str> = text.lines().collect();
        assert_eq!(function(&text, 5), 3..=6);
        assert_eq!(function(&text, 7), 7..=8);
    }

    #[test]
    fn one_order_is_no_orders() {
        assert_eq!(counted(1, "order"), "1 order");
        assert_eq!(counted(0, "order"), "0 orders");
    }

    #[test]
    fn a_sleeper_waits_for_a_notification_and_then_for_the_lock() {
        let change = |object, now| Change { object, now };
        let asleep = |notified| {
            let threads = vec![1];
            change(1, State::Asleep { threads, notified })
        };
        let step = |thread, op, changes| Step {
            thread,
            line: 0,
            op,
            changes,
        };
        let (lock, condvar) = (0, 1);
        let notify = Op::Notify {
            condvar,
            all: false,
            heard: true,
        };
        let history = History {
            outcome: 0,
            schedules: 1,
            start: Vec::new(),
            steps: vec![
                step(1, Op::Sleep { lock, condvar }, vec![asleep(0)]),
                step(0, Op::Lock(0), vec![change(0, State::LockedBy(0))]),
                step(0, notify, vec![asleep(1)]),
                step(0, Op::Unlock(0), vec![change(0, State::Is("".into()))]),
                step(1, Op::Wake { lock, condvar }, Vec::new()),
            ],
            stuck: Vec::new(),
        };
        let wants = |i| waits_for(&history, i, 1);
        assert_eq!(wants(1), Some(Want::Notification(1)));
        assert_eq!(wants(2), Some(Want::Lock(0)));
        assert_eq!(wants(3), None);
    }
}
