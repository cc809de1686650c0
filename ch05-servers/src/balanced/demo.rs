//! Twelve customers, three processes, one of which is killed half-way.

#![cfg_attr(
    not(unix),
    expect(dead_code, unused_imports, reason = "only Unix shares a port")
)]

use std::io;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::Notify;

use super::orders::times_placed;
use super::{Nginx, Policy, program_name};
use crate::interrupt::{self, Folder};
use crate::load::report::{heading, percentiles};
use crate::load::{Arrivals, Client, NoAnswer, Plan, run};
use crate::raw_client::{exchange, status};
use crate::several::Process;

const PROCESSES: usize = 3;
const CUSTOMERS: usize = 12;
const ORDERS: usize = 300;

/// What the customers have in common.
#[derive(Default)]
struct Day {
    begun: AtomicUsize,
    failed: Mutex<Vec<usize>>,
    /// Half of the orders have been begun.
    half: Notify,
}

/// Places one order after the other, until the day is over.
struct Customer {
    address: SocketAddr,
    method: &'static str,
    day: Arc<Day>,
}

impl Client for Customer {
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        let order = self.day.begun.fetch_add(1, SeqCst);
        if order == ORDERS / 2 {
            self.day.half.notify_one();
        }
        if order >= ORDERS {
            return Err(NoAnswer::Done);
        }
        let request = format!(
            "{} /orders/{order} HTTP/1.1\r\nHost: shop\r\n\
             Content-Length: 0\r\nConnection: close\r\n\r\n",
            self.method
        );
        let time_limit = Duration::from_secs(60);
        let answer =
            exchange(self.address, request.as_bytes(), time_limit).await;
        let fine = answer.is_ok_and(|(a, _)| status(&a) == Some("200 OK"));
        if !fine {
            let mut failed = self.day.failed.lock();
            let failed =
                failed.as_mut().expect("no thread panics with the lock");
            failed.push(order);
        }
        Ok(())
    }
}

/// What one way to balance cost.
#[derive(Debug)]
pub struct Outcome {
    /// Orders whose customer got something else than a 200.
    pub failed: usize,
    /// Those of them that are in the ledger all the same.
    pub failed_but_placed: usize,
    /// Orders that are in the ledger twice.
    pub placed_twice: usize,
}

/// Has the orders placed, and kills a process when half of them have been.
///
/// # Errors
///
/// Three processes, a port or nginx cannot be had.
#[cfg(unix)]
pub async fn trial(
    nginx: &str,
    policy: Policy,
    method: &'static str,
) -> io::Result<Outcome> {
    let (folder, ()) = Folder::new(|_| Ok(()))?;
    let ledger = folder.path().join("ledger");
    let path = ledger.to_str().expect("the system's folder is UTF-8");
    let args = ["balanced", "--quiet", "--port", "0", "--ledger", path];
    let (mut processes, mut addresses) = (Vec::new(), Vec::new());
    for _ in 0..PROCESSES {
        let (process, address) = Process::start(&args)?;
        processes.push(process);
        addresses.push(address);
    }
    let (_nginx, address) =
        Nginx::start(nginx, folder.path(), &addresses, policy).await?;

    let day = Arc::new(Day::default());
    let of_today = Arc::clone(&day);
    let customer = move || {
        let day = Arc::clone(&of_today);
        async move {
            Ok(Customer {
                address,
                method,
                day,
            })
        }
    };
    let plan = Plan {
        connections: CUSTOMERS,
        time: Duration::from_secs(60),
        arrivals: Arrivals::Closed,
    };
    let kill = async {
        day.half.notified().await;
        drop(processes.pop());
    };
    let (report, ()) = tokio::join!(run(plan, customer), kill);
    eprintln!("{}", percentiles("", &report?.response));

    let times = times_placed(&ledger, ORDERS)?;
    let failed = day.failed.lock().expect("no thread panics with the lock");
    Ok(Outcome {
        failed: failed.len(),
        failed_but_placed: failed.iter().filter(|n| times[**n] > 0).count(),
        placed_twice: times.iter().filter(|times| **times > 1).count(),
    })
}

/// Tries four ways to balance; ends what it started, also on a signal.
///
/// # Errors
///
/// Three processes, a port or nginx cannot be had.
#[cfg(unix)]
pub fn demo() -> io::Result<ExitCode> {
    let Some(nginx) = program_name() else {
        println!("nginx is not here; `cargo xtask doctor` says how to get it");
        return Ok(ExitCode::SUCCESS);
    };
    Ok(match interrupt::or_drop(show(nginx))? {
        Some(()) => ExitCode::SUCCESS,
        None => ExitCode::from(130),
    })
}

/// Says that there is nothing to show.
///
/// # Errors
///
/// There are none.
#[cfg(not(unix))]
pub fn demo() -> io::Result<ExitCode> {
    println!("This system does not share a port.");
    Ok(ExitCode::SUCCESS)
}

#[cfg(unix)]
async fn show(nginx: &str) -> io::Result<()> {
    println!("{ORDERS} orders by {CUSTOMERS} customers, one of three killed:");
    eprintln!("{}", heading());
    for (name, policy, method) in [
        ("no other is asked", Policy::NoOther, "POST"),
        ("the next one is asked", Policy::TheNext, "GET"),
        ("the next one is asked", Policy::TheNext, "POST"),
        ("the next one, anyway", Policy::TheNextAnyway, "POST"),
    ] {
        let outcome = trial(nginx, policy, method).await?;
        println!(
            "{name}, {method}: {} failed ({} of them placed), {} placed twice",
            outcome.failed, outcome.failed_but_placed, outcome.placed_twice
        );
    }
    Ok(())
}
