//! The TCP finder on raw sockets, with clients that misbehave.

mod server;

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
#[cfg(target_os = "linux")]
use std::process::Command;
#[cfg(unix)]
use std::process::Stdio;
use std::thread;
use std::time::Duration;
#[cfg(target_os = "linux")]
use std::time::Instant;

use ch05_servers::serve::Limits;
use ch05_servers::tcp::program::finder;
#[cfg(unix)]
use rustix::net::sockopt::{
    set_socket_recv_buffer_size, set_socket_send_buffer_size,
};
use server::inside::{Inside, patient};
#[cfg(unix)]
use server::program;
use server::{At, LIMIT, Server, eventually, in_time};

const RULE: &str =
    "──────────────────────────────────────────────────────────────────\r\n";

const MAX_LINE: usize = 1024;

/// A finder within this process.
fn inside(limits: Limits) -> Inside {
    Inside::start(|listener, index, shutdown| async move {
        finder(listener, limits, MAX_LINE, index, shutdown).await
    })
}

/// Reads up to the next prompt, which is left out; looks before it takes.
fn answer(client: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let n = client.peek(&mut buffer).expect("a prompt in time");
        assert!(n > 0, "closed after {}", bytes.escape_ascii());
        let taken = bytes.len();
        bytes.extend(&buffer[..n]);
        // A prompt may have begun in what was taken before.
        let from = taken.saturating_sub(2);
        let prompt = bytes[from..].windows(3).position(|part| part == b"?> ");
        let end = prompt.map_or(bytes.len(), |at| from + at + 3);
        client.read_exact(&mut buffer[..end - taken]).expect("seen");
        bytes.truncate(end);
        if prompt.is_some() {
            bytes.truncate(end - 3);
            return String::from_utf8(bytes).expect("UTF-8");
        }
    }
}

/// A client that has its first prompt.
fn greeted(server: &impl At) -> TcpStream {
    let mut client = server.connect();
    assert_eq!(answer(&mut client), "");
    client
}

fn ask(client: &mut TcpStream, line: &[u8]) -> String {
    client.write_all(line).expect("sends");
    answer(client)
}

fn assert_serves(server: &impl At) {
    let answer = ask(&mut greeted(server), b"registered sign\n");
    let row = "U+00AE\t®\tREGISTERED SIGN\r\n";
    assert_eq!(answer, format!("{row}{RULE}1 found\r\n"));
}

#[test]
fn a_line_too_long_is_said_so_and_the_next_one_is_answered() {
    let server = inside(patient());
    let mut client = greeted(&server);
    client.write_all(&[b'x'; 70_000]).unwrap();
    assert_eq!(answer(&mut client), "error: more than 1024 bytes\r\n");
    let found = ask(&mut client, b"xxx\ncat elephant\n");
    assert_eq!(found, format!("{RULE}0 found\r\n"));
}

#[test]
fn a_line_without_an_end_costs_no_memory() {
    let server = Server::start("tcp", &[]);
    assert_serves(&server);
    let before = server.resident();
    let mut client = greeted(&server);
    let chunk = [b'x'; 65_536];
    for _ in 0..4_800 {
        client.write_all(&chunk).unwrap();
    }
    assert_eq!(answer(&mut client), "error: more than 1024 bytes\r\n");
    let grown = server.resident().saturating_sub(before);
    assert!(grown <= 1024, "{grown} KiB for 300 MiB");
}

#[test]
fn a_thousand_idle_clients_are_closed_and_delay_no_other() {
    let server = inside(Limits {
        connections: 2000,
        idle: Duration::from_secs(3),
        ..patient()
    });
    let idle: Vec<_> = (0..1000).map(|_| server.connect()).collect();
    assert_serves(&server);
    for mut client in idle {
        let mut text = String::new();
        client.read_to_string(&mut text).expect("a proper end");
        let goodbye = "?> \r\ngoodbye: nothing came for too long\r\n";
        assert_eq!(text, goodbye);
    }
    assert_serves(&server);
}

#[test]
fn a_byte_now_and_then_is_not_enough() {
    let server = inside(Limits {
        idle: Duration::from_millis(500),
        ..patient()
    });
    let mut client = server.connect();
    // The server closes; some write after that fails, and ends this.
    in_time(move || {
        while client.write_all(b"x").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    });
}

