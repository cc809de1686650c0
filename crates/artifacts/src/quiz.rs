//! "Which of these can happen?": outputs that a section can print, and outputs
//! that it cannot, each with its reason.
//!
//! ```toml
//! [quiz.rust]
//! recorded = 1
//!
//! [[quiz.rust.possible]]
//! lines = ["b", "a", "end"]
//! because = "Both threads run at once."
//!
//! [[quiz.rust.impossible]]
//! swap = [2, 3]
//! because = "`join` returns after the thread has ended."
//! ```
//!
//! The page asks before it shows the output. The recorded output of an `exact`
//! run is a choice by itself.

use std::collections::BTreeMap;

use anyhow::{Context, Result, anyhow, bail};
use serde::Deserialize;

use crate::contract::{Contract, Kind};
use crate::outcomes::Recorded;

/// One table `[quiz.NAME]` of `section.toml`: a question about that run, and
/// what a reader may choose from.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Quiz {
    /// The question, if not "Which of these can happen?".
    #[serde(default)]
    pub asks: String,
    /// How many of the recorded outcomes are choices, the most frequent first.
    #[serde(default)]
    pub recorded: usize,
    /// What can happen and has to be told, because it is rare.
    #[serde(default)]
    pub possible: Vec<Choice>,
    /// What cannot happen: the contract refuses it.
    #[serde(default)]
    pub impossible: Vec<Choice>,
}

/// An output: all its lines, or the recorded output with a few changed.
///
/// Where the order varies, give whole `lines`: there the number of a line says
/// little.
#[derive(Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// All lines.
    #[serde(default)]
    pub lines: Vec<String>,
    /// Lines of the transcript that another stands for, by their number; the
    /// command is not counted.
    #[serde(default)]
    pub instead: BTreeMap<String, String>,
    /// Two lines of the transcript that change places.
    pub swap: Option<(usize, usize)>,
    /// One sentence: why it can happen, or cannot.
    pub because: String,
}

/// A choice with its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What a run prints, or cannot print.
    pub lines: Vec<String>,
    /// Whether it can happen.
    pub can: bool,
    /// In how many of how many runs it did, where that was counted.
    pub seen: Option<(u32, u32)>,
    /// The reason; may be missing of what was recorded.
    pub because: String,
}

impl Quiz {
    /// Returns all choices, each with what the contract says to it.
    ///
    /// # Errors
    ///
    /// The contract accepts what is said to be impossible, or the other way
    /// round; with the text by which to find its line in the file.
    pub fn answers(
        &self,
        contract: &Contract,
        transcript: &[String],
        outcomes: Option<&Recorded>,
    ) -> Result<Vec<Answer>, (String, String)> {
        let mut answers = Vec::new();
        let exact = contract.contract == Kind::Exact;
        if exact {
            answers.push(Answer {
                lines: transcript.to_vec(),
                can: true,
                seen: None,
                because: String::new(),
            });
        }
        if self.recorded > 0 {
            let missing = match outcomes {
                None => Some("no outcomes were recorded".to_string()),
                Some(some) if some.outcomes.len() < self.recorded => {
                    let are = some.outcomes.len();
                    Some(format!("only {are} outcomes were recorded"))
                }
                Some(_) => None,
            };
            if let Some(what) = missing {
                return Err(("recorded =".into(), what));
            }
        }
        let kept = outcomes.iter().flat_map(|all| &all.outcomes);
        for outcome in kept.take(self.recorded) {
            answers.push(Answer {
                lines: outcome.lines.clone(),
                can: true,
                seen: seen(&outcome.shows, outcomes),
                because: String::new(),
            });
        }
        let possible = self.possible.iter().map(|choice| (choice, true));
        let impossible = self.impossible.iter().map(|choice| (choice, false));
        for (choice, can) in possible.chain(impossible) {
            let here = |what: String| (choice.because.clone(), what);
            let lines = choice.apply(transcript);
            let lines = lines.map_err(|why| here(format!("{why:#}")))?;
            let accepted = contract.accepts(transcript, &lines);
            match (can, accepted) {
                (true, Err(why)) => {
                    let what = "is said to be possible, and the contract";
                    return Err(here(format!("{what} refuses it: {why:#}")));
                }
                (false, Ok(())) => {
                    let what = "is said to be impossible, and the contract";
                    return Err(here(format!("{what} accepts it")));
                }
                _ => {}
            }
            // What was recorded may be the very one that has to be told.
            let same = answers.iter_mut().find(|other| other.lines == lines);
            if let Some(same) = same {
                if !same.because.is_empty() || !can {
                    return Err(here("is there twice".to_string()));
                }
                same.because.clone_from(&choice.because);
                continue;
            }
            let shows = contract.outcome_of(&lines);
            let seen = can.then(|| seen(&shows, outcomes)).flatten();
            let because = choice.because.clone();
            answers.push(Answer {
                lines,
                can,
                seen,
                because,
            });
        }
        if !answers.iter().any(|a| a.can) || answers.iter().all(|a| a.can) {
            let what = "a question needs both answers, can and cannot";
            return Err((String::new(), what.to_string()));
        }
        Ok(answers)
    }
}

