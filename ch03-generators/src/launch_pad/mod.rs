//! An event loop is a sorted list of tasks, by when each is to wake.
//!
//! New: a body asks for time and is sent how much it got. It knows no clock; the
//! loop does, and can be given one that jumps.
//!
//! cargo run -p ch03-generators -- launch-pad

use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

pub mod cli;
mod clock;

pub use clock::{Clock, Paused, Wall};

/// A body yields how long it wants to wait, and is sent how long it did.
pub type Task = Coroutine<'static, Duration, Duration>;

type Line = Co<'static, Duration, Duration>;

/// Waits for `duration` or longer, and returns how long it was.
///
/// # Errors
///
/// What was thrown.
pub async fn sleep(co: &Line, duration: Duration) -> Result<Duration, Raised> {
    let waited = co.yield_(duration).await?;
    waited.ok_or_else(|| {
        Raised::message("a sleeper was resumed without a duration")
    })
}

/// Tasks that wait, the next one to wake first.
pub struct Loop<C> {
    clock: C,
    /// By when a task wakes, then by its turn to ask: without that, two tasks
    /// with one moment would be one entry. The value starts with when it asked.
    waiting: BTreeMap<(Duration, u64), (Duration, Task)>,
    asked: u64,
}

impl<C: Clock> Loop<C> {
    /// Makes a loop without tasks.
    pub fn new(clock: C) -> Self {
        Loop {
            clock,
            waiting: BTreeMap::new(),
            asked: 0,
        }
    }

    /// Runs `tasks` until the last one has ended, one at a time.
    ///
    /// Tasks that wake at the same moment run in the order in which they went to
    /// sleep.
    ///
    /// # Errors
    ///
    /// The first error that a task raises. The others wait on, and are closed
    /// with the loop.
    ///
    /// Source: Brett Cannon, *How the heck does async/await work in Python 3.5?*
    pub fn run(
        &mut self,
        tasks: impl IntoIterator<Item = Task>,
    ) -> Result<(), Raised> {
        for mut task in tasks {
            let step = task.next();
            self.keep(task, step)?;
        }
        while let Some(((moment, _), (asked, mut task))) =
            self.waiting.pop_first()
        {
            self.clock.wait_until(moment);
            let step = task.send(self.clock.now() - asked);
            self.keep(task, step)?;
        }
        Ok(())
    }

    /// Keeps a task that wants to wait, drops one that has ended.
    fn keep(
        &mut self,
        task: Task,
        step: Step<Duration, ()>,
    ) -> Result<(), Raised> {
        match step {
            Step::Yielded(duration) => {
                let now = self.clock.now();
                let key = (now.saturating_add(duration), self.asked);
                self.asked += 1;
                self.waiting.insert(key, (now, task));
                Ok(())
            }
            Step::Returned(()) => Ok(()),
            Step::Raised(raised) => Err(raised),
        }
    }
}

/// Counts down to zero, once a second, after a delay in seconds.
///
/// # Errors
///
/// What was thrown.
pub async fn countdown(
    co: Line,
    label: &str,
    length: u64,
    delay: u64,
) -> Result<(), Raised> {
    println!("{label} waiting {delay} seconds before starting countdown");
    let waited = sleep(&co, Duration::from_secs(delay)).await?;
    println!("{label} starting after waiting {}", as_in_python(waited));
    for left in (1..=length).rev() {
        println!("{label} T-minus {left}");
        sleep(&co, Duration::from_secs(1)).await?;
    }
    println!("{label} lift-off!");
    Ok(())
}

/// Starts three rockets.
///
/// # Errors
///
/// None: these countdowns do not fail.
pub fn demo(paused: bool) -> Result<(), Box<dyn Error>> {
    let elapsed = if paused {
        launch(Paused::default())?
    } else {
        launch(Wall(Instant::now()))?
    };
    println!("Total elapsed time is {}", as_in_python(elapsed));
    Ok(())
}

fn launch(clock: impl Clock) -> Result<Duration, Raised> {
    let plan = [("A", 5, 0), ("B", 3, 2), ("C", 4, 1)];
    let mut pad = Loop::new(clock);
    pad.run(plan.map(|(label, length, delay)| {
        Coroutine::new(move |co| countdown(co, label, length, delay))
    }))?;
    Ok(pad.clock.now())
}

/// Writes it as Python writes a `timedelta`, for less than a day.
fn as_in_python(duration: Duration) -> String {
    let (seconds, micros) = (duration.as_secs(), duration.subsec_micros());
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let whole = format!("{}:{:02}:{seconds:02}", minutes / 60, minutes % 60);
    match micros {
        0 => whole,
        _ => format!("{whole}.{micros:06}"),
    }
}

#[cfg(test)]
mod tests;
