//! A server of this chapter as a process, ended with the test.

#![allow(dead_code, reason = "each test file uses its part")]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

pub const LIMIT: Duration = Duration::from_secs(20);

/// Fails a test that hangs.
pub fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(LIMIT).expect("ends")
}

pub struct Server {
    pub process: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts a section with `--port 0` and these options.
    pub fn start(section: &str, options: &[&str]) -> Server {
        let mut command = program(section, &["--port", "0"]);
        command.args(options).stderr(Stdio::null());
        Server::run(command)
    }

    /// Runs a command that will say where it listens.
    pub fn run(mut command: Command) -> Server {
        command.stdout(Stdio::piped());
        let mut process = command.spawn().expect("the program was built");
        let stdout = process.stdout.take().expect("a pipe");
        let line = in_time(move || {
            let mut line = String::new();
            BufReader::new(stdout).read_line(&mut line).map(|_| line)
        });
        let line = line.expect("a line");
        let address = line
            .strip_prefix("listening on ")
            .and_then(|address| address.trim_end().parse().ok());
        let address = address.unwrap_or_else(|| panic!("{line:?}"));
        Server { process, address }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        stream.set_write_timeout(Some(LIMIT)).expect("a limit");
        stream
    }

    /// Asks for an echo on a new connection.
    pub fn assert_echoes(&self) {
        let mut client = self.connect();
        client.write_all(b"still there?").expect("sends");
        client.shutdown(Shutdown::Write).expect("ends");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("answers");
        assert_eq!(answer, "still there?");
    }

    /// Asks a web server for its health until that is good.
    pub fn wait_until_ready(&self) {
        let health = b"GET /health HTTP/1.1\r\nHost: x\r\n\
            Connection: close\r\n\r\n";
        let start = Instant::now();
        while !self.exchange(health).starts_with("HTTP/1.1 200 ") {
            assert!(start.elapsed() < LIMIT, "not ready");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends bytes, and returns all that comes until the server closes.
    pub fn exchange(&self, bytes: &[u8]) -> String {
        let mut client = self.connect();
        // The server may refuse before it has read all.
        client.write_all(bytes).ok();
        let mut answer = Vec::new();
        // A reset is an end, too.
        client.read_to_end(&mut answer).ok();
        String::from_utf8_lossy(&answer).into_owned()
    }

    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status();
        assert!(status.expect("kill").success());
    }

    /// Waits for the end; returns the exit status.
    pub fn wait(mut self) -> Option<i32> {
        let pid = self.process.id();
        // Taken apart by hand: it has a Drop, which finds nothing to kill.
        let waited = thread::scope(|scope| {
            let (tx, rx) = mpsc::channel();
            let process = &mut self.process;
            scope.spawn(move || tx.send(process.wait()));
            rx.recv_timeout(LIMIT).unwrap_or_else(|_| {
                // So that the scope can end, and the test with it.
                let pid = pid.to_string();
                Command::new("kill").args(["-9", &pid]).status().ok();
                Err(std::io::Error::other("did not end"))
            })
        });
        waited.expect("ends").code()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which some tests ask for.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

pub fn program(section: &str, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch05-servers"));
    command.arg(section).args(args);
    command.stdin(Stdio::null());
    command
}

/// Runs a section to its end: exit status, stdout, stderr.
pub fn output(section: &str, args: &[&str]) -> (Option<i32>, String, String) {
    let mut command = program(section, args);
    let Output {
        status,
        stdout,
        stderr,
    } = in_time(move || command.output().expect("the program was built"));
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}
