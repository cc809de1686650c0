//! Several processes on one port, and one of them is killed.
//!
//! The system deals the connections out. A process that is killed takes its own
//! connections along, and no others.
//!
//! cargo run -p ch05-servers -- several

use std::env;
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::Duration;

use tour::parent;

#[cfg(unix)]
use crate::interrupt;
use crate::raw_client::{exchange, status};

const PROCESSES: usize = 3;
const CLIENTS: usize = 8;
/// Of each client, one after the other, each on a new connection.
const REQUESTS: usize = 50;

/// A server of this chapter in a process; killed when it is dropped, and gone
/// with this process if that is killed itself.
pub struct Process(Child);

impl Process {
    /// Starts a section with these options; returns where it listens.
    ///
    /// # Errors
    ///
    /// There is no process to be had, or it does not say that it listens.
    pub fn start(args: &[&str]) -> io::Result<(Process, SocketAddr)> {
        let mut command = Command::new(env::current_exe()?);
        command.args(args).arg("--end-with-stdin");
        command.stdout(Stdio::piped());
        let mut child = parent::tie(&mut command).spawn()?;
        let stdout = child.stdout.take().expect("it was asked for");
        let process = Process(child);
        let mut line = String::new();
        BufReader::new(stdout).read_line(&mut line)?;
        let address = line.trim_end().strip_prefix("listening on ");
        let address = address.and_then(|address| address.parse().ok());
        let unexpected = || io::Error::other(format!("it says {line:?}"));
        Ok((process, address.ok_or_else(unexpected)?))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may be gone already; it is waited for in any case.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// What became of the requests of all clients.
struct Asked {
    answered: usize,
    lost: usize,
}

/// Has all clients ask, and calls `at_half` when half of it is done.
async fn ask(address: SocketAddr, at_half: impl FnOnce()) -> io::Result<Asked> {
    let done = Arc::new(AtomicUsize::new(0));
    let clients: Vec<_> = (0..CLIENTS)
        .map(|_| {
            let done = Arc::clone(&done);
            tokio::spawn(async move {
                let mut answered = 0;
                for _ in 0..REQUESTS {
                    answered += usize::from(one(address).await);
                    done.fetch_add(1, SeqCst);
                }
                answered
            })
        })
        .collect();
    while done.load(SeqCst) < CLIENTS * REQUESTS / 2 {
        tokio::task::yield_now().await;
    }
    at_half();
    let mut answered = 0;
    for client in clients {
        answered += client.await.expect("a client does not panic");
    }
    let lost = CLIENTS * REQUESTS - answered;
    Ok(Asked { answered, lost })
}

/// Says whether a request was answered.
async fn one(address: SocketAddr) -> bool {
    let request =
        b"GET /br/br.gif HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let answer = exchange(address, request, Duration::from_secs(20)).await;
    answer.is_ok_and(|(answer, _)| status(&answer) == Some("200 OK"))
}

/// Asks three processes, kills one meanwhile, and asks the two that are left.
///
/// # Errors
///
/// Three processes or a port cannot be had.
#[cfg(unix)]
pub fn demo() -> io::Result<()> {
    // After a signal they have been ended, and the program ends by it.
    interrupt::or_drop(show()).map(|_| ())
}

/// Says that there is nothing to show.
///
/// # Errors
///
/// There are none.
#[cfg(not(unix))]
pub fn demo() -> io::Result<()> {
    println!("This system does not share a port.");
    Ok(())
}

#[cfg_attr(not(unix), expect(dead_code, reason = "its caller is not here"))]
async fn show() -> io::Result<()> {
    let start = |port: u16| {
        let port = port.to_string();
        let args = ["flags", "--quiet", "--reuse-port", "--port", &port];
        Process::start(&args)
    };
    let (first, address) = start(0)?;
    let mut processes = vec![first];
    for _ in 1..PROCESSES {
        processes.push(start(address.port())?.0);
    }
    let Asked { answered, lost } = ask(address, || ()).await?;
    println!("{PROCESSES} processes: {answered} answered, {lost} lost");
    let Asked { answered, lost } =
        ask(address, || drop(processes.pop())).await?;
    println!("one is killed: {answered} answered, {lost} lost");
    let Asked { answered, lost } = ask(address, || ()).await?;
    let left = processes.len();
    println!("{left} processes: {answered} answered, {lost} lost");
    Ok(())
}
