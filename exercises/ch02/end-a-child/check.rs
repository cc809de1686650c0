//! What a parent owes to a child, and to the table of processes.

use exercise_harness::{Check, expect, tell, wrong};

use super::solution::{Child, Ended, end};

/// A child on a clock of its own.
struct Simulated {
    now: u32,
    /// How long it takes to end after it was asked; `None`: it does not listen.
    takes: Option<u32>,
    /// When it ends, or has ended, and how.
    ends: Option<(u32, Ended)>,
    waited_for: bool,
    looks: u32,
    history: Vec<String>,
}

impl Simulated {
    fn new(takes: Option<u32>) -> Simulated {
        Simulated {
            now: 0,
            takes,
            ends: None,
            waited_for: false,
            looks: 0,
            history: Vec::new(),
        }
    }

    fn note(&mut self, what: &str) {
        tell(format!("at {} ms", self.now), what.to_string());
        self.history.push(what.to_string());
    }

    fn ends_at(&mut self, at: u32, how: Ended) {
        if self.ends.is_none_or(|(before, _)| at < before) {
            self.ends = Some((at, how));
        }
    }
}

impl Child for Simulated {
    fn terminate(&mut self) {
        self.note("it is asked");
        if let Some(takes) = self.takes {
            self.ends_at(self.now + takes, Ended::ByItself);
        }
    }

    fn kill(&mut self) {
        self.note("it is killed");
        self.ends_at(self.now + 1, Ended::Killed);
    }

    fn try_wait(&mut self) -> Option<Ended> {
        self.looks += 1;
        if self.looks > 5_000 {
            wrong("some looks, and sleep between them", "looked 5,000 times");
        }
        let (at, how) = self.ends?;
        if at > self.now {
            return None;
        }
        self.waited_for = true;
        Some(how)
    }

    fn wait(&mut self) -> Ended {
        let Some((at, how)) = self.ends else {
            wrong("a wait that ends", "it waits for one that does not end");
        };
        self.now = self.now.max(at);
        self.waited_for = true;
        how
    }

    fn sleep(&mut self, time: u32) {
        self.now += time;
    }
}

/// Ends a child, with a grace period of a second.
fn ended(mut child: Simulated, how: Ended, history: &[&str], most: u32) {
    let said = end(&mut child, 1_000);
    let seen: Vec<&str> = child.history.iter().map(String::as_str).collect();
    expect("the history is", history, seen.as_slice());
    expect("it says", how, said);
    expect(
        "that it is waited for, and no zombie, is",
        true,
        child.waited_for,
    );
    if child.now > most {
        let most = format!("the time is at most {most} ms");
        wrong(most, format!("the time is {} ms", child.now));
    }
}

pub fn check(check: &mut Check) {
    check.case("who ends when asked is not killed", 1).once(|| {
        for takes in [0, 1, 300, 900] {
            let child = Simulated::new(Some(takes));
            ended(child, Ended::ByItself, &["it is asked"], takes + 100);
        }
    });
    check.case("who does not listen is killed", 3).once(|| {
        let history = ["it is asked", "it is killed"];
        ended(Simulated::new(None), Ended::Killed, &history, 1_100);
        let slow = Simulated::new(Some(60_000));
        ended(slow, Ended::Killed, &history, 1_100);
    });
    check
        .case("who has ended already is waited for", 1)
        .once(|| {
            let mut child = Simulated::new(Some(0));
            child.ends = Some((0, Ended::ByItself));
            ended(child, Ended::ByItself, &["it is asked"], 100);
        });
    check
        .case("who ends at the last moment ends by itself", 4)
        .once(|| {
            ended(
                Simulated::new(Some(1_000)),
                Ended::ByItself,
                &["it is asked"],
                1_100,
            );
        });
}
