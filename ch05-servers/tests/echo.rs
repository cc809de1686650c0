//! The echo server with one slot as a program: clients that misbehave.

mod server;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::thread;

use server::Server;

fn start() -> Server {
    Server::start("echo", &["--idle-timeout", "1"])
}

fn output(args: &[&str]) -> (Option<i32>, String, String) {
    server::output("echo", args)
}

#[test]
fn every_byte_comes_back_and_none_after_the_end() {
    let server = start();
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
    let server = start();
    let mut idle = server.connect();
    server.assert_echoes();
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn a_client_that_never_reads_cannot_keep_the_slot() {
    let server = start();
    let mut greedy = server.connect();
    let chunk = [0; 65_536];
    // Ends when the server has cut the connection.
    while greedy.write_all(&chunk).is_ok() {}
    server.assert_echoes();
}

#[test]
fn a_connection_that_breaks_ends_alone() {
    let server = start();
    for _ in 0..20 {
        let mut client = server.connect();
        client.write_all(b"never read").unwrap();
        client.read_exact(&mut [0; 1]).unwrap();
        // Bytes that were not read make this a reset, not a goodbye.
        drop(client);
    }
    server.assert_echoes();
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
        let server = start();
        let _client = server.connect();
        server.signal(signal);
        assert_eq!(server.wait(), Some(0), "{signal}");
    }
    Ok(())
}
