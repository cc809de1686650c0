//! Who asks only after the last answer overlooks the wait.
//!
//! A load generator: closed loop (ask, wait, ask) and open loop (ask when it
//! is time to), and what each says about the same server.
//!
//! cargo run -p ch05-servers -- load
//! cargo run -p ch05-servers -- load --echo 127.0.0.1:8000
//! cargo run -p ch05-servers -- load --http 127.0.0.1:8000 --rate 1000

use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

pub mod clients;
pub mod demo;
pub mod program;
pub mod report;

/// When the next question is asked.
#[derive(Clone, Copy, Debug)]
pub enum Arrivals {
    /// As soon as the last one is answered, on each connection.
    Closed,
    /// So many a second, spread evenly, whether there are answers or not.
    Open {
        /// Over all connections together.
        per_second: f64,
    },
}

/// How much is asked, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many connections ask at once.
    pub connections: usize,
    /// How long questions are asked.
    pub time: Duration,
    /// When each is asked.
    pub arrivals: Arrivals,
}

/// One connection's client.
pub trait Client: Send + 'static {
    /// Asks, and waits for the answer.
    ///
    /// # Errors
    ///
    /// The connection broke, or the answer is not what it should be.
    fn ask(&mut self) -> impl Future<Output = io::Result<()>> + Send;
}

/// What came out.
pub struct Report {
    /// Microseconds from when the question was *due* to its answer. In a closed
    /// loop a question is due when it is sent.
    pub response: Histogram<u64>,
    /// Microseconds from when the question was *sent*.
    pub service: Histogram<u64>,
    /// Questions that got an error instead; it ends their connection.
    pub errors: u64,
    /// Questions of an open loop that were never sent: too far behind.
    pub unsent: u64,
    /// How long all of it took.
    pub elapsed: Duration,
}

/// Asks as planned, each client on a connection of its own.
///
/// # Errors
///
/// A client cannot be made.
pub async fn run<C: Client>(
    plan: Plan,
    connect: impl AsyncFn() -> io::Result<C>,
) -> io::Result<Report> {
    let mut clients = Vec::with_capacity(plan.connections);
    for _ in 0..plan.connections {
        clients.push(connect().await?);
    }
    let report = Arc::new(Mutex::new(Report::default()));
    let start = Instant::now();
    let mut asking = JoinSet::new();
    for (n, client) in clients.into_iter().enumerate() {
        let report = Arc::clone(&report);
        asking.spawn(ask_on(client, n, plan, start, report));
    }
    asking.join_all().await;
    let report = Arc::into_inner(report).expect("the clients have ended");
    let mut report = report.into_inner().expect("nobody panics with the lock");
    report.elapsed = start.elapsed();
    Ok(report)
}

async fn ask_on<C: Client>(
    mut client: C,
    n: usize,
    plan: Plan,
    start: Instant,
    report: Arc<Mutex<Report>>,
) {
    let end = start + plan.time;
    for i in 0.. {
        let due = match plan.arrivals {
            Arrivals::Closed => Instant::now(),
            // Connection n of three asks question n, n + 3, n + 6 …
            Arrivals::Open { per_second } => {
                let question = n as f64 + i as f64 * plan.connections as f64;
                start + Duration::from_secs_f64(question / per_second)
            }
        };
        if due >= end {
            return;
        }
        // Does not wait when it is late: the question is due already.
        sleep_until(due).await;
        let sent = Instant::now();
        // Behind by more than the whole plan: that one will not catch up.
        let hopeless = sent > end + plan.time;
        let answered = match hopeless {
            true => Ok(()),
            false => client.ask().await,
        };
        let mut report = report.lock().expect("nobody panics with the lock");
        match answered {
            Ok(()) if hopeless => report.unsent += 1,
            Ok(()) => {
                let micros =
                    |since: Instant| since.elapsed().as_micros() as u64;
                // What took longer than the longest bar is in the longest bar.
                report.response.saturating_record(micros(due));
                report.service.saturating_record(micros(sent));
            }
            Err(_) => {
                report.errors += 1;
                return;
            }
        }
    }
}

impl Default for Report {
    fn default() -> Report {
        // From a microsecond to a minute, to two digits.
        let minute = 60_000_000;
        let empty = Histogram::new_with_max(minute, 2);
        let empty = empty.expect("two digits and a minute are allowed");
        Report {
            response: empty.clone(),
            service: empty,
            errors: 0,
            unsent: 0,
            elapsed: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests;
