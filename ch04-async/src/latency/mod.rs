//! What each step costs, from a function call to a process.
//!
//! Each rung is climbed many times, on your machine. What a wait costs decides
//! how it should be waited for.
//!
//! cargo run -p ch04-async -- latency

use std::env;
use std::error::Error;
use std::io;
use std::path::Path;
use std::time::Duration;

pub mod calls;
pub mod reach;
pub mod system;
pub mod tasks;
pub mod threads;

/// How often each rung is measured; the median counts.
const ROUNDS: usize = 3;

/// Does something a number of times; returns how long all of them took.
type Climb<'a> = Box<dyn Fn(u32) -> io::Result<Duration> + 'a>;

/// One thing that takes time.
pub struct Rung<'a> {
    /// Its name for programs: one word.
    pub key: &'static str,
    /// Its name for readers.
    pub label: &'static str,
    // How often the tour does it in each round.
    times: u32,
    climb: Climb<'a>,
}

impl<'a> Rung<'a> {
    fn new(
        key: &'static str,
        times: u32,
        label: &'static str,
        climb: impl Fn(u32) -> io::Result<Duration> + 'a,
    ) -> Rung<'a> {
        let climb = Box::new(climb);
        Rung {
            key,
            label,
            times,
            climb,
        }
    }

    /// Returns the time that one takes, of `scale` times as many as the tour
    /// does: the median of a few rounds.
    ///
    /// # Errors
    ///
    /// The system's: no thread, no file, no port.
    pub fn measure(&self, scale: u32) -> io::Result<Nanoseconds> {
        let times = self.times * scale;
        let rounds = (0..ROUNDS).map(|_| self.climb(times));
        let mut rounds = rounds.collect::<io::Result<Vec<_>>>()?;
        rounds.sort_unstable();
        Ok(rounds[ROUNDS / 2].as_secs_f64() * 1e9 / f64::from(times))
    }

    /// Returns the time that all of them take together.
    ///
    /// # Errors
    ///
    /// As [`measure`](Rung::measure).
    pub fn climb(&self, times: u32) -> io::Result<Duration> {
        (self.climb)(times)
    }
}

/// A time; a `Duration` knows no tenth of a nanosecond.
pub type Nanoseconds = f64;

/// Returns the ladder, about from short to long.
///
/// `program` is this chapter's, to be started as a process.
#[rustfmt::skip]
pub fn rungs(program: &Path) -> Vec<Rung<'_>> {
    vec![
        Rung::new("call", 100_000, "a function call", calls::call),
        Rung::new("l1", 100_000, "memory, in the first cache", reach::reader(16 << 10)),
        Rung::new("l2", 100_000, "memory, in the second cache", reach::reader(256 << 10)),
        Rung::new("poll", 100_000, "polling a future that is ready", calls::poll),
        Rung::new("lock", 100_000, "a free lock, taken and released", calls::lock),
        Rung::new("ram", 100_000, "memory, in no cache", reach::reader(64 << 20)),
        Rung::new("syscall", 20_000, "a system call", system::call),
        Rung::new("switch", 10_000, "from one task to another", tasks::switch),
        Rung::new("task-hand-off", 5_000, "a message to a task that waits", tasks::hand_off),
        Rung::new("task-spawn", 5_000, "a task, from spawn to answer", tasks::spawn),
        Rung::new("thread-hand-off", 500, "a message to a thread that waits", threads::hand_off),
        Rung::new("blocking", 200, "spawn_blocking, to its answer", tasks::blocking),
        Rung::new("loopback", 200, "a byte to this machine and back", system::loopback),
        Rung::new("thread-spawn", 100, "a thread, from spawn to join", threads::spawn),
        Rung::new("fsync", 5, "4 KiB written, and on the disk", system::fsync),
        Rung::new("process", 5, "a process, from start to end", |n| system::process(program, n)),
        Rung::new("sleep", 5, "a sleep of one millisecond", tasks::sleep),
    ]
}

/// Climbs the ladder; prints each rung as if a function call took a second.
///
/// Source: *Fluent Python*, 1st ed., ch. 18, "Running Circles Around Blocking
/// Calls": the table of latencies, there quoted.
///
/// # Errors
///
/// The system's: no thread, no file, no port.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?;
    let mut call = None;
    for rung in rungs(&program) {
        let took = rung.measure(1)?;
        let call = *call.get_or_insert(took);
        let (label, ns) = (rung.label, took.ceil());
        println!("{label}: {ns} ns, as if {}", human(took / call));
    }
    Ok(())
}

/// Says a number of seconds as people do.
fn human(seconds: f64) -> String {
    const UNITS: [(f64, &str); 4] = [
        (365.25 * 86_400.0, "years"),
        (86_400.0, "days"),
        (3_600.0, "hours"),
        (60.0, "minutes"),
    ];
    let unit = UNITS.iter().find(|(length, _)| seconds >= 2.0 * length);
    let (length, name) = unit.copied().unwrap_or((1.0, "s"));
    format!("{:.0} {name}", seconds / length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_said_as_people_do() {
        assert_eq!(human(1.0), "1 s");
        assert_eq!(human(119.0), "119 s");
        assert_eq!(human(120.0), "2 minutes");
        assert_eq!(human(172_800.0), "2 days");
        assert_eq!(human(1e9), "32 years");
    }
}
