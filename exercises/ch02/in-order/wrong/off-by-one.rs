//! It waits for number 1 first.

use std::collections::BTreeMap;

/// Puts answers into the order of their questions.
pub struct InOrder {
    /// The number of the next one to print; the first is 0.
    gone: usize,
    early: BTreeMap<usize, String>,
}

impl Default for InOrder {
    fn default() -> InOrder {
        InOrder {
            gone: 1,
            early: BTreeMap::new(),
        }
    }
}

impl InOrder {
    /// Takes an answer; returns those that can be printed now, in order.
    pub fn arrived(&mut self, number: usize, answer: String) -> Vec<String> {
        if number >= self.gone {
            self.early.insert(number, answer);
        }
        let mut ready = Vec::new();
        while let Some(answer) = self.early.remove(&self.gone) {
            ready.push(answer);
            self.gone += 1;
        }
        ready
    }

    /// Returns how many answers are held back.
    pub fn held_back(&self) -> usize {
        self.early.len()
    }
}