#[test]
fn beyond_the_limit_clients_wait_for_a_place_and_all_are_served() {
    let server = inside(Limits {
        connections: 50,
        ..patient()
    });
    let mut inside: Vec<_> = (0..50).map(|_| greeted(&server)).collect();
    let mut outside: Vec<_> = (0..150).map(|_| server.connect()).collect();
    let moment = Some(Duration::from_millis(100));
    outside[0].set_read_timeout(moment).unwrap();
    let nothing = outside[0].read(&mut [0]).expect_err("no prompt").kind();
    assert!(matches!(
        nothing,
        ErrorKind::WouldBlock | ErrorKind::TimedOut
    ));
    outside[0].set_read_timeout(Some(LIMIT)).unwrap();
    // Each that goes makes room for the one that has waited longest.
    for mut client in outside {
        inside.pop();
        assert_eq!(answer(&mut client), "");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn out_of_files_it_neither_dies_nor_spins() {
    let mut command = Command::new("sh");
    let server = program("tcp", &["--port", "0"]);
    let script =
        format!("ulimit -n 32; exec {:?} tcp --port 0", server.get_program());
    command.args(["-c", &script]).stderr(Stdio::piped());
    let mut server = Server::run(command);
    let mut log = server.process.stderr.take().expect("a pipe");
    let clients: Vec<_> = (0..60).map(|_| server.connect()).collect();
    let mut log = in_time(move || {
        let mut said = Vec::new();
        while !said.ends_with(b"cannot accept") {
            let mut byte = [0];
            log.read_exact(&mut byte).expect("a line");
            said.extend(byte);
        }
        log
    });
    // Not to wait for something, but to have it fail for a while.
    let start = Instant::now();
    thread::sleep(Duration::from_millis(500));
    drop(clients);
    assert_serves(&server);
    server.signal("-INT");
    assert_eq!(server.wait(), Some(130));
    let mut rest = String::new();
    log.read_to_string(&mut rest).expect("UTF-8");
    let complaints = rest.matches("cannot accept").count();
    // It rests for at least the twentieth of a second after each.
    let most = 2 + start.elapsed().as_millis() / 50;
    assert!(complaints as u128 <= most, "{complaints} of {most}");
}

#[test]
fn half_a_goodbye_is_answered_and_nothing_follows() {
    let server = Server::start("tcp", &[]);
    assert_serves(&server);
    let before = server.open_files();
    for last in ["registered sign\n", "registered sign"] {
        for _ in 0..50 {
            let mut client = server.connect();
            client.write_all(last.as_bytes()).unwrap();
            client.shutdown(Shutdown::Write).unwrap();
            let mut text = String::new();
            client.read_to_string(&mut text).unwrap();
            let row = "U+00AE\t®\tREGISTERED SIGN\r\n";
            let end = if last.ends_with('\n') { "?> " } else { "" };
            assert_eq!(text, format!("?> {row}{RULE}1 found\r\n{end}"));
        }
    }
    eventually("as many open files as before", || {
        server.open_files() <= before
    });
}

#[test]
fn clients_that_go_while_they_are_answered_leave_nothing_behind() {
    let server = Server::start("tcp", &[]);
    assert_serves(&server);
    let before = server.open_files();
    for _ in 0..500 {
        let mut client = greeted(&server);
        client.write_all(b"letter\n").unwrap();
        // Bytes that were not read make this a reset, not a goodbye.
        client.read_exact(&mut [0]).unwrap();
    }
    eventually("as many open files as before", || {
        server.open_files() <= before
    });
    assert_serves(&server);
}

#[test]
fn clients_that_never_read_cost_little_and_are_cut_off() {
    let options = ["--write-timeout", "1", "--send-buffer", "65536"];
    let server = Server::start("tcp", &options);
    assert_serves(&server);
    let before = server.resident();
    let greedy: Vec<_> = (0..50)
        .map(|_| {
            let mut client = greeted(&server);
            client.write_all(b"cjk\n").unwrap();
            client
        })
        .collect();
    assert_serves(&server);
    let grown = server.resident().saturating_sub(before);
    assert!(grown <= 16 * 1024, "{grown} KiB for 50 clients");
    eventually("the greedy are gone", || {
        server.open_files() < 50 || !cfg!(target_os = "linux")
    });
    thread::scope(|scope| {
        for mut client in greedy {
            scope.spawn(move || {
                let mut text = Vec::new();
                // What the sockets held still comes, the answer's end does not.
                client.read_to_end(&mut text).ok();
                assert!(!text.ends_with(b"?> "));
            });
        }
    });
}

#[test]
fn what_is_no_text_gets_an_error_and_the_session_goes_on() {
    let server = inside(patient());
    let mut client = greeted(&server);
    let mut lines = vec![
        b"\xff\xf4\xff\xfd\x06\n".to_vec(),
        b"caf\xe9\r\n".to_vec(),
        b"\xc2\x9b31m\n".to_vec(),
    ];
    let controls = (0..0x20).filter(|byte| !b"\t\r\n".contains(byte));
    lines.extend(controls.map(|byte| vec![b'a', byte, b'\n']));
    for line in lines {
        let answer = ask(&mut client, &line);
        let line = line.escape_ascii();
        assert_eq!(answer, "error: not text\r\n", "{line}");
    }
    let found = ask(&mut client, b"cat elephant\n");
    assert_eq!(found, format!("{RULE}0 found\r\n"));
}

#[test]
fn every_spelling_of_a_query_finds_the_same() {
    let server = inside(patient());
    let mut client = greeted(&server);
    let expected = ask(&mut client, b"cat smiling\n");
    assert!(expected.ends_with("3 found\r\n"), "{expected}");
    for line in [
        "CAT SMILING\r\n",
        "smiling\tcat \n",
        "  cat-smiling\n",
        "cat\rsmiling\r\n",
        "\u{feff}cat smiling\n",
        "cat, smiling, cat!\n",
    ] {
        assert_eq!(ask(&mut client, line.as_bytes()), expected, "{line:?}");
    }
    for line in ["\n", "\r\n", " \t\n", "\u{feff}\n", "-\n"] {
        assert_eq!(ask(&mut client, line.as_bytes()), "", "{line:?}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_of_a_query_reaches_the_log_or_the_answer_unescaped() {
    let mut command = program("tcp", &["--port", "0"]);
    command.stderr(Stdio::piped());
    let mut server = Server::run(command);
    let mut client = greeted(&server);
    let query = "x\u{202e}y \u{2028}z\u{200b}\r\n FAKE LOG\r\n";
    let both = [ask(&mut client, query.as_bytes()), answer(&mut client)];
    for answer in both {
        assert_eq!(answer, format!("{RULE}0 found\r\n"));
    }
    ask(&mut client, b"x\x1b]0;pwned\x07\x1b[2J\n");
    server.signal("-INT");
    let mut log = String::new();
    let mut stderr = server.process.stderr.take().expect("a pipe");
    stderr.read_to_string(&mut log).expect("UTF-8");
    assert_eq!(server.wait(), Some(130));
    let queries: Vec<_> =
        log.lines().filter(|line| line.contains("query=")).collect();
    assert_eq!(queries.len(), 2, "{log}");
    assert!(queries[0].contains(r"\u{202e}"), "{log}");
    for bad in ['\x1b', '\x07', '\r', '\u{9b}', '\u{202e}', '\u{2028}'] {
        assert!(!log.contains(bad), "{log:?}");
    }
}

#[test]
fn format_characters_are_named_and_not_sent() {
    let server = inside(patient());
    let mut client = greeted(&server);
    let mut all = String::new();
    for query in ["override\n", "zero width\n", "tag\n", "separator\n"] {
        all += &ask(&mut client, query.as_bytes());
    }
    assert!(
        all.contains("U+202E\t\tRIGHT-TO-LEFT OVERRIDE\r\n"),
        "{all}"
    );
    let harmful = |c: char| matches!(u32::from(c), 0x200b..=0x200f | 0x2028..=0x202e | 0xe0000..=0xe007f | 0xfeff);
    assert!(!all.contains(harmful));
}

#[test]
fn a_thousand_queries_at_once_or_byte_by_byte_are_answered_in_order() {
    let server = inside(patient());
    let letters: Vec<char> = ('a'..='z').cycle().take(1000).collect();
    let lines: String = letters
        .iter()
        .map(|letter| format!("latin small letter {letter}\n"))
        .collect();
    let mut client = greeted(&server);
    let expected: Vec<String> = letters[..26]
        .iter()
        .map(|letter| {
            let line = format!("latin small letter {letter}\n");
            ask(&mut client, line.as_bytes())
        })
        .collect();
    for size in [lines.len(), 1] {
        let mut client = greeted(&server);
        client.set_nodelay(true).unwrap();
        let mut writer = client.try_clone().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                for part in lines.as_bytes().chunks(size) {
                    writer.write_all(part).unwrap();
                }
            });
            for i in 0..letters.len() {
                assert_eq!(answer(&mut client), expected[i % 26], "{i}");
            }
        });
    }
}

