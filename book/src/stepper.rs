//! Recorded schedules as tables, which `theme/stepper.js` lets one step
//! through.

use std::collections::BTreeSet;
use std::path::Path;

use crate::graph;
use crate::html::escape;
use crate::schedules::{History, Outcome, Program, Recording};
use crate::transcript::Run;

/// Returns the schedules of the section `CHAPTER/SLUG` as a figure.
///
/// `contracts` is the way from the page to the one that explains contracts, if
/// there is one.
///
/// # Errors
///
/// No recording, or one of another format or of an older source file.
pub fn figure(
    root: &Path,
    name: &str,
    contracts: Option<&str>,
) -> Result<String, String> {
    let run = Run::read(root, &format!("{name}.schedules"))?;
    let recording =
        Recording::parse(root, run.output()).map_err(|(line, what)| {
            // The command is the transcript's first line.
            format!("{}:{}: {what}", run.path, line + 2)
        })?;
    let slug = name.rsplit('/').next().unwrap_or(name);
    let mut order = 0;
    let programs: String = recording
        .programs
        .iter()
        .map(|program| section(&recording, program, slug, &mut order))
        .collect();
    Ok(format!(
        "<figure class=\"schedules\" data-name=\"{slug}\" \
         aria-label=\"Schedules\">{}{}{programs}\
         <figcaption>{}</figcaption></figure>",
        run.command_html(),
        controls(&recording),
        run.contract_html(contracts),
    ))
}

