//! A simulation of taxis: one thread, one queue, and time that jumps.
//!
//! New: each taxi is a coroutine. It yields what will happen to it and when, and
//! is sent the time of what happens next. No task waits: a loop takes the
//! earliest event of all, wherever it comes from.
//!
//! cargo run -p ch03-generators -- taxi

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::error::Error;
use std::fmt;
use std::thread;
use std::time::{Duration, Instant};

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

mod event;
mod options;
pub mod random;

use Action::{DropOffPassenger, GoingHome, LeaveGarage, PickUpPassenger};
pub use event::{Action, Event};
pub use options::Options;
use random::Random;

/// A taxi yields events, and is sent minutes.
pub type Taxi = Coroutine<'static, Event, u64>;

/// Lives through the day of one taxi, which leaves its garage at `time`.
///
/// Each event that it yields is a plan. It is sent the time at which the next
/// thing happens to it; how long things take is not its affair.
///
/// # Errors
///
/// What was thrown, or that the time was not sent.
///
/// Source: *Fluent Python*, 1st ed., ch. 16, "The Taxi Fleet Simulation".
pub async fn taxi(
    co: Co<'static, Event, u64>,
    proc: usize,
    trips: usize,
    mut time: u64,
) -> Result<(), Raised> {
    let plan = async |time, action| {
        co.yield_(Event { time, proc, action })
            .await?
            .ok_or_else(|| Raised::message("a taxi was resumed without a time"))
    };
    time = plan(time, LeaveGarage).await?;
    for _ in 0..trips {
        time = plan(time, PickUpPassenger).await?;
        time = plan(time, DropOffPassenger).await?;
    }
    plan(time, GoingHome).await?;
    Ok(())
}

/// The taxis under way, and one planned event of each.
pub struct Simulation {
    taxis: BTreeMap<usize, Taxi>,
    events: BinaryHeap<Reverse<Event>>,
    random: Random,
}

/// Why a simulation stopped.
#[derive(Debug, PartialEq, Eq)]
pub enum End {
    /// All taxis are at home.
    NoMoreEvents,
    /// The time is up; the number of events that were not reached.
    TimeUp(usize),
}

impl Simulation {
    /// Makes a fleet: taxi `i` leaves at minute 5 `i`, for 2 `i` + 2 trips.
    ///
    /// # Errors
    ///
    /// None: a taxi does not fail before it leaves.
    pub fn new(taxis: usize, seed: i64) -> Result<Self, Raised> {
        let mut simulation = Simulation {
            taxis: BTreeMap::new(),
            events: BinaryHeap::new(),
            random: Random::new(seed),
        };
        for i in 0..taxis {
            let body = move |co| taxi(co, i, 2 * i + 2, 5 * i as u64);
            let mut taxi = Coroutine::new(body);
            simulation.events.push(Reverse(taxi.next().yielded()?));
            simulation.taxis.insert(i, taxi);
        }
        Ok(simulation)
    }

    /// Calls `happen` with one event after the other, in the order of [`Event`].
    ///
    /// It looks at the time between two events, so the last one may lie behind
    /// `end`.
    ///
    /// # Errors
    ///
    /// What a taxi raised. The other taxis are left as they are.
    pub fn run(
        &mut self,
        end: u64,
        mut happen: impl FnMut(&Event),
    ) -> Result<End, Raised> {
        let mut time = 0;
        while time < end {
            let Some(Reverse(event)) = self.events.pop() else {
                return Ok(End::NoMoreEvents);
            };
            happen(&event);
            time = event.time;
            let next = time + self.minutes_after(event.action);
            let Some(taxi) = self.taxis.get_mut(&event.proc) else {
                continue;
            };
            match taxi.send(next) {
                Step::Yielded(event) => self.events.push(Reverse(event)),
                Step::Returned(()) => drop(self.taxis.remove(&event.proc)),
                Step::Raised(raised) => return Err(raised),
            }
        }
        Ok(End::TimeUp(self.events.len()))
    }

    fn minutes_after(&mut self, action: Action) -> u64 {
        let mean = match action {
            LeaveGarage | DropOffPassenger => 5.0,
            PickUpPassenger => 20.0,
            GoingHome => 1.0,
        };
        // Whole minutes, and at least one: a taxi never acts twice in a minute.
        self.random.expovariate(1.0 / mean) as u64 + 1
    }
}

/// Prints the events of one day.
///
/// # Errors
///
/// None: these taxis do not fail.
pub fn demo(options: Options) -> Result<(), Box<dyn Error>> {
    let mut simulation = Simulation::new(options.taxis, options.seed)?;
    let start = Instant::now();
    let mut now = 0;
    let ended = simulation.run(options.end, |event| {
        thread::sleep(pause(options.minute, event.time - now));
        now = event.time;
        let column = "   ".repeat(event.proc);
        println!("taxi: {} {column} {event}", event.proc);
    })?;
    println!("*** {ended} ***");
    if !options.minute.is_zero() {
        let took = start.elapsed().as_millis();
        println!("*** {now} minutes took {took} ms ***");
    }
    Ok(())
}

fn pause(minute: Duration, minutes: u64) -> Duration {
    minute.saturating_mul(u32::try_from(minutes).unwrap_or(u32::MAX))
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            End::NoMoreEvents => f.write_str("end of events"),
            End::TimeUp(pending) => {
                write!(f, "end of simulation time: {pending} events pending")
            }
        }
    }
}

#[cfg(test)]
mod tests;