#[test]
fn many_clients_at_once_each_get_their_own_answers() {
    let server = inside(patient());
    let queries = ["cat smiling\n", "rook\n", "fire\n", "elephant\n"];
    let mut client = greeted(&server);
    let expected = queries.map(|query| ask(&mut client, query.as_bytes()));
    thread::scope(|scope| {
        for number in 0..100 {
            let (server, expected) = (&server, &expected);
            scope.spawn(move || {
                let mut client = greeted(server);
                for i in number..number + 100 {
                    let answer = ask(&mut client, queries[i % 4].as_bytes());
                    assert_eq!(answer, expected[i % 4]);
                }
            });
        }
    });
}

#[cfg(unix)]
#[test]
fn it_drains_what_is_under_way_is_finished_and_nothing_begins() {
    // On a busy machine the default of ten seconds passes before the signal.
    let options = ["--drain-timeout", "60", "--idle-timeout", "600"];
    let server = Server::start("tcp", &options);
    let idle = greeted(&server);
    let mut reading = greeted(&server);
    reading.write_all(b"cjk\n").unwrap();
    reading.read_exact(&mut [0; 100]).unwrap();
    let address = server.address;
    server.signal("-INT");
    let goodbye = in_time(move || {
        let (mut idle, mut text) = (idle, String::new());
        idle.read_to_string(&mut text).map(|_| text)
    });
    assert_eq!(goodbye.unwrap(), "\r\ngoodbye: the server ends\r\n");
    assert!(TcpStream::connect(address).is_err(), "it still listens");
    let mut rest = Vec::new();
    reading.read_to_end(&mut rest).unwrap();
    let rest = String::from_utf8_lossy(&rest);
    assert!(rest.contains(" found\r\n?> \r\ngoodbye: the server ends\r\n"));
    assert_eq!(server.wait(), Some(130));
}

