//! A broker for each test, and the two programs that connect to it.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStderr, ChildStdout, Command, Output, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use async_nats::jetstream::{self, Context, consumer::PullConsumer};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use tokio::runtime::{self, Runtime};

const PROGRAM: &str = env!("CARGO_BIN_EXE_ch02-processes");

/// Polls `seen` until it returns a value.
pub fn until<T>(what: &str, mut seen: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        if let Some(found) = seen() {
            return found;
        }
        assert!(Instant::now() < deadline, "waited for: {what}");
        // Leaves the processor to the program that the test waits for.
        thread::sleep(Duration::from_millis(5));
    }
}

/// A broker on a free port, with a folder of its own. Dropping it kills it.
pub struct Broker {
    server: Child,
    folder: TempDir,
    port: String,
    runtime: Runtime,
}

impl Broker {
    pub fn start(flags: &[&str]) -> Broker {
        let folder = tempfile::tempdir().unwrap();
        let server = serve(&folder, "-1", flags);
        let file = format!("nats-server_{}.ports", server.id());
        let file = folder.path().join(file);
        let port = until("the broker's port", || {
            let ports = fs::read_to_string(&file).ok()?;
            let (_, port) = ports.split_once("nats://127.0.0.1:")?;
            Some(port.split_once('"')?.0.to_string())
        });
        let runtime = runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        Broker {
            server,
            folder,
            port,
            runtime,
        }
    }

    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Kills the broker as a power cut would, and starts it again.
    pub fn restart(&mut self) {
        self.server.kill().unwrap();
        self.server.wait().unwrap();
        self.server = serve(&self.folder, &self.port, &["-js"]);
    }

    pub fn submitter(&self) -> Program {
        Program::start(&["--broker", &self.url()])
    }

    pub fn worker(&self) -> Program {
        Program::start(&["--broker", &self.url(), "--worker"])
    }

    /// Runs `ask` with a connection of the test's own.
    pub fn ask<T>(&self, ask: impl AsyncFnOnce(Context) -> T) -> T {
        self.runtime.block_on(async {
            let client = async_nats::connect(self.url()).await.unwrap();
            ask(jetstream::new(client)).await
        })
    }

    /// Returns how many messages a stream has; none if there is no stream.
    pub fn kept(&self, stream: &str) -> u64 {
        self.ask(async |broker| match broker.get_stream(stream).await {
            Ok(stream) => stream.cached_info().state.messages,
            Err(_) => 0,
        })
    }

    /// Returns how many jobs the workers have taken and not acknowledged.
    pub fn in_hand(&self) -> usize {
        self.ask(async |broker| match workers(&broker).await {
            Some(workers) => workers.cached_info().num_ack_pending,
            None => 0,
        })
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// Returns the workers' consumer, if there has been a worker.
pub async fn workers(broker: &Context) -> Option<PullConsumer> {
    let stream = "PLATES_JOBS";
    broker
        .get_consumer_from_stream("workers", stream)
        .await
        .ok()
}

fn serve(folder: &TempDir, port: &str, flags: &[&str]) -> Child {
    Command::new("nats-server")
        .args(["-a", "127.0.0.1", "-p", port, "--ports_file_dir"])
        .arg(folder.path())
        .arg("-sd")
        .arg(folder.path())
        .args(flags)
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// A submitter or a worker. Dropping it kills it.
pub struct Program {
    child: Child,
    lines: Option<BufReader<ChildStdout>>,
    says: Option<BufReader<ChildStderr>>,
}

impl Program {
    fn start(args: &[&str]) -> Program {
        let mut child = Command::new(PROGRAM)
            .arg("queue")
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = child.stdout.take().map(BufReader::new);
        let says = child.stderr.take().map(BufReader::new);
        Program { child, lines, says }
    }

    /// Writes jobs, from a thread; with `last`, there are no more.
    pub fn submit(&mut self, jobs: &str, last: bool) {
        if last {
            let mut stdin = self.child.stdin.take().unwrap();
            let jobs = jobs.to_string();
            thread::spawn(move || stdin.write_all(jobs.as_bytes()));
        } else {
            let stdin = self.child.stdin.as_mut().unwrap();
            stdin.write_all(jobs.as_bytes()).unwrap();
        }
    }

    /// Waits for `n` answers.
    pub fn answers(&mut self, n: usize) -> Vec<String> {
        let lines = self.lines.as_mut().unwrap();
        (0..n)
            .map(|_| {
                let mut line = String::new();
                lines.read_line(&mut line).unwrap();
                line.trim_end().to_string()
            })
            .collect()
    }

    /// Waits until it reports on stderr that it is in the middle of a job.
    pub fn is_busy(&mut self) {
        let says = self.says.as_mut().unwrap().lines();
        let mut lines = says.map(Result::unwrap);
        assert!(lines.any(|line| line == "job 1 takes a while"));
    }

    pub fn signal(&self, signal: Signal) {
        let id = Pid::from_raw(self.child.id().cast_signed()).unwrap();
        kill_process(id, signal).unwrap();
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Waits for the end and returns the rest of the output.
    pub fn end(mut self) -> Output {
        drop(self.child.stdin.take());
        let stderr = self.says.take().unwrap();
        let stdout = self.lines.take().unwrap();
        let (stdout, stderr) = (rest(stdout), rest(stderr));
        let status = until("the end", || self.child.try_wait().unwrap());
        Output {
            status,
            stdout: stdout.join().unwrap(),
            stderr: stderr.join().unwrap(),
        }
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Reads to the end, on a thread, so that no pipe fills.
fn rest(mut pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        pipe.read_to_end(&mut bytes).unwrap();
        bytes
    })
}

/// Runs the program to its end.
pub fn run(args: &[&str]) -> Output {
    Program::start(args).end()
}