/// Says how often an outcome came; `None` where only the frequent ones are
/// known and it is not one of them.
fn seen(shows: &str, outcomes: Option<&Recorded>) -> Option<(u32, u32)> {
    let all = outcomes?;
    match all.outcomes.iter().find(|outcome| outcome.shows == shows) {
        Some(outcome) => Some((outcome.total(), all.total())),
        None if all.outcomes.len() == all.distinct => Some((0, all.total())),
        None => None,
    }
}

impl Choice {
    /// Returns its lines.
    fn apply(&self, transcript: &[String]) -> Result<Vec<String>> {
        let changes = !self.instead.is_empty() || self.swap.is_some();
        if changes != self.lines.is_empty() {
            bail!("needs `lines`, or else `instead` or `swap`");
        }
        if !changes {
            return Ok(self.lines.clone());
        }
        let mut lines = transcript.to_vec();
        let index = |number: usize| match number {
            1.. if number <= transcript.len() => Ok(number - 1),
            _ => Err(anyhow!("the transcript has no line {number}")),
        };
        if let Some((a, b)) = self.swap {
            lines.swap(index(a)?, index(b)?);
        }
        for (number, line) in &self.instead {
            let number = number.parse().with_context(|| {
                format!("`{number}` is not a line's number")
            })?;
            lines[index(number)?].clone_from(line);
        }
        Ok(lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answers(
        contract: &str,
        question: &str,
    ) -> Result<Vec<Answer>, (String, String)> {
        let contract: Contract = toml::from_str(contract).unwrap();
        let question: Quiz = toml::from_str(question).unwrap();
        let transcript = ["a 1", "b 2"].map(str::to_string);
        question.answers(&contract, &transcript, None)
    }

    #[test]
    fn of_an_exact_output_only_the_transcript_can_happen() {
        let found = answers("", "[[impossible]]\nswap = [1, 2]\nbecause = 'x'")
            .unwrap();
        let can: Vec<bool> = found.iter().map(|answer| answer.can).collect();
        assert_eq!(can, [true, false]);
        assert_eq!(found[1].lines, ["b 2", "a 1"]);
    }

    #[test]
    fn an_impossible_choice_that_the_contract_accepts_is_refused() {
        let err = answers(
            "contract = 'any-order'",
            "[[impossible]]\nlines = ['b 2', 'a 1']\nbecause = 'no'",
        );
        let (needle, what) = err.unwrap_err();
        assert_eq!(needle, "no");
        assert!(what.contains("the contract accepts it"), "{what}");
    }

    #[test]
    fn a_possible_choice_that_the_contract_refuses_is_refused() {
        let err = answers(
            "contract = 'pattern'\nlines = ['a {n}', 'b 2']",
            "[[possible]]\ninstead = {2 = 'c'}\nbecause = 'why'",
        );
        assert!(err.unwrap_err().1.contains("refuses it"));
    }

    #[test]
    fn a_question_needs_both_answers_and_lines_that_exist() {
        assert!(answers("", "").unwrap_err().1.contains("both answers"));
        let err = answers("", "[[impossible]]\nswap = [1, 3]\nbecause = ''");
        assert!(err.unwrap_err().1.contains("no line 3"));
        let err = answers("", "recorded = 2").unwrap_err();
        assert!(err.1.contains("no outcomes were recorded"));
    }
}
