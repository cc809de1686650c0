//! Processes for I/O: a job that waits needs no process of its own.
//!
//! Twenty answers from a slow server take as long with twenty processes as with
//! twenty threads, and the processes have to be started.
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

/// How long the server takes for an answer.
pub const DELAY: Duration = Duration::from_millis(200);
/// How many answers are wanted.
pub const COUNT: usize = 20;

/// Starts a server that answers every client after [`DELAY`], as long as this
/// process lives; returns its port.
///
/// # Errors
///
/// The system's.
pub fn serve() -> io::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = listener.local_addr()?.port();
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                thread::sleep(DELAY);
                // A client that is gone needs no answer.
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
/// The system's.
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
/// No number, or the system's.
pub fn child() -> Result<(), Box<dyn Error>> {
    let mut port = String::new();
    io::stdin().lock().read_line(&mut port)?;
    println!("{}", get(port.trim_end().parse()?)?);
    Ok(())
}

/// Gets [`COUNT`] answers, each in a thread; returns how many came.
///
/// # Errors
///
/// The system's.
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

/// Gets [`COUNT`] answers, each in a process; returns how many came.
///
/// # Errors
///
/// The system's.
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

/// Gets the answers in both ways, and says how long each took.
///
/// # Errors
///
/// The system's.
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