/// What one steps with, which is of no use without the script.
fn controls(recording: &Recording) -> String {
    let mut options = String::new();
    let mut order = 0;
    for program in &recording.programs {
        options += &format!("<optgroup label=\"{}\">", escape(&program.name));
        for history in &program.histories {
            order += 1;
            let Outcome { wrong, says, .. } = &history.outcome;
            options += &format!(
                "<option value=\"{order}\">{order}: {}{}</option>",
                escape(says),
                if *wrong { " (wrong)" } else { "" }
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

fn section(
    recording: &Recording,
    program: &Program,
    slug: &str,
    order: &mut usize,
) -> String {
    let mut orders = String::new();
    for history in &program.histories {
        *order += 1;
        let Outcome {
            how_many,
            wrong,
            says,
        } = &history.outcome;
        orders += &format!(
            "<details class=\"order\" data-order=\"{order}\"><summary>\
             {}Order {order}: {} <span class=\"how-many\">({})</span>\
             </summary>{}{}</details>",
            mark(*wrong),
            escape(says),
            counted(how_many),
            table(recording, history, &format!("{slug}:{order}")),
            graph::waits(&recording.threads, &history.stuck),
        );
    }
    format!(
        "<section class=\"program\" aria-label=\"{0}\">\
         <p class=\"version\"><span class=\"label\">{0}</span> {1}</p>{2}\
         <div class=\"stage\">{3}<div class=\"orders\">{orders}</div></div></section>",
        escape(&program.name),
        counted(&program.explored),
        outcomes(program),
        listing(recording, program),
    )
}

/// A mark beside what goes wrong, which is read out as well.
fn mark(wrong: bool) -> &'static str {
    match wrong {
        true => "<span class=\"wrong\">wrong</span> ",
        false => "",
    }
}

/// Writes `1 histories` as one does.
fn counted(text: &str) -> String {
    let parts = text.split(", ").map(|part| match part {
        "1 schedules" => "1 schedule".to_string(),
        "1 histories" => "1 order".to_string(),
        part => part.replace("histories", "orders"),
    });
    escape(&parts.collect::<Vec<_>>().join(", "))
}

fn outcomes(program: &Program) -> String {
    let rows = program.outcomes.iter().map(|outcome| {
        format!(
            "<li>{}{} <span class=\"how-many\">({})</span></li>",
            mark(outcome.wrong),
            escape(&outcome.says),
            counted(&outcome.how_many)
        )
    });
    format!("<ul class=\"outcomes\">{}</ul>", rows.collect::<String>())
}

/// A row for each step, a column for each thread that takes one.
///
/// Each row has the address to which a link leads, with or without the script.
fn table(recording: &Recording, history: &History, order: &str) -> String {
    let acting: BTreeSet<usize> = history
        .steps
        .iter()
        .map(|step| step.thread)
        .chain(history.stuck.iter().map(|stuck| stuck.thread))
        .collect();
    let mut html = format!(
        "<div class=\"scroll\" tabindex=\"0\" role=\"group\" \
         aria-label=\"Steps of {order}\"><table class=\"steps\"><thead>\
         <tr><th></th>"
    );
    for thread in &acting {
        html += &format!(
            "<th class=\"lane-{}\">{}</th>",
            thread % 6,
            escape(&recording.threads[*thread])
        );
    }
    html += "<th>shared</th></tr></thead><tbody>";
    let start: Vec<_> = history.start.iter().collect();
    html += &format!(
        "<tr id=\"{order}.0\"><th scope=\"row\">0</th><td colspan=\"{}\"></td>\
         <td>{}</td></tr>",
        acting.len(),
        changes(start)
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
            html += &cell(history, i, *thread);
        }
        html += &format!("<td>{}</td></tr>", changes(step.changes.iter()));
    }
    html + "</tbody></table></div>"
}

/// What a thread does in this step, or what it waits for meanwhile.
fn cell(history: &History, i: usize, thread: usize) -> String {
    let step = &history.steps[i];
    let lane = thread % 6;
    if step.thread == thread {
        // Where a lock is given back has no place in the listing of its own:
        // the guard ends with its scope.
        let given =
            step.says.starts_with("gives ") && step.says.ends_with(" back");
        let line = match step.line {
            0 => String::new(),
            line if given => format!(", taken in line {line}"),
            line => format!(", line {line}"),
        };
        let line = format!("<i>{line}</i>");
        return format!(
            "<td class=\"does lane-{lane}\">{}{line}</td>",
            escape(&step.says)
        );
    }
    match waits_for(history, i, thread) {
        Some(what) => {
            format!("<td class=\"waits\">waits for {}</td>", escape(&what))
        }
        None => "<td></td>".to_string(),
    }
}

/// Returns what a thread needs to go on after step `i`, and cannot have.
fn waits_for(history: &History, i: usize, thread: usize) -> Option<String> {
    let now = |name: &str| {
        let changes = history.steps[..=i].iter().flat_map(|s| &s.changes);
        let mut of_it = changes.filter(|(known, _)| known == name);
        of_it.next_back().map_or("", |(_, value)| value)
    };
    let locked = |name: &str| now(name).starts_with("locked");
    let later = &history.steps[i + 1..];
    let Some(next) = later.iter().position(|step| step.thread == thread) else {
        let mut stuck = history.stuck.iter();
        let stuck = stuck.find(|stuck| stuck.thread == thread)?;
        // A lock that it will not get may still be free at this time.
        let ended = stuck.what.starts_with("the end of ");
        let waits = stuck.holder.is_none() || ended || locked(&stuck.what);
        return waits.then(|| stuck.what.clone());
    };
    let says = &later[next].says;
    if says.starts_with("is awake") {
        let mut before = history.steps[..=i].iter().rev();
        let asleep = before.find(|step| step.thread == thread)?;
        // Where it sleeps is the last thing that its going to sleep changed.
        let (bell, _) = asleep.changes.last()?;
        if !now(bell).ends_with("asleep, called") {
            return Some(bell.clone());
        }
    }
    let (_, lock) = says.split_once("locks ")?;
    locked(lock).then(|| lock.to_string())
}

fn changes<'a>(
    changes: impl IntoIterator<Item = &'a (String, String)>,
) -> String {
    let changes = changes.into_iter().map(|(name, value)| {
        format!(
            "<span data-is=\"{}\">{0} = {}</span>",
            escape(name),
            escape(value)
        )
    });
    changes.collect::<Vec<_>>().join(" ")
}

/// The functions in which the program's steps are, with their numbers.
fn listing(recording: &Recording, program: &Program) -> String {
    let text: Vec<&str> = recording.text.lines().collect();
    let lines: BTreeSet<usize> = program
        .histories
        .iter()
        .flat_map(|history| {
            let steps = history.steps.iter().map(|step| step.line);
            steps.chain(history.stuck.iter().map(|stuck| stuck.line))
        })
        .filter(|line| *line > 0)
        .collect();
    let mut shown: Vec<usize> = Vec::new();
    for line in lines {
        if !shown.contains(&line) {
            shown.extend(function(&text, line));
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
    format!(
        "<div class=\"code\"><p class=\"file\"><code>{}</code></p>\
         <pre tabindex=\"0\"><span class=\"numbers\" aria-hidden=\"true\">\
         {numbers}</span><code class=\"language-rust\">{}</code></pre></div>",
        escape(&recording.file).replace('/', "/<wbr>"),
        escape(&code)
    )
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
        assert_eq!(
            counted("1 schedules, 1 histories, 0 wrong"),
            "1 schedule, 1 order, 0 wrong"
        );
    }
}
