//! Echo under load: three processes, 300 connections each, messages of 1,024
//! bytes, one on its way per connection.
//!
//! Not by criterion: servers under load are processes, and take turns.
//!
//! Source: the load of Beazley's course of 2009, part 7.

use std::env;
use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

use ch03_generators::kernel::Scheduler;
use measure::{Measurement, is_wanted};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

const PROCESSES: usize = 3;
const CONNECTIONS: usize = 300;
const MESSAGE: [u8; 1024] = [b'x'; 1024];

const ASYNCIO: &str = "
import asyncio
async def echo(reader, writer):
    while data := await reader.read(4096):
        writer.write(data)
        await writer.drain()
    writer.close()
async def main():
    server = await asyncio.start_server(echo, '127.0.0.1', 0, backlog=1024)
    host, port = server.sockets[0].getsockname()
    print(f'listening on {host}:{port}', flush=True)
    await server.serve_forever()
asyncio.run(main())
";

fn tokio_server() -> io::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()?;
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!("listening on {}", listener.local_addr()?);
        loop {
            let (mut client, _) = listener.accept().await?;
            tokio::spawn(async move {
                let mut buffer = [0; 4096];
                loop {
                    match client.read(&mut buffer).await {
                        Ok(0) | Err(_) => return,
                        Ok(n) => {
                            if client.write_all(&buffer[..n]).await.is_err() {
                                return;
                            }
                        }
                    }
                }
            });
        }
    })
}

/// A process full of clients: connects, says so, waits for a line, sends.
fn clients(address: SocketAddr, messages: usize) -> io::Result<()> {
    let mut scheduler = Scheduler::new()?;
    scheduler.spawn(move |os| async move {
        let mut streams = Vec::new();
        for _ in 0..CONNECTIONS {
            streams.push(os.connect(address).await?);
        }
        println!("connected");
        io::stdin().read_line(&mut String::new())?;
        for stream in streams {
            os.spawn(move |os| async move {
                let mut buffer = [0; 1024];
                for _ in 0..messages {
                    stream.send(&os, &MESSAGE).await?;
                    let mut received = 0;
                    while received < MESSAGE.len() {
                        received += stream.recv(&os, &mut buffer).await?;
                    }
                }
                Ok(())
            })
            .await?;
        }
        Ok(())
    });
    scheduler.run().map_err(io::Error::other)?;
    println!("done");
    Ok(())
}

/// A process that is ended with its handle.
struct Process {
    child: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
}

impl Process {
    fn start(mut command: Command) -> io::Result<Self> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let (Some(stdin), Some(stdout)) =
            (child.stdin.take(), child.stdout.take())
        else {
            return Err(io::Error::other("no pipes"));
        };
        let stdout = BufReader::new(stdout);
        Ok(Process {
            child,
            stdin,
            stdout,
        })
    }

    fn line(&mut self) -> io::Result<String> {
        let mut line = String::new();
        self.stdout.read_line(&mut line)?;
        Ok(line.trim().to_string())
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn this(args: &[&str]) -> io::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    command.args(args);
    Ok(command)
}

fn server(which: &str) -> io::Result<Process> {
    Process::start(match which {
        "kernel" => {
            let mut command =
                Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
            command.args(["echo-server", "--port", "0"]);
            command.args(["--drain-timeout", "0"]);
            command
        }
        "tokio" => this(&["--serve"])?,
        _ => {
            let mut command = Command::new("python3");
            command.args(["-c", ASYNCIO]);
            command
        }
    })
}

/// What one round has shown of one server.
struct Round {
    /// Messages per second.
    rate: f64,
    /// Microseconds of the server's processor time for each message, its own
    /// and the system's on its behalf. Only Linux shows it.
    processor: f64,
}

/// Returns the processor time that a process has taken, in microseconds.
fn processor_time(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat"));
    let stat = stat.unwrap_or_default();
    // The name before it may have spaces, and ends with a parenthesis.
    let fields = stat.rsplit(')').next().unwrap_or_default();
    let ticks = fields.split_whitespace().skip(11).take(2);
    // A tick is a hundredth of a second.
    ticks.filter_map(|n| n.parse::<f64>().ok()).sum::<f64>() * 1e4
}

fn round(which: &str, messages: usize) -> io::Result<Round> {
    let mut server = server(which)?;
    let line = server.line()?;
    let address = line.strip_prefix("listening on ").unwrap_or(&line);
    let mut loads = Vec::new();
    for _ in 0..PROCESSES {
        let messages = messages.to_string();
        let args = ["--clients", address, &messages];
        let mut load = Process::start(this(&args)?)?;
        load.line()?;
        loads.push(load);
    }
    let before = processor_time(server.child.id());
    let start = Instant::now();
    for load in &mut loads {
        load.stdin.write_all(b"go\n")?;
    }
    for load in &mut loads {
        if load.line()? != "done" {
            return Err(io::Error::other("a client has failed"));
        }
    }
    let sent = (PROCESSES * CONNECTIONS * messages) as f64;
    Ok(Round {
        rate: sent / start.elapsed().as_secs_f64(),
        processor: (processor_time(server.child.id()) - before) / sent,
    })
}

/// What of a round goes into the record.
#[allow(dead_code, reason = "each bench takes one of the two")]
#[derive(Clone, Copy)]
pub enum Figure {
    Rate,
    Processor,
}

/// Lets every server run once in each round, and prints the record.
pub fn compete(mut measured: Measurement, figure: Figure) -> io::Result<()> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--serve", ..] => return tokio_server(),
        ["--clients", address, messages, ..] => {
            let address = address.parse().map_err(io::Error::other)?;
            let messages = messages.parse().map_err(io::Error::other)?;
            return clients(address, messages);
        }
        _ => {}
    }
    let messages = if is_wanted() { 40 } else { 1 };
    for _ in measured.rounds(7) {
        for (key, label) in [
            ("kernel", "our scheduler"),
            ("tokio", "tokio, current thread"),
            ("asyncio", "CPython, asyncio streams"),
        ] {
            match round(key, messages) {
                Ok(round) => {
                    let value = match figure {
                        Figure::Rate => round.rate,
                        Figure::Processor => round.processor,
                    };
                    measured.add(key, label, value);
                }
                // Without python3 its row is missing.
                Err(err)
                    if key == "asyncio"
                        && err.kind() == io::ErrorKind::NotFound =>
                {
                    eprintln!("skipped: {label}; no python3");
                }
                Err(err) => return Err(err),
            }
        }
    }
    let what = match figure {
        Figure::Rate => "messages per second",
        Figure::Processor => "the server's processor time for each message",
    };
    measured.compare_with_first("our scheduler");
    measured.print(&format!(
        "echo, {what}: {PROCESSES} processes with {CONNECTIONS} connections \
         each, messages of 1,024 bytes"
    ));
    Ok(())
}
