//! The echo server with one slot as a program: clients that misbehave.

mod server;

use std::io::{Read, Write};

use server::{At, Server};

#[test]
fn every_byte_comes_back_and_none_after_the_end() {
    let server = Server::start("echo", &[]);
    assert!(server.address.ip().is_loopback());
    server.assert_returns_every_byte();
}

#[test]
fn an_idle_client_cannot_keep_the_slot() {
    let server = Server::start("echo", &["--idle-timeout", "1"]);
    let mut idle = server.connect();
    server.assert_echoes();
    assert_eq!(idle.read(&mut [0; 1]).unwrap(), 0);
}

#[test]
fn a_client_that_never_reads_cannot_keep_the_slot() {
    let server = Server::start("echo", &["--idle-timeout", "1"]);
    let mut greedy = server.connect();
    let chunk = [0; 65_536];
    // Ends when the server has cut the connection.
    while greedy.write_all(&chunk).is_ok() {}
    server.assert_echoes();
}

#[test]
fn a_connection_that_breaks_ends_alone() {
    let server = Server::start("echo", &[]);
    server.break_off(20);
    server.assert_echoes();
}

#[test]
fn impossible_value_is_one_error_line_or_names_its_flag() {
    let wrong = [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--idle-timeout", "0"),
        ("--idle-timeout", "nan"),
        ("--idle-timeout", "100000000000000000000000000000"),
    ];
    server::assert_usage("echo", &wrong);
}

#[cfg(unix)]
#[test]
fn signals_that_ask_it_to_end_are_obeyed() {
    for (signal, status) in [("-INT", 130), ("-TERM", 143), ("-HUP", 129)] {
        let server = Server::start("echo", &[]);
        let _client = server.connect();
        server.signal(signal);
        assert_eq!(server.wait(), Some(status), "{signal}");
    }
}
