//! Five echo servers, the same misbehaving clients.

mod server;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

#[cfg(target_os = "linux")]
use server::program;
use server::{At, Server};

const WAYS: [&str; 5] = [
    "echo-threads",
    "echo-ready",
    "echo-protocol",
    "echo-tokio",
    "echo-tasks",
];

/// Runs the same test against all five, side by side.
fn for_all(options: &[&str], test: impl Fn(&str, Server) + Sync) {
    thread::scope(|scope| {
        let test = &test;
        for way in WAYS {
            scope.spawn(move || test(way, Server::start(way, options)));
        }
    });
}

/// Sends a text and reads as much; fails when nothing comes.
fn ask(client: &mut TcpStream, text: &str) -> String {
    client.write_all(text.as_bytes()).expect("sends");
    let mut echo = vec![0; text.len()];
    client.read_exact(&mut echo).expect("is answered");
    String::from_utf8(echo).expect("UTF-8")
}

#[test]
fn every_byte_comes_back_and_none_after_the_end() {
    for_all(&[], |_, server| {
        assert!(server.address.ip().is_loopback());
        server.assert_returns_every_byte();
    });
}

#[test]
fn a_silent_client_is_closed_in_the_end() {
    for_all(&["--idle-timeout", "1"], |way, server| {
        let mut silent = server.connect();
        assert_eq!(silent.read(&mut [0; 1]).unwrap(), 0, "{way}");
        server.assert_echoes();
    });
}

#[test]
fn a_client_that_never_reads_is_closed_and_delays_no_other() {
    for_all(&["--write-timeout", "0.5"], |_, server| {
        let mut greedy = server.connect();
        greedy.write_all(&[0; 65_536]).unwrap();
        server.assert_echoes();
        // Ends when the server has cut the connection.
        while greedy.write_all(&[0; 65_536]).is_ok() {}
        server.assert_echoes();
    });
}

#[test]
fn a_client_that_sends_without_end_leaves_turns_to_the_others() {
    for_all(&[], |_, server| {
        let firehose = server.connect();
        let (mut sender, mut reader) = (&firehose, &firehose);
        thread::scope(|scope| {
            scope.spawn(move || while sender.write(&[0; 65_536]).is_ok() {});
            scope.spawn(move || {
                while reader.read(&mut [0; 65_536]).is_ok_and(|n| n > 0) {}
            });
            for _ in 0..20 {
                server.assert_echoes();
            }
            firehose.shutdown(Shutdown::Both).unwrap();
        });
    });
}

#[test]
fn a_connection_that_breaks_ends_alone() {
    for_all(&[], |_, server| {
        server.break_off(50);
        server.assert_echoes();
    });
}

#[test]
fn a_client_without_a_slot_waits_until_another_leaves() {
    for_all(&["--max-conns", "3"], |way, server| {
        let mut inside: Vec<_> = (0..3).map(|_| server.connect()).collect();
        for client in &mut inside {
            assert_eq!(ask(client, "in"), "in", "{way}");
        }
        let mut outside = server.connect();
        outside.write_all(b"?").unwrap();
        let moment = Some(Duration::from_millis(100));
        outside.set_read_timeout(moment).unwrap();
        let waits = outside.read(&mut [0; 1]).unwrap_err().kind();
        assert!(
            matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut),
            "{way}: {waits}"
        );
        outside.set_read_timeout(Some(server::LIMIT)).unwrap();
        inside.pop();
        assert_eq!(outside.read(&mut [0; 1]).unwrap(), 1, "{way}");
    });
}

