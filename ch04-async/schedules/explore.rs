//! Makes every choice there is, one schedule after the other.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::trace;

/// How a schedule ended: what goes wrong comes first.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Wrong(String),
    Right(String),
}

impl Outcome {
    pub fn new(wrong: bool, says: String) -> Outcome {
        match wrong {
            true => Outcome::Wrong(says),
            false => Outcome::Right(says),
        }
    }

    pub fn wrong(&self) -> bool {
        matches!(self, Outcome::Wrong(_))
    }

    /// Returns the end of a line of the recording.
    pub fn words(&self) -> String {
        match self {
            Outcome::Wrong(says) => format!(", wrong: {says}"),
            Outcome::Right(says) => format!(": {says}"),
        }
    }
}

/// The choices of the schedule that runs: what was chosen, of how many.
#[derive(Default)]
struct Choices {
    made: Vec<(usize, usize)>,
    next: usize,
}

thread_local! {
    static CHOICES: RefCell<Choices> = RefCell::default();
}

/// Chooses one of so many; over all schedules, each of them.
pub fn choose(of: usize) -> usize {
    CHOICES.with_borrow_mut(|choices| {
        if choices.next == choices.made.len() {
            choices.made.push((0, of));
        }
        let (chosen, _) = choices.made[choices.next];
        choices.next += 1;
        chosen
    })
}

impl Choices {
    /// Goes on to the next schedule: changes the last choice that can be.
    fn advance(&mut self) -> bool {
        self.next = 0;
        while let Some((chosen, of)) = self.made.pop() {
            if chosen + 1 < of {
                self.made.push((chosen + 1, of));
                return true;
            }
        }
        false
    }
}

/// Runs a program in every order of turns; returns each history of steps, with
/// its end and the number of schedules that have it.
pub fn explore(
    shared: &'static str,
    program: fn() -> Outcome,
) -> BTreeMap<Vec<String>, (Outcome, usize)> {
    let mut histories = BTreeMap::new();
    loop {
        trace::begin(shared);
        let outcome = program();
        let history = histories.entry(trace::end()).or_insert((outcome, 0));
        history.1 += 1;
        if !CHOICES.with_borrow_mut(Choices::advance) {
            return histories;
        }
    }
}
