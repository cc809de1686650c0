//! What `end` guarantees: no early kill, no long wait, no zombie.

use exercise_harness::{Check, expect, tell, wrong};

use super::solution::{Child, Ended, end};

/// A child on a clock of its own.
struct Simulated {
    now: u32,
    /// How long it takes to end after `terminate`; `None` if it ignores that.
    takes: Option<u32>,
    /// The time of its end, and how it ends.
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
        self.note("terminate");
        if let Some(takes) = self.takes {
            self.ends_at(self.now + takes, Ended::ByItself);
        }
    }

    fn kill(&mut self) {
        self.note("kill");
        self.ends_at(self.now + 1, Ended::Killed);
    }

    fn try_wait(&mut self) -> Option<Ended> {
        self.looks += 1;
        if self.looks > 5_000 {
            wrong("a sleep between the looks", "looked 5,000 times");
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
            wrong("a wait that ends", "it waits for a child that does not end");
        };
        self.now = self.now.max(at);
        self.waited_for = true;
        how
    }

    fn sleep(&mut self, time: u32) {
        self.now += time;
    }
}

/// Ends `child` with a limit of a second, and checks the history.
fn ended(mut child: Simulated, how: Ended, history: &[&str], most: u32) {
    let said = end(&mut child, 1_000);
    let seen: Vec<&str> = child.history.iter().map(String::as_str).collect();
    expect("the history is", history, seen.as_slice());
    expect("end returns", how, said);
    expect(
        "that it was waited for, and is no zombie, is",
        true,
        child.waited_for,
    );
    if child.now > most {
        let most = format!("the time is at most {most} ms");
        wrong(most, format!("the time is {} ms", child.now));
    }
}

pub fn check(check: &mut Check) {
    check
        .case("a child that ends on terminate is not killed", 1)
        .once(|| {
            for takes in [0, 1, 300, 900] {
                let child = Simulated::new(Some(takes));
                ended(child, Ended::ByItself, &["terminate"], takes + 100);
            }
        });
    check
        .case("a child that ignores terminate is killed", 3)
        .once(|| {
            let history = ["terminate", "kill"];
            ended(Simulated::new(None), Ended::Killed, &history, 1_100);
            let slow = Simulated::new(Some(60_000));
            ended(slow, Ended::Killed, &history, 1_100);
        });
    check
        .case("a child that has ended already is waited for", 1)
        .once(|| {
            let mut child = Simulated::new(Some(0));
            child.ends = Some((0, Ended::ByItself));
            ended(child, Ended::ByItself, &["terminate"], 100);
        });
    check
        .case("a child that ends at the last moment is not killed", 4)
        .once(|| {
            ended(
                Simulated::new(Some(1_000)),
                Ended::ByItself,
                &["terminate"],
                1_100,
            );
        });
}
