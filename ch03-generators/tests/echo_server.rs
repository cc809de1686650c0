//! The echo server as a process, under clients that misbehave.
#![cfg(target_os = "linux")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{
    Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit,
};

const LIMIT: Duration = Duration::from_secs(60);

/// A server that is killed if the test forgets to.
struct Server {
    child: Child,
    address: SocketAddr,
    stdout: BufReader<ChildStdout>,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_ch03-generators"))
            .args(["echo-server", "--port", "0"])
            .args(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the system does");
        let mut stdout =
            BufReader::new(child.stdout.take().expect("the system does"));
        let mut line = String::new();
        stdout.read_line(&mut line).expect("the system does");
        let address = line
            .trim()
            .strip_prefix("listening on ")
            .expect("the system does");
        let address = address.parse().expect("the system does");
        Server {
            child,
            address,
            stdout,
        }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the system does");
        stream
            .set_read_timeout(Some(LIMIT))
            .expect("the system does");
        stream
            .set_write_timeout(Some(LIMIT))
            .expect("the system does");
        stream
    }

    fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal)
            .expect("the system does");
    }

    fn descriptors(&self) -> usize {
        let path = format!("/proc/{}/fd", self.child.id());
        fs::read_dir(path).expect("the system does").count()
    }

    fn resident(&self) -> usize {
        let path = format!("/proc/{}/statm", self.child.id());
        let statm = fs::read_to_string(path).expect("the system does");
        let pages = statm.split(' ').nth(1).and_then(|n| n.parse().ok());
        let pages: usize = pages.expect("pages");
        pages * 4096
    }

    /// Waits for its end, and returns its exit status.
    fn ended(&mut self) -> Option<i32> {
        // Its stdout is open until then.
        let mut rest = String::new();
        self.stdout
            .read_to_string(&mut rest)
            .expect("the system does");
        assert_eq!(rest, "");
        let status = self.child.wait().expect("the system does");
        // As a shell says it.
        status.code().or(status.signal().map(|signal| 128 + signal))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended already.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// Fails a test that hangs.
fn in_time(test: impl FnOnce() + Send + 'static) {
    let (tx, rx) = mpsc::channel();
    let test = thread::spawn(move || {
        test();
        tx.send(()).expect("the test waits for it");
    });
    let end = rx.recv_timeout(LIMIT);
    assert_ne!(end, Err(RecvTimeoutError::Timeout));
    test.join().expect("the test passes");
}

/// Looks again until it is so.
fn until(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < LIMIT / 2, "never: {what}");
        thread::sleep(Duration::from_millis(2));
    }
}

fn echo(client: &mut TcpStream, text: &[u8]) {
    client.write_all(text).expect("the system does");
    let mut back = vec![0; text.len()];
    client.read_exact(&mut back).expect("the system does");
    assert_eq!(back, text);
}

#[test]
fn two_thousand_connections_at_once_are_served() {
    let needed = 2_200;
    let limit = getrlimit(Resource::Nofile);
    if limit.maximum.is_some_and(|most| most < needed) {
        eprintln!("skipped: the hard limit of open files is {limit:?}");
        return;
    }
    if limit.current.is_some_and(|now| now < needed) {
        let current = Some(needed);
        setrlimit(Resource::Nofile, Rlimit { current, ..limit }).unwrap();
    }
    in_time(|| {
        let server = Server::start(&[]);
        let mut clients: Vec<_> = (0..2000).map(|_| server.connect()).collect();
        for (n, client) in clients.iter_mut().enumerate() {
            client.write_all(&n.to_le_bytes()).unwrap();
        }
        for (n, client) in clients.iter_mut().enumerate().rev() {
            let mut back = [0; 8];
            client.read_exact(&mut back).unwrap();
            assert_eq!(usize::from_le_bytes(back), n);
        }
        assert!(server.descriptors() >= 2000);
    });
}

#[test]
fn a_thousand_interruptions_are_no_errors() {
    in_time(|| {
        let server = Server::start(&[]);
        let mut client = server.connect();
        echo(&mut client, b"before");
        for _ in 0..1000 {
            // To be stopped and continued interrupts a poll, handler or not.
            server.signal(Signal::STOP);
            server.signal(Signal::CONT);
            server.signal(Signal::WINCH);
        }
        echo(&mut client, b"after");
    });
}