#[cfg(unix)]
#[test]
fn a_client_that_never_reads_does_not_prevent_the_end() {
    let limits = Limits {
        drain: Duration::from_millis(300),
        ..patient()
    };
    let server = Inside::start(|listener, index, shutdown| {
        // So that the sockets hold less than one answer: of several it would
        // be luck in which of them it is stopped. Here, for what connects
        // before it is said keeps what it had.
        set_socket_send_buffer_size(&listener, 64 * 1024).unwrap();
        finder(listener, limits, MAX_LINE, index, shutdown)
    });
    let mut greedy = greeted(&server);
    set_socket_recv_buffer_size(&greedy, 64 * 1024).unwrap();
    greedy.write_all(b"cjk\n").unwrap();
    greedy.read_exact(&mut [0; 100]).unwrap();
    assert_eq!(server.stop().cut, 1);
}

#[cfg(target_os = "linux")]
#[test]
fn it_starts_again_on_its_port_while_clients_hang_on() {
    let (_kept, port) = server::keep_a_port();
    let mut clients = Vec::new();
    for _ in 0..20 {
        let mut command = program("tcp", &["--port", &port]);
        command.stderr(Stdio::null());
        let server = Server::run(command);
        clients.push(greeted(&server));
        server.signal("-TERM");
        assert_eq!(server.wait(), Some(143));
    }
}
