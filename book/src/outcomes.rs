//! The recorded outcomes of a run with their frequencies, and the quiz: "which of
//! these can happen?".
//!
//! [`artifacts::outcomes`] and [`artifacts::quiz`] describe the files.

use std::path::Path;

use anyhow::{Context, Result, bail};
use artifacts::outcomes::{Outcome, OutcomesFile, Recorded};
use artifacts::quiz::Answer;
use artifacts::room::Room;
use artifacts::section::SectionFile;
use artifacts::source_hash::fnv;

use crate::html::{escape, sentence, thousands};
use crate::transcript::Run;

/// How many outcomes are listed if each came only once: they show what an outcome
/// looks like.
const SAMPLES: usize = 3;

/// The most lines that a choice shows without leaving out what is the same in
/// all of them.
const WHOLE: usize = 8;

/// Returns the outcomes of the run `CHAPTER/SLUG`, counted, as a figure.
///
/// # Errors
///
/// No outcomes were recorded, or for another version of the run.
pub fn figure(root: &Path, name: &str) -> Result<String> {
    let Run {
        contract,
        output,
        command,
        ..
    } = Run::read(root, name)?;
    let (room, run) = Room::of_run(root, name)?;
    let file = OutcomesFile::read(&room)?;
    let recorded = file
        .of_run(run, &contract, &output)?
        .with_context(|| format!("no outcomes of {name}; record them"))?;
    Ok(format!(
        "<figure class=\"outcomes\">{}<figcaption>{}</figcaption></figure>",
        table(recorded, &command),
        caption(recorded, contract.possible(&output)),
    ))
}

fn table(recorded: &Recorded, command: &str) -> String {
    let once = recorded.outcomes.iter().all(|o| o.total() == 1);
    let listed = if once { SAMPLES } else { usize::MAX };
    let outcomes = &recorded.outcomes;
    let listed = &outcomes[..outcomes.len().min(listed)];
    let mut html = format!(
        "<table><caption>Outcomes of <code>{}</code></caption>\
         <thead><tr><th>outcome</th>",
        escape(command)
    );
    for (condition, runs) in recorded.conditions.iter().zip(&recorded.runs) {
        html += &format!("<th>{}, {runs} runs</th>", escape(condition));
    }
    html += "</tr></thead><tbody>";
    let mut left = recorded.runs.clone();
    for Outcome { shows, counts, .. } in listed {
        let shows = format!("<code>{}</code>", escape(shows));
        html += &row(&shows, counts, recorded);
        for (left, count) in left.iter_mut().zip(counts) {
            *left -= count;
        }
    }
    match recorded.distinct - listed.len() {
        0 => {}
        1 => html += &row("one other", &left, recorded),
        n => html += &row(&format!("{n} others"), &left, recorded),
    }
    html + "</tbody></table>"
}

/// A line of the table, whose cells are also the bars of the chart.
fn row(shows: &str, counts: &[u32], recorded: &Recorded) -> String {
    let mut html = format!("<tr><th scope=\"row\">{shows}</th>");
    let of = recorded.conditions.iter().zip(&recorded.runs);
    for (count, (condition, runs)) in counts.iter().zip(of) {
        let percent = f64::from(*count) / f64::from(*runs) * 100.0;
        // A narrow page has no room for a head of the table.
        html += &format!(
            "<td data-of=\"of {runs}: {}\"><span class=\"bar\" \
             style=\"--of:{percent:.1}%\"></span>{count}</td>",
            escape(condition)
        );
    }
    html + "</tr>"
}

fn caption(recorded: &Recorded, possible: Option<u64>) -> String {
    let runs = recorded.total();
    let came = match recorded.distinct {
        1 => "came to one outcome".to_string(),
        n if n == runs as usize => "came to as many outcomes".to_string(),
        n => format!("came to {n} outcomes"),
    };
    let possible = match possible {
        Some(n) if n == recorded.distinct as u64 => {
            ", which are all that the contract allows".to_string()
        }
        Some(n) => format!(
            " of the {} that the contract allows",
            thousands(&n.to_string())
        ),
        None => String::new(),
    };
    format!(
        "{runs} runs {came}{possible}. Another machine may give others. \
         <span class=\"when\">Recorded on {}, {}, {}, commit {}.</span>",
        escape(&recorded.date),
        escape(&recorded.machine),
        escape(&recorded.version),
        escape(&recorded.commit),
    )
}

