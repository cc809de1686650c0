//! What a word count guarantees, even if workers crash.

use std::collections::{BTreeMap, BTreeSet};

use exercise_harness::{Check, expect, tell, wrong};
use fastrand::Rng;

use super::solution::{Event, Total, Words, Workers, count};

const TEXTS: [(&str, &str); 6] = [
    ("a.txt", "the cat and the dog"),
    ("b.txt", "the bird"),
    ("c.txt", ""),
    ("d.txt", "cat dog cat"),
    ("e.txt", "and so on and so on"),
    ("f.txt", "on the road"),
];

/// The words of a text.
fn words(text: &str) -> Words {
    let mut words = Words::new();
    for word in text.split_whitespace() {
        *words.entry(word.to_string()).or_default() += 1;
    }
    words
}

/// Workers of which a file may crash the first, or every one.
struct Pool<'a> {
    busy: Vec<Option<String>>,
    /// How many workers a file crashes.
    deadly: BTreeMap<&'static str, u32>,
    tries: BTreeMap<String, u32>,
    unsent: BTreeSet<String>,
    random: Option<&'a mut Rng>,
}

impl Workers for Pool<'_> {
    fn number(&self) -> usize {
        self.busy.len()
    }

    fn send(&mut self, worker: usize, file: &str) {
        tell("the parent", format!("sends {file} to worker {worker}"));
        match self.busy.get_mut(worker) {
            Some(has @ None) => *has = Some(file.to_string()),
            has => wrong(
                format!("an idle worker, for {file}"),
                format!("an idle worker, for {file}: {worker} has {has:?}"),
            ),
        }
        let tries = self.tries.entry(file.to_string()).or_default();
        *tries += 1;
        if *tries > 2 {
            wrong(
                "at most two tries",
                format!("at most two tries: {file} is sent a third time"),
            );
        }
        self.unsent.remove(file);
    }

    fn wait(&mut self) -> Event {
        let busy: Vec<usize> = (0..self.busy.len())
            .filter(|worker| self.busy[*worker].is_some())
            .collect();
        if busy.len() < self.busy.len()
            && let Some(file) = self.unsent.first()
        {
            wrong(
                format!("an idle worker has {file}"),
                format!("an idle worker has nothing, and {file} waits"),
            );
        }
        let chosen = match &mut self.random {
            Some(random) => random.choice(busy),
            None => busy.first().copied(),
        };
        let Some(worker) = chosen else {
            wrong(
                "a busy worker to wait for",
                "a busy worker to wait for: there is none, and no end",
            );
        };
        let file = self.busy[worker].take().unwrap_or_default();
        if let Some(lives) = self.deadly.get_mut(file.as_str())
            && *lives > 0
        {
            *lives -= 1;
            tell(format!("worker {worker}"), format!("crashes of {file}"));
            if self.tries[&file] < 2 {
                self.unsent.insert(file);
            }
            return Event::Crashed { worker };
        }
        tell(format!("worker {worker}"), format!("has counted {file}"));
        let text = TEXTS.iter().find(|(name, _)| *name == file);
        let words = words(text.map_or("", |(_, text)| text));
        Event::Counted { worker, words }
    }
}

/// Counts the first `files` files; `deadly` says how many workers a file costs.
fn counted(
    files: usize,
    workers: usize,
    deadly: &[(&'static str, u32)],
    random: Option<&mut Rng>,
) {
    let names: Vec<String> = TEXTS[..files]
        .iter()
        .map(|(name, _)| name.to_string())
        .collect();
    let mut pool = Pool {
        busy: vec![None; workers],
        deadly: deadly.iter().copied().collect(),
        tries: BTreeMap::new(),
        unsent: names.iter().cloned().collect(),
        random,
    };
    let Total {
        words: sums,
        failed,
    } = count(names, &mut pool);
    let is_lost = |name: &str| {
        deadly
            .iter()
            .any(|(file, lives)| *file == name && *lives > 1)
    };
    let (mut expected, mut lost) = (Words::new(), BTreeSet::new());
    for (name, text) in &TEXTS[..files] {
        if is_lost(name) {
            lost.insert(name.to_string());
            continue;
        }
        for (word, n) in words(text) {
            *expected.entry(word).or_default() += n;
        }
    }
    let failed: BTreeSet<String> = failed.into_iter().collect();
    expect("the failed files are", lost, failed);
    expect("the sums are", expected, sums);
}

pub fn check(check: &mut Check) {
    check.case("one worker counts all files", 3).once(|| {
        counted(6, 1, &[], None);
    });
    check.case("three workers are kept busy", 2).once(|| {
        counted(6, 3, &[], None);
    });
    check
        .case("without files there is nothing to wait for", 5)
        .once(|| {
            counted(0, 2, &[], None);
        });
    check
        .case("a file survives one crash, not two", 4)
        .once(|| {
            counted(6, 2, &[("a.txt", 1), ("d.txt", 9)], None);
        });
    check.case("the last file may come back", 5).once(|| {
        counted(3, 3, &[("c.txt", 1), ("b.txt", 1)], None);
    });
    check
        .case("all this in three hundred random histories", 1)
        .rounds(300, |random, size| {
            let files = (size / 20).min(TEXTS.len());
            let deadly: Vec<_> = TEXTS
                .iter()
                .map(|(name, _)| (*name, random.u32(..4).saturating_sub(1)))
                .collect();
            let workers = random.usize(1..4);
            counted(files, workers, &deadly, Some(random));
        });
}