#[test]
fn an_impossible_option_is_one_line_or_names_its_flag() {
    let wrong = [
        ("--port", "99999"),
        ("--port", "-1"),
        ("--max-conns", "0"),
        ("--max-conns", "-1"),
        ("--max-conns", "100000000000000000000000000000"),
        ("--idle-timeout", "0"),
        ("--idle-timeout", "nan"),
        ("--write-timeout", "inf"),
        ("--drain-timeout", "100000000000000000000000000000"),
    ];
    for way in WAYS {
        server::assert_usage(way, &wrong);
    }
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File};
    use std::process::Command;
    use std::time::Instant;

    use super::*;
    use crate::server::eventually;

    #[test]
    fn told_to_end_it_says_goodbye_and_refuses_the_next() {
        for_all(&["--drain-timeout", "15"], |way, server| {
            let mut idle = server.connect();
            assert_eq!(ask(&mut idle, "hello"), "hello");
            let address = server.address;
            server.signal("-INT");
            let mut rest = vec![];
            assert_eq!(idle.read_to_end(&mut rest).unwrap(), 0, "{way}");
            assert_eq!(server.wait(), Some(130), "{way}");
            assert!(TcpStream::connect(address).is_err(), "{way}");
        });
    }

    #[test]
    fn a_client_that_never_reads_holds_the_end_up_for_the_drain_time() {
        for_all(&["--drain-timeout", "0.3"], |way, server| {
            let _greedy = fill(&server);
            server.signal("-TERM");
            assert_eq!(server.wait(), Some(143), "{way}");
        });
    }

    #[test]
    fn the_second_ctrl_c_does_not_wait() {
        for_all(&["--drain-timeout", "86400"], |way, server| {
            let _greedy = fill(&server);
            server.signal("-INT");
            // Refused, so the first one has arrived.
            while TcpStream::connect(server.address).is_ok() {
                thread::yield_now();
            }
            server.signal("-INT");
            assert_eq!(server.wait(), Some(130), "{way}");
        });
    }

    /// Connects and sends until the server can neither write nor read.
    fn fill(server: &Server) -> TcpStream {
        let mut greedy = server.connect();
        let moment = Some(Duration::from_millis(200));
        greedy.set_write_timeout(moment).expect("a limit");
        while greedy.write_all(&[0; 65_536]).is_ok() {}
        greedy
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn the_port_is_free_again_at_once() {
        thread::scope(|scope| {
            for way in WAYS {
                scope.spawn(move || {
                    let (_kept, port) = server::keep_a_port();
                    for _ in 0..4 {
                        let command = program(way, &["--port", &port]);
                        let mut server = Server::run(command);
                        let mut client = server.connect();
                        assert_eq!(ask(&mut client, "hello"), "hello");
                        server.process.kill().unwrap();
                        server.process.wait().unwrap();
                    }
                });
            }
        });
    }

    #[test]
    fn without_file_descriptors_it_rests_and_recovers() {
        thread::scope(|scope| {
            for way in WAYS {
                scope.spawn(move || out_of_descriptors(way));
            }
        });
    }

    fn out_of_descriptors(way: &str) {
        let log = std::env::temp_dir()
            .join(format!("descriptors-{}-{way}", std::process::id()));
        let mut command = Command::new("sh");
        command
            .args(["-c", r#"ulimit -n 32; exec "$@""#, "sh"])
            .arg(env!("CARGO_BIN_EXE_ch05-servers"))
            .args([way, "--port", "0"])
            .stderr(File::create(&log).expect("a log"));
        let server = Server::run(command);
        let start = Instant::now();
        let crowd: Vec<_> = (0..60).map(|_| server.connect()).collect();
        let said = || fs::read_to_string(&log).expect("a log");
        eventually("it runs out", || said().contains("cannot accept"));
        // Not to wait for something, but to have it fail for a while.
        thread::sleep(Duration::from_millis(500));
        let (busy, during) = (ticks(&server), start.elapsed());
        drop(crowd);
        server.assert_echoes();
        // It rests for a tenth of a second after each.
        let most = 5 + start.elapsed().as_millis() / 50;
        let failed = said().matches("cannot accept").count();
        fs::remove_file(&log).expect("a log");
        assert!(failed as u128 <= most, "{way}: {failed} lines of {most}");
        if let Some(busy) = busy {
            let busy = Duration::from_millis(busy * 10);
            assert!(busy < during / 2, "{way}: {busy:?} of {during:?}");
        }
    }

    /// Processor time used, in hundredths of a second, where it can be read.
    fn ticks(server: &Server) -> Option<u64> {
        let path = format!("/proc/{}/stat", server.process.id());
        let stat = fs::read_to_string(path).ok()?;
        let fields: Vec<_> = stat.rsplit(')').next()?.split(' ').collect();
        Some(fields[12].parse::<u64>().ok()? + fields[13].parse::<u64>().ok()?)
    }
}