/// Returns the question about the run `CHAPTER/SLUG`: its choices, each with an
/// answer that the reader opens.
///
/// # Errors
///
/// There is no question; a choice that the contract says otherwise about.
pub fn quiz(root: &Path, name: &str) -> Result<String> {
    let Run {
        contract, output, ..
    } = Run::read(root, name)?;
    let (room, name) = Room::of_run(root, name)?;
    let file = OutcomesFile::read(&room)?;
    let recorded = file.of_run(name, &contract, &output)?;
    let (section, text) = SectionFile::read(&room)?;
    let answers = section.answers(&room, &text, name, &output, recorded)?;
    let (Some(mut answers), Some(quiz)) = (answers, section.quiz.get(name))
    else {
        let path = room.file("section.toml");
        bail!("{path}: there is no [quiz.{name}]");
    };
    // The order gives no answer away, and is the same in every build.
    answers.sort_by_key(|answer| fnv(answer.lines.join("\n").bytes()));
    let asks = match &quiz.asks[..] {
        "" => "Which of these can happen?",
        asks => asks,
    };
    let choices = abridged(&answers);
    let mut html = format!(
        "<section class=\"quiz\"><p class=\"asks\">{}</p><ol>",
        sentence(asks)
    );
    for (i, (answer, lines)) in answers.iter().zip(choices).enumerate() {
        let letter = char::from(b'A' + u8::try_from(i).unwrap_or(25));
        html += &format!(
            "<li><pre tabindex=\"0\" role=\"group\" aria-label=\"Output \
             {letter}\"><span>{}</span></pre><details><summary>Can {letter} \
             happen?</summary><p>{}</p></details></li>",
            escape(&lines.join("\n")),
            verdict(answer)
        );
    }
    Ok(html + "</ol></section>")
}

/// Returns the lines of each choice; if they are many, without those that are the
/// same in all choices.
fn abridged(answers: &[Answer]) -> Vec<Vec<String>> {
    let all: Vec<_> = answers.iter().map(|answer| &answer.lines).collect();
    let length = all[0].len();
    if length <= WHOLE || all.iter().any(|lines| lines.len() != length) {
        return all.into_iter().cloned().collect();
    }
    let differs = |i: usize| all.iter().any(|lines| lines[i] != all[0][i]);
    let shorten = |lines: &&Vec<String>| {
        let mut short: Vec<String> = Vec::new();
        for (i, line) in lines.iter().enumerate() {
            if differs(i) {
                short.push(line.clone());
            } else if short.last().is_none_or(|last| last != "…") {
                short.push("…".to_string());
            }
        }
        short
    };
    all.iter().map(shorten).collect()
}

fn verdict(answer: &Answer) -> String {
    let mut text = match (answer.can, answer.seen) {
        (false, _) => "<strong>No.</strong>".to_string(),
        (true, Some((0, runs))) => {
            format!("<strong>Yes,</strong> and not once in {runs} runs.")
        }
        (true, Some((n, runs))) => {
            format!("<strong>Yes:</strong> in {n} of {runs} runs.")
        }
        (true, None) => "<strong>Yes.</strong>".to_string(),
    };
    if answer.because.is_empty() && answer.seen.is_none() {
        text += " It was printed by the run below.";
    }
    if !answer.because.is_empty() {
        text += &format!(" {}", sentence(&answer.because));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(counts: &[(&str, u32)], distinct: usize) -> Recorded {
        let outcomes = counts.iter().map(|(shows, count)| Outcome {
            shows: (*shows).to_string(),
            counts: vec![*count],
            lines: Vec::new(),
        });
        Recorded {
            fingerprint: String::new(),
            date: "2026-11-22".into(),
            machine: "a <machine>".into(),
            version: "v".into(),
            commit: "c".into(),
            conditions: vec!["alone".into()],
            runs: vec![20],
            distinct,
            outcomes: outcomes.collect(),
        }
    }

    #[test]
    fn the_bar_of_an_outcome_is_its_share_of_the_runs() {
        let html = table(&recorded(&[("a, b", 15), ("<b>", 5)], 2), "x");
        assert!(html.contains("--of:75.0%\"></span>15</td>"), "{html}");
        assert!(html.contains("<code>&lt;b&gt;</code>"), "{html}");
    }

    #[test]
    fn what_is_not_listed_is_counted() {
        let html = table(&recorded(&[("a", 15)], 4), "x");
        assert!(html.contains("3 others</th>"), "{html}");
        assert!(html.contains("--of:25.0%\"></span>5</td>"), "{html}");
        let all = ["a", "b", "c", "d"].map(|shows| (shows, 1));
        let html = table(&recorded(&all, 20), "x");
        assert!(html.contains("17 others"), "{html}");
    }

    #[test]
    fn the_caption_says_how_many_there_may_be_and_on_what() {
        let some = recorded(&[("a", 15)], 4);
        let html = caption(&some, Some(5040));
        assert!(
            html.starts_with("20 runs came to 4 outcomes of the 5\u{202f}")
        );
        assert!(html.contains("2026-11-22, a &lt;machine&gt;, v, commit c"));
        assert!(caption(&some, Some(4)).contains("all that the contract"));
    }

    #[test]
    fn long_choices_leave_out_what_they_have_in_common() {
        let answer = |change: usize| Answer {
            lines: (0..10)
                .map(|i| match i == change {
                    true => "x".to_string(),
                    false => i.to_string(),
                })
                .collect(),
            can: true,
            seen: None,
            because: String::new(),
        };
        let choices = abridged(&[answer(3), answer(5)]);
        assert_eq!(choices[0], ["…", "x", "…", "5", "…"]);
    }

    #[test]
    fn a_possible_outcome_that_never_came_says_so() {
        let answer = Answer {
            lines: Vec::new(),
            can: true,
            seen: Some((0, 60)),
            because: "`a` may be late.".into(),
        };
        let words = "<strong>Yes,</strong> and not once in 60 runs. \
                     <code>a</code> may be late.";
        assert_eq!(verdict(&answer), words);
    }
}