#[test]
fn five_hundred_clients_that_reset_leave_nothing_behind() {
    in_time(|| {
        let server = Server::start(&[]);
        let before = server.descriptors();
        echo(&mut server.connect(), b"first");
        let resident = server.resident();
        let clients: Vec<_> = (0..500)
            .map(|_| {
                let mut client = server.connect();
                client.write_all(&[b'x'; 10_000]).unwrap();
                client
            })
            .collect();
        for client in &clients {
            let now = Some(Duration::ZERO);
            rustix::net::sockopt::set_socket_linger(client, now).unwrap();
        }
        drop(clients);
        until("all have gone", || server.descriptors() == before);
        echo(&mut server.connect(), b"last");
        // The allocator keeps what it has had: a bound, not zero.
        let grown = server.resident().saturating_sub(resident);
        assert!(grown <= 8 << 20, "{grown} bytes");
    });
}

#[test]
fn a_client_that_does_not_read_delays_no_other_and_holds_no_memory() {
    in_time(|| {
        let server = Server::start(&[]);
        let mut others: Vec<_> = (0..10).map(|_| server.connect()).collect();
        for other in &mut others {
            echo(other, &[b'o'; 4096]);
        }
        let before = server.resident();
        let mut slow = server.connect();
        slow.set_nonblocking(true).unwrap();
        // What the two systems keep on the way may be megabytes; the server
        // must not add to that.
        let chunk = [b's'; 65_536];
        let (mut sent, start) = (0, Instant::now());
        while sent < 64 << 20 && start.elapsed() < Duration::from_secs(1) {
            match slow.write(&chunk) {
                Ok(n) => sent += n,
                Err(_) => thread::yield_now(),
            }
        }
        assert!(sent >= 1 << 20);
        for _ in 0..20 {
            for other in &mut others {
                echo(other, b"and we are served");
            }
        }
        let grown = server.resident().saturating_sub(before);
        assert!(grown <= 1 << 20, "{grown} bytes");
        // It reads at last, and nothing is lost.
        slow.set_nonblocking(false).unwrap();
        slow.shutdown(Shutdown::Write).unwrap();
        let mut back = Vec::new();
        slow.read_to_end(&mut back).unwrap();
        assert_eq!(back.len(), sent);
    });
}

#[test]
fn ctrl_c_lets_clients_finish() {
    in_time(|| {
        let mut server = Server::start(&["--drain-timeout", "60"]);
        let mut client = server.connect();
        echo(&mut client, b"before");
        server.signal(Signal::INT);
        until("no other client gets in", || {
            TcpStream::connect(server.address).is_err()
        });
        echo(&mut client, b"after");
        drop(client);
        assert_eq!(server.ended(), Some(130));
    });
}

#[test]
fn draining_has_a_time_limit() {
    in_time(|| {
        let mut server = Server::start(&["--drain-timeout", "0"]);
        let mut client = server.connect();
        echo(&mut client, b"hello");
        server.signal(Signal::TERM);
        assert_eq!(server.ended(), Some(128 + 15));
    });
}

#[test]
fn the_second_ctrl_c_ends_it_at_once() {
    in_time(|| {
        let mut server = Server::start(&["--drain-timeout", "60"]);
        let mut client = server.connect();
        echo(&mut client, b"hello");
        server.signal(Signal::INT);
        until("no other client gets in", || {
            TcpStream::connect(server.address).is_err()
        });
        server.signal(Signal::INT);
        assert_eq!(server.ended(), Some(130));
    });
}

#[test]
fn a_port_in_use_and_values_that_are_none_are_named() {
    in_time(|| {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let port = address.port().to_string();
        for (args, status, named) in [
            (["--port", &port], 1, address.to_string().as_str()),
            (["--port", "99999"], 2, "--port"),
            (["--port", "-1"], 2, "--port"),
            (["--drain-timeout", "nan"], 2, "--drain-timeout"),
        ] {
            let mut command =
                Command::new(env!("CARGO_BIN_EXE_ch03-generators"));
            let run = command.arg("echo-server").args(args).output().unwrap();
            let stderr = String::from_utf8_lossy(&run.stderr);
            assert_eq!(run.status.code(), Some(status), "{stderr}");
            assert!(stderr.contains(named), "{stderr}");
            assert!(run.stdout.is_empty());
        }
    });
}
