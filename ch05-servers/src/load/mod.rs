//! A client that asks only after the last answer overlooks the wait.
//!
//! A load generator: closed loop (ask, wait, ask) and open loop (ask when it
//! is time to), and what each says about the same server.
//!
//! cargo run -p ch05-servers -- load
//! cargo run -p ch05-servers -- load --echo 127.0.0.1:8000
//! cargo run -p ch05-servers -- load --http 127.0.0.1:8000 --rate 1000

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hdrhistogram::Histogram;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

pub mod answer;
pub mod clients;
pub mod demo;
pub mod program;
pub mod report;

/// How long a client waits that had no answer before it connects again.
const BACKOFF: Duration = Duration::from_millis(100);

/// When the next question is asked.
#[derive(Clone, Copy, Debug)]
pub enum Arrivals {
    /// As soon as the last one is answered, on each connection.
    Closed,
    /// At this rate, spread evenly, whether there are answers or not.
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
    /// Why there is no answer, or none as it should be.
    fn ask(&mut self) -> impl Future<Output = Result<(), NoAnswer>> + Send;

    /// Says whether another question can be asked on this connection.
    fn is_open(&self) -> bool {
        true
    }
}

/// Why a question has not been answered.
#[derive(Debug)]
pub enum NoAnswer {
    /// The server had closed the connection before it saw the question, as it
    /// may after any answer: the question is asked again on another.
    Stale,
    /// This client has nothing more to ask.
    Done,
    /// The connection broke, or the answer is not what it should be.
    Failed(io::Error),
}

impl From<io::Error> for NoAnswer {
    fn from(err: io::Error) -> NoAnswer {
        NoAnswer::Failed(err)
    }
}

/// What came out.
pub struct Report {
    /// Microseconds from when the question was *due* to its answer. In a closed
    /// loop a question is due when it is sent.
    pub response: Histogram<u64>,
    /// Microseconds from when the question was *sent*.
    pub service: Histogram<u64>,
    /// Questions that got an error instead.
    pub errors: u64,
    /// How often each error came.
    pub kinds: BTreeMap<String, u64>,
    /// How often a connection was replaced by another.
    pub reconnects: u64,
    /// Questions of an open loop that were never sent: too far behind.
    pub unsent: u64,
    /// How long all of it took.
    pub elapsed: Duration,
}

/// Asks as planned, each client on a connection of its own. Where the server
/// closes it, or it breaks, the client gets another.
///
/// # Errors
///
/// The first connections cannot be made.
pub async fn run<C: Client, F>(
    plan: Plan,
    connect: impl Fn() -> F + Send + Sync + 'static,
) -> io::Result<Report>
where
    F: Future<Output = io::Result<C>> + Send + 'static,
{
    let connect = Arc::new(connect);
    let mut lines = Vec::with_capacity(plan.connections);
    for _ in 0..plan.connections {
        lines.push(Line {
            client: Some(connect().await?),
            connect: Arc::clone(&connect),
            reconnects: 0,
        });
    }
    let report = Arc::new(Mutex::new(Report::default()));
    let start = Instant::now();
    let mut asking = JoinSet::new();
    for (n, line) in lines.into_iter().enumerate() {
        let report = Arc::clone(&report);
        asking.spawn(ask_on(line, n, plan, start, report));
    }
    asking.join_all().await;
    let report = Arc::into_inner(report).expect("the clients have ended");
    let mut report =
        report.into_inner().expect("no thread panics with the lock");
    report.elapsed = start.elapsed();
    Ok(report)
}

/// A client, and the way to get another when its connection has ended.
struct Line<C, G> {
    client: Option<C>,
    connect: Arc<G>,
    reconnects: u64,
}

impl<C: Client, F, G> Line<C, G>
where
    F: Future<Output = io::Result<C>> + Send,
    G: Fn() -> F + Send + Sync,
{
    /// Asks, on a new connection if there is none; connecting is part of the
    /// wait.
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        loop {
            let mut client = match self.client.take() {
                Some(client) => client,
                None => {
                    self.reconnects += 1;
                    (self.connect)().await?
                }
            };
            let answered = client.ask().await;
            if client.is_open() {
                self.client = Some(client);
            }
            // Once: a connection that was made for this question cannot have
            // been closed after an earlier one.
            if !matches!(answered, Err(NoAnswer::Stale)) {
                return answered;
            }
        }
    }

    /// Waits a moment after a connection that broke: a server that refuses all
    /// is not asked as fast as it can refuse.
    async fn back_off(&mut self, err: &io::Error) {
        // An answer that is not as it should be is an answer.
        let is_answer = err.get_ref().is_some();
        if self.client.is_none() && !is_answer {
            sleep(BACKOFF).await;
        }
    }
}

/// Returns when question `i` of connection `n` is due.
fn due(plan: &Plan, start: Instant, n: usize, i: usize) -> Instant {
    match plan.arrivals {
        Arrivals::Closed => Instant::now(),
        // Connection n of three asks question n, n + 3, n + 6 …
        Arrivals::Open { per_second } => {
            let question = n as f64 + i as f64 * plan.connections as f64;
            start + Duration::from_secs_f64(question / per_second)
        }
    }
}

async fn ask_on<C: Client, F, G>(
    mut line: Line<C, G>,
    n: usize,
    plan: Plan,
    start: Instant,
    report: Arc<Mutex<Report>>,
) where
    F: Future<Output = io::Result<C>> + Send,
    G: Fn() -> F + Send + Sync,
{
    let end = start + plan.time;
    let report = || report.lock().expect("no panic with the lock");
    for i in 0.. {
        let due = due(&plan, start, n, i);
        if due >= end {
            break;
        }
        // Does not wait when it is late: the question is due already.
        sleep_until(due).await;
        let sent = Instant::now();
        // Behind by more than the whole plan: that one will not catch up.
        if sent > end + plan.time {
            report().unsent += 1;
            continue;
        }
        match line.ask().await {
            Ok(()) => report().answered(due, sent),
            Err(NoAnswer::Failed(err)) => {
                report().failed(&err);
                line.back_off(&err).await;
            }
            Err(NoAnswer::Done | NoAnswer::Stale) => break,
        }
    }
    report().reconnects += line.reconnects;
}

impl Report {
    fn answered(&mut self, due: Instant, sent: Instant) {
        let micros = |since: Instant| since.elapsed().as_micros() as u64;
        // What took longer than the longest bar is in the longest bar.
        self.response.saturating_record(micros(due));
        self.service.saturating_record(micros(sent));
    }

    fn failed(&mut self, err: &io::Error) {
        self.errors += 1;
        *self.kinds.entry(err.to_string()).or_default() += 1;
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
            kinds: BTreeMap::new(),
            reconnects: 0,
            unsent: 0,
            elapsed: Duration::ZERO,
        }
    }
}

#[cfg(test)]
mod tests;
