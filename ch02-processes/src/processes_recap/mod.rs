//! Five questions about processes, answered by running them.
//!
//! cargo run -p ch02-processes -- processes-recap

use std::env;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::framing::{Reply, receive};

/// Question 1: does a child see a change of it?
static COUNTER: AtomicU32 = AtomicU32::new(0);

/// Runs the order in the first line of stdin, then waits for the end of stdin.
///
/// # Errors
///
/// Any I/O error.
pub fn child() -> Result<(), Box<dyn Error>> {
    let mut stdin = io::stdin().lock();
    let mut order = String::new();
    stdin.read_line(&mut order)?;
    match order.trim_end() {
        "end" => return Ok(()),
        "count" => println!("{}", COUNTER.load(Ordering::Relaxed)),
        "half a frame" => print!("{{\"done\":{{\"id\":1,"),
        _ => println!("ready"),
    }
    io::stdout().flush()?;
    io::copy(&mut stdin, &mut io::sink())?;
    println!("stdin has ended");
    Ok(())
}

type Pipes = (Child, ChildStdin, BufReader<ChildStdout>);

fn start(order: &str) -> Result<Pipes, Box<dyn Error>> {
    let mut child = Command::new(env::current_exe()?)
        .args(["processes-recap", "--child"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()?;
    let mut stdin = child.stdin.take().ok_or("stdin is a pipe")?;
    let stdout = child.stdout.take().ok_or("stdout is a pipe")?;
    writeln!(stdin, "{order}")?;
    Ok((child, stdin, BufReader::new(stdout)))
}

fn line(stdout: &mut BufReader<ChildStdout>) -> io::Result<String> {
    let mut line = String::new();
    stdout.read_line(&mut line)?;
    Ok(line.trim_end().to_string())
}

/// Asks the five questions of a child each.
///
/// # Errors
///
/// Any I/O error.
pub fn demo() -> Result<(), Box<dyn Error>> {
    COUNTER.store(1, Ordering::Relaxed);
    let (mut child, stdin, mut stdout) = start("count")?;
    println!("1. parent: 1, child: {}", line(&mut stdout)?);
    drop(stdin);
    child.wait()?;

    let (child, stdin, mut stdout) = start("wait")?;
    line(&mut stdout)?;
    drop(child);
    // Only now: if `drop` ended the child, it could print no line here.
    drop(stdin);
    println!("2. after drop(child): `{}`", line(&mut stdout)?);

    let (mut child, stdin, mut stdout) = start("wait")?;
    line(&mut stdout)?;
    child.kill()?;
    child.wait()?;
    println!("3. after kill: `{}`", line(&mut stdout)?);
    drop(stdin);

    // Taken out of `child`, so that `wait` does not close it.
    let (mut child, mut stdin, _) = start("end")?;
    child.wait()?;
    let sent = writeln!(stdin, "more").map_err(|err| err.kind());
    println!("4. writing to a child that has ended: {sent:?}");
    half_a_frame()
}

/// Question 5: reads a frame of which only the first half has arrived.
fn half_a_frame() -> Result<(), Box<dyn Error>> {
    let (mut child, _stdin, mut stdout) = start("half a frame")?;
    stdout.fill_buf()?;
    child.kill()?;
    child.wait()?;
    if let Err(err) = receive::<Reply>(&mut stdout) {
        println!("5. half a frame: {err}");
    }
    Ok(())
}
