//! It keeps a repeated answer for ever.

use std::collections::BTreeMap;

/// Puts answers into the order of their questions.
#[derive(Default)]
pub struct InOrder {
    /// The number of the next one to print; the first is 0.
    next: usize,
    early: BTreeMap<usize, String>,
}

impl InOrder {
    /// Takes an answer; returns those that can be printed now, in order.
    pub fn arrived(&mut self, number: usize, answer: String) -> Vec<String> {
        if number < self.next {
            return vec![answer];
        }
        self.early.insert(number, answer);
        let mut ready = Vec::new();
        while let Some(answer) = self.early.remove(&self.next) {
            ready.push(answer);
            self.next += 1;
        }
        ready
    }

    /// Returns how many answers are held back.
    pub fn held_back(&self) -> usize {
        self.early.len()
    }
}
