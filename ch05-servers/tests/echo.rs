//! The echo server as a program: real sockets, clients that misbehave.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Output, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

const LIMIT: Duration = Duration::from_secs(20);

/// Fails a test that hangs.
fn in_time<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (tx, rx) = mpsc::channel();
    thread::spawn(move || tx.send(work()));
    rx.recv_timeout(LIMIT).expect("ends")
}

/// A server on a free port, ended with the test.
struct Server {
    process: Child,
    address: SocketAddr,
}

impl Server {
    fn start() -> Server {
        let mut process = echo(&["--port", "0", "--idle-timeout", "1"])
            .stderr(Stdio::null())
            .spawn()
            .expect("the program was built");
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

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("connects");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        stream.set_write_timeout(Some(LIMIT)).expect("a limit");
        stream
    }

    fn assert_serves(&self) {
        let mut client = self.connect();
        client.write_all(b"still there?").expect("sends");
        client.shutdown(Shutdown::Write).expect("ends");
        let mut answer = String::new();
        client.read_to_string(&mut answer).expect("answers");
        assert_eq!(answer, "still there?");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already, which some tests ask for.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn echo(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_ch05-servers"));
    command.arg("echo").args(args).stdout(Stdio::piped());
    command
}

fn output(args: &[&str]) -> (Option<i32>, String, String) {
    let Output {
        status,
        stdout,
        stderr,
    } = in_time({
        let mut command = echo(args);
        move || command.output().expect("the program was built")
    });
    let text = |bytes| String::from_utf8(bytes).expect("UTF-8");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn every_byte_comes_back_and_none_after_the_end() {
    let server = Server::start();
    assert!(server.address.ip().is_loopback());
    let mut client = server.connect();
    let mut sender = client.try_clone().unwrap();
    // More than the sockets' buffers hold, and every value of a byte.
    let sent: Vec<u8> = (0..=255).cycle().take(3_000_000).collect();
    let mut received = vec![];
    thread::scope(|scope| {
        scope.spawn(|| {
            sender.write_all(&sent).unwrap();
            sender.shutdown(Shutdown::Write).unwrap();
        });
        client.read_to_end(&mut received).unwrap();
    });
    assert!(sent == received, "{} bytes came back", received.len());
}

#[test]
fn an_idle_client_cannot_keep_the_slot() {
    let server = Server::start();
    let mut idle = server.connect();
    server.assert_serves();
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn a_client_that_never_reads_cannot_keep_the_slot() {
    let server = Server::start();
    let mut greedy = server.connect();
    let chunk = [0; 65_536];
    // Ends when the server has cut the connection.
    while greedy.write_all(&chunk).is_ok() {}
    server.assert_serves();
}

#[test]
fn a_connection_that_breaks_ends_alone() {
    let server = Server::start();
    for _ in 0..20 {
        let mut client = server.connect();
        client.write_all(b"never read").unwrap();
        client.read_exact(&mut [0; 1]).unwrap();
        // Bytes that were not read make this a reset, not a goodbye.
        drop(client);
    }
    server.assert_serves();
}

#[test]
fn a_port_in_use_is_one_line_with_the_address() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let port = address.port().to_string();
    let (status, stdout, stderr) = output(&["--port", &port]);
    assert_eq!((status, stdout.as_str()), (Some(1), ""));
    let expected = format!("error: cannot listen on {address}: ");
    assert!(stderr.starts_with(&expected), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn a_number_out_of_range_is_named_with_its_flag() {
    for (flag, value) in [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--idle-timeout", "0"),
        ("--idle-timeout", "nan"),
        ("--idle-timeout", "100000000000000000000000000000"),
    ] {
        let (status, stdout, stderr) = output(&[flag, value]);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{flag} {value}");
        assert!(stderr.contains(flag), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn signals_that_ask_it_to_end_are_obeyed() -> io::Result<()> {
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start();
        let _client = server.connect();
        let id = server.process.id().to_string();
        Command::new("kill").args([signal, &id]).status()?;
        let status = in_time(move || server.process.wait())?;
        assert_eq!(status.code(), Some(0), "{signal}");
    }
    Ok(())
}
