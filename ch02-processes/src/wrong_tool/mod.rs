//! Processes for I/O: a job that waits needs no process of its own.
//!
//! Twenty processes wait for a slow server as twenty threads do, but they take
//! longer to start.
//!
//! cargo run -p ch02-processes -- wrong-tool

use std::env;
use std::error::Error;
use std::io::{self, BufRead, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// The server's delay before each answer.
pub const DELAY: Duration = Duration::from_millis(200);
/// The number of requests.
pub const COUNT: usize = 20;

/// Starts a server that answers every client after [`DELAY`], as long as this
/// process lives; returns its port.
///
/// # Errors
///
/// Any I/O error.
pub fn serve() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                thread::sleep(DELAY);
                // Fails only if the client has closed the connection.
                (&client).write_all(b"flag").ok();
            });
        }
    });
    Ok(port)
}

/// Gets one answer.
///
/// # Errors
///
/// Any I/O error.
pub fn get(port: u16) -> io::Result<String> {
    let mut answer = String::new();
    TcpStream::connect((Ipv4Addr::LOCALHOST, port))?
        .read_to_string(&mut answer)?;
    Ok(answer)
}

/// Gets one answer from the port that stdin names, and prints it.
///
/// # Errors
///
/// Not a number, or an I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let mut port = String::new();
    io::stdin().lock().read_line(&mut port)?;
    println!("{}", get(port.trim_end().parse()?)?);
    Ok(())
}

/// Gets [`COUNT`] answers, each in a thread; returns how many arrived.
///
/// # Errors
///
/// Any I/O error.
pub fn with_threads(port: u16) -> io::Result<usize> {
    thread::scope(|scope| {
        let all: Vec<_> =
            (0..COUNT).map(|_| scope.spawn(move || get(port))).collect();
        let mut came = 0;
        for one in all {
            let answer = one.join().expect("getting does not panic")?;
            came += usize::from(answer == "flag");
        }
        Ok(came)
    })
}

/// Gets [`COUNT`] answers, each in a process; returns how many arrived.
///
/// # Errors
///
/// Any I/O error.
pub fn with_processes(program: &Path, port: u16) -> io::Result<usize> {
    let started: io::Result<Vec<_>> = (0..COUNT)
        .map(|_| {
            let mut child = Command::new(program)
                .args(["wrong-tool", "--child"])
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            if let Some(mut stdin) = child.stdin.take() {
                writeln!(stdin, "{port}")?;
            }
            Ok(child)
        })
        .collect();
    let mut came = 0;
    for child in started? {
        let output = child.wait_with_output()?;
        came += usize::from(output.stdout == b"flag\n");
    }
    Ok(came)
}

/// Gets the answers in both ways, and prints how long each took.
///
/// # Errors
///
/// Any I/O error.
///
/// Source: *Fluent Python*, 1st ed., its repository: the flags with a process
/// pool.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let port = serve()?;
    let started = Instant::now();
    let came = with_threads(port)?;
    let ms = started.elapsed().as_millis();
    println!("{COUNT} threads: {came} answers in {ms} ms");

    let started = Instant::now();
    let came = with_processes(&env::current_exe()?, port)?;
    let ms = started.elapsed().as_millis();
    println!("{COUNT} processes: {came} answers in {ms} ms");
    Ok(())
}
