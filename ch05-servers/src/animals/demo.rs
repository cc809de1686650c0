//! Twelve clients at once, and three servers.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;
use tracing::{Span, trace_span};

use super::program::run;
use super::{ANIMALS, Api, How};
use crate::serve::Limits;

const DELAY: Duration = Duration::from_millis(100);

/// Asks all animals at once, of each of the three.
///
/// # Errors
///
/// A server cannot be started, or does not answer.
pub fn demo() -> io::Result<()> {
    for how in [How::Blocking, How::Threads, How::Async] {
        ask_server(how, ANIMALS.len())?;
    }
    Ok(())
}

/// Starts a server and asks the first `clients` animals at once; returns how
/// many answered with a 200.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn ask_server(how: How, clients: usize) -> io::Result<usize> {
    let api = Api::new(DELAY, 100);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let stop = CancellationToken::new();
    let (token, shared) = (stop.clone(), Arc::clone(&api));
    let server = thread::Builder::new()
        .spawn(move || run(how, shared, listener, Limits::default(), token))?;
    let start = Instant::now();
    let animals = ANIMALS.map(|(animal, _)| animal);
    let answers = ask_all(address, &animals[..clients])?;
    let seconds = start.elapsed().as_secs_f64();
    let peak = api.peak.load(Relaxed);
    println!("{how:?}: {answers} answers, at most {peak} under way at once");
    eprintln!("    {seconds:.2} s");
    stop.cancel();
    server.join().expect("a server does not panic")?;
    Ok(answers)
}

/// Returns how many answered with a 200.
fn ask_all(address: SocketAddr, animals: &[&str]) -> io::Result<usize> {
    let client = |animal| {
        (
            animal,
            trace_span!("waits", lane = animal, "for the answer"),
        )
    };
    // All of them wait before the first one asks.
    let clients: Vec<_> = animals.iter().copied().map(client).collect();
    thread::scope(|scope| {
        let ask = |(animal, waits): (_, Span)| {
            scope.spawn(move || waits.in_scope(|| ask(address, animal)))
        };
        let asked: Vec<_> = clients.into_iter().map(ask).collect();
        let mut answers = 0;
        for asked in asked {
            let answer = asked.join().expect("a client does not panic")?;
            answers += usize::from(answer.starts_with("HTTP/1.1 200 "));
        }
        Ok(answers)
    })
}

fn ask(address: SocketAddr, animal: &str) -> io::Result<String> {
    let mut client = TcpStream::connect(address)?;
    client.set_read_timeout(Some(Duration::from_secs(20)))?;
    write!(
        client,
        "GET /animals/{animal} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    client.read_to_string(&mut answer)?;
    Ok(answer)
}
