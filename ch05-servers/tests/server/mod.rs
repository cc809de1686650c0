//! A server of this chapter as a process, ended with the test.

#![allow(dead_code, reason = "each test file uses its part")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

pub mod inside;

/// Far longer than anything takes on a machine that has much else to do.
pub const LIMIT: Duration = Duration::from_secs(120);

/// A server that has an address, wherever it runs.
pub trait At {
    fn address(&self) -> SocketAddr;

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address()).expect("connects");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        stream.set_write_timeout(Some(LIMIT)).expect("a limit");
        stream
    }

    /// Asks for an echo on a new connection.
    fn assert_echoes(&self) {
        let mut client = self.connect();
        client.write_all(b"still there?").expect("sends");
        client.shutdown(Shutdown::Write).expect("ends");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("answers");
        assert_eq!(answer, "still there?");
    }

    /// Sends a message, and returns every byte that comes back until the end.
    fn assert_returns_every_byte(&self) {
        let mut client = self.connect();
        let mut sender = client.try_clone().expect("a second handle");
        // More than the sockets' buffers hold, and every value of a byte.
        let sent: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
        let mut received = vec![];
        thread::scope(|scope| {
            scope.spawn(|| {
                sender.write_all(&sent).expect("sends");
                sender.shutdown(Shutdown::Write).expect("ends");
            });
            client.read_to_end(&mut received).expect("answers");
        });
        assert!(sent == received, "{} bytes came back", received.len());
    }

    /// Goes with a reset and not with a goodbye, so often.
    fn break_off(&self, times: usize) {
        for _ in 0..times {
            let mut client = self.connect();
            client.write_all(b"never read").expect("sends");
            client.read_exact(&mut [0; 1]).expect("answers");
            // Bytes that were not read make this a reset.
            drop(client);
        }
    }

    /// Sends bytes, and returns all that comes until the server closes.
    fn exchange(&self, bytes: &[u8]) -> String {
        let mut client = self.connect();
        // The server may refuse before it has read all.
        client.write_all(bytes).ok();
        let mut answer = Vec::new();
        // A reset is an end, too.
        client.read_to_end(&mut answer).ok();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

/// Looks again until something is so.
pub fn eventually(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LIMIT, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

/// A port that no other program gets while this is kept, for a server that is
/// to have the same one again. Two sockets may be bound to one port as long as
/// both say so and at most one listens; Linux alone agrees to that.
#[cfg(target_os = "linux")]
pub fn keep_a_port() -> (tokio::net::TcpSocket, String) {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.set_reuseaddr(true).expect("a socket");
    let at = ([127, 0, 0, 1], 0).into();
    socket.bind(at).expect("a port");
    let port = socket.local_addr().expect("it is bound").port();
    (socket, port.to_string())
}

/// Tests what both kinds of echo program do with a bad command line.
pub fn assert_usage(section: &str, wrong: &[(&str, &str)]) {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("it is bound");
    let port = address.port().to_string();
    let (status, stdout, stderr) = output(section, &["--port", &port]);
    assert_eq!((status, stdout.as_str()), (Some(1), ""), "{section}");
    let expected = format!("error: cannot listen on {address}: ");
    assert!(stderr.starts_with(&expected), "{section}: {stderr}");
    assert_eq!(stderr.lines().count(), 1, "{section}: {stderr}");
    for (flag, value) in wrong {
        let (status, stdout, stderr) = output(section, &[flag, value]);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{flag} {value}");
        assert!(stderr.contains(flag), "{section}: {stderr}");
    }
}

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

    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        let id = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &id]).status();
        assert!(status.expect("kill").success());
    }

    /// Resident memory, in KiB; nothing where Linux does not say it.
    pub fn resident(&self) -> u64 {
        let path = format!("/proc/{}/status", self.process.id());
        let status = fs::read_to_string(path).unwrap_or_default();
        let line = status.lines().find(|line| line.starts_with("VmRSS:"));
        let number = line.and_then(|line| line.split_whitespace().nth(1));
        number.map_or(0, |kib| kib.parse().expect("a number"))
    }

    /// How many files it has open; nothing where Linux does not say it.
    pub fn open_files(&self) -> usize {
        let path = format!("/proc/{}/fd", self.process.id());
        fs::read_dir(path).map_or(0, |files| files.count())
    }

    /// Waits for the end; returns the exit status, as a shell reports it: 128
    /// and the number of the signal if that ended it.
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
        let status = waited.expect("ends");
        #[cfg(unix)]
        let signal = std::os::unix::process::ExitStatusExt::signal(&status);
        #[cfg(not(unix))]
        let signal: Option<i32> = None;
        status.code().or(signal.map(|signal| 128 + signal))
    }
}

impl At for Server {
    fn address(&self) -> SocketAddr {
        self.address
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
