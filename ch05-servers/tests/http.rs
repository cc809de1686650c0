//! The HTTP servers as programs: raw sockets, clients that misbehave.

mod server;

use std::io::{Read, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use server::{At, Server, eventually, output};

fn get(server: &Server, path: &str) -> String {
    let head = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    server.exchange(format!("GET {path} {head}").as_bytes())
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

/// Waits until `/metrics` says so.
fn until(server: &Server, line: &str) {
    eventually(line, || get(server, "/metrics").contains(line));
}

#[test]
fn a_hundred_are_answered_in_the_time_of_a_few() {
    let server = Server::start("animals", &["--delay", "1"]);
    let start = Instant::now();
    thread::scope(|scope| {
        let ask = || scope.spawn(|| get(&server, "/animals/cow"));
        let asked: Vec<_> = (0..100).map(|_| ask()).collect();
        assert_eq!(status(&get(&server, "/health")), "200");
        for answer in asked {
            assert_eq!(status(&answer.join().unwrap()), "200");
        }
    });
    // One after the other they would take a hundred seconds.
    assert!(start.elapsed() < Duration::from_secs(50));
}

#[test]
fn request_beyond_the_limit_is_rejected_with_retry_after() {
    let options = ["--max-inflight", "100", "--delay", "60"];
    let server = Server::start("animals", &options);
    let inside = ask_and_stay(&server, 300);
    until(&server, "http_requests_total{status=\"5xx\"} 200\n");
    // The hundred, and this very request.
    until(&server, "http_requests_in_flight 101\n");
    let busy = get(&server, "/animals/pig");
    assert_eq!(status(&busy), "503");
    assert!(busy.contains("retry-after: 1\r\n"), "{busy}");
    drop(inside);
}

#[test]
fn thousand_clients_that_leave_while_waiting_cost_no_work() {
    let options = ["--delay", "60", "--max-inflight", "1000"];
    let crowd = ["--max-conns", "2000", "--quiet"];
    let server = Server::start("animals", &[&options[..], &crowd].concat());
    let inside = ask_and_stay(&server, 1000);
    until(&server, "http_requests_in_flight 1001\n");
    drop(inside);
    until(&server, "http_requests_in_flight 1\n");
}

/// So many clients that have asked for a pig and do not read.
fn ask_and_stay(server: &Server, clients: usize) -> Vec<TcpStream> {
    let asked = (0..clients).map(|_| {
        let mut client = server.connect();
        let head = b"GET /animals/pig HTTP/1.1\r\nHost: a\r\n\r\n";
        client.write_all(head).expect("sends");
        client
    });
    asked.collect()
}

#[test]
fn a_delay_that_is_none_is_refused() {
    let server = Server::start("animals", &[]);
    for delay in ["-1", "1e9", "abc", "", "NaN", "inf"] {
        let answer = get(&server, &format!("/animals/cow?delay={delay}"));
        assert_eq!(status(&answer), "400", "{delay}");
    }
    for (flag, value) in [
        ("--delay", "-1"),
        ("--delay", "nan"),
        ("--delay-max", "1"),
        ("--seed", "-1"),
        ("--max-inflight", "0"),
        ("--how", "somehow"),
    ] {
        let (status, stdout, stderr) = output("animals", &[flag, value]);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{flag} {value}");
        assert!(stderr.contains(flag), "{stderr}");
    }
}

#[test]
fn all_three_servers_answer_the_same() {
    for how in ["async", "blocking", "threads"] {
        let options = ["--how", how, "--delay", "0.001"];
        let server = Server::start("animals", &options);
        let cow = get(&server, "/animals/cow");
        assert_eq!(status(&cow), "200", "{how}");
        assert!(cow.ends_with(r#"{"animal":"cow","says":"moo"}"#), "{cow}");
        for path in ["/animals/unicorn", "/animals/%22", "/"] {
            assert_eq!(status(&get(&server, path)), "404", "{how} {path}");
        }
        let health = get(&server, "/health");
        assert!(health.ends_with("\r\n\r\nok\n"), "{how}: {health}");
        let metrics = get(&server, "/metrics");
        for line in [
            "connections_total 6\n",
            // The cow and her health; then those that do not exist.
            "http_requests_total{status=\"2xx\"} 2\n",
            "http_requests_total{status=\"4xx\"} 3\n",
        ] {
            assert!(metrics.contains(line), "{how}: {metrics}");
        }
        let post = b"POST /animals/cow HTTP/1.1\r\nHost: a\r\n\r\n";
        let mut client = server.connect();
        client.write_all(post).unwrap();
        let mut answer = [0; 12];
        client.read_exact(&mut answer).unwrap();
        assert_eq!(&answer[9..], b"405", "{how}");
    }
}

#[test]
fn no_spelling_of_a_path_leads_to_a_file() {
    let server = Server::start("flags", &[]);
    assert_eq!(status(&get(&server, "/br/br.gif")), "200");
    for path in [
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/Cargo.toml",
        "/....//Cargo.toml",
        "/..%5cCargo.toml",
        "//etc/passwd",
        "/%2fetc%2fpasswd",
        "/br/br.gif%00",
        "/..;/Cargo.toml",
        "/%252e%252e/Cargo.toml",
        "/%c0%ae%c0%ae/Cargo.toml",
        "/file:///etc/passwd",
        "/x/../../Cargo.toml",
        "/br/../br/br.gif",
        "/BR/BR.GIF",
        "/br/br.gif.",
        "/CON",
        "/aux/x",
        "/C%3A/x",
    ] {
        assert_eq!(status(&get(&server, path)), "404", "{path}");
    }
}

#[test]
fn the_same_seed_fails_in_the_same_places() {
    let teapots = || {
        let options = ["--error-rate", "0.25", "--seed", "7"];
        let server = Server::start("flags", &options);
        ('a'..='z')
            .map(|c| get(&server, &format!("/b{c}/b{c}.gif")))
            .map(|answer| status(&answer) == "418")
            .collect::<Vec<_>>()
    };
    let first = teapots();
    assert!(first.contains(&true) && first.contains(&false));
    assert_eq!(first, teapots());
}

#[test]
fn a_hundred_at_once_get_the_same_flags() {
    let server = Server::start("flags", &["--quiet"]);
    let codes = ('a'..='z').flat_map(|a| ('a'..='z').map(move |b| (a, b)));
    let codes: Vec<_> = codes.take(250).collect();
    let download = || {
        let requests = codes.iter().map(|(a, b)| {
            format!("GET /{a}{b}/{a}{b}.gif HTTP/1.1\r\nHost: a\r\n\r\n")
        });
        // Half a goodbye would be one for hyper: so the last one says "close".
        let last = "GET /health HTTP/1.1\r\nHost: a\r\n\
                    Connection: close\r\n\r\n";
        let requests = requests.collect::<String>() + last;
        let mut client = server.connect();
        let mut sender = client.try_clone().unwrap();
        let mut all = vec![];
        thread::scope(|scope| {
            scope.spawn(|| sender.write_all(requests.as_bytes()).unwrap());
            client.read_to_end(&mut all).unwrap();
        });
        let mut bodies = bodies(&all);
        assert_eq!(bodies.pop().unwrap(), b"ok\n");
        bodies
    };
    let first = download();
    assert_eq!(first.len(), codes.len());
    assert!(first.iter().all(|flag| flag.starts_with(b"GIF89a")));
    thread::scope(|scope| {
        let all: Vec<_> = (0..100).map(|_| scope.spawn(download)).collect();
        for flags in all {
            assert!(flags.join().unwrap() == first);
        }
    });
}

/// Takes answers apart that came one after the other.
fn bodies(mut answers: &[u8]) -> Vec<Vec<u8>> {
    let mut bodies = vec![];
    while !answers.is_empty() {
        let end = answers.windows(4).position(|part| part == b"\r\n\r\n");
        let (head, rest) = answers.split_at(end.expect("a head") + 4);
        let head = std::str::from_utf8(head).expect("ASCII");
        let length = head.split("content-length: ").nth(1).expect("a length");
        let length = length.lines().next().expect("a line").parse();
        let (body, rest) = rest.split_at(length.expect("a number"));
        bodies.push(body.to_vec());
        answers = rest;
    }
    bodies
}

#[test]
fn manners_that_cannot_be_are_named() {
    for args in [
        &["--error-rate", "2"][..],
        &["--error-rate", "nan"],
        &["--delay-min", "5", "--delay-max", "1"],
        &["--delay-max", "1e9"],
        &["--seed", "-1"],
    ] {
        let (status, stdout, stderr) = output("flags", args);
        assert_eq!((status, stdout.as_str()), (Some(2), ""), "{args:?}");
        assert!(stderr.contains(args[0]), "{stderr}");
    }
}

#[test]
fn head_has_the_length_and_no_body() {
    let server = Server::start("flags", &[]);
    let body = get(&server, "/br/br.gif");
    let head = "HEAD /br/br.gif HTTP/1.1\r\nHost: a\r\n\
                Connection: close\r\n\r\n";
    let head = server.exchange(head.as_bytes());
    let length = |answer: &str| {
        let line = answer.lines().find(|l| l.starts_with("content-length"));
        line.expect("a length").to_string()
    };
    assert_eq!(length(&head), length(&body));
    assert!(head.ends_with("\r\n\r\n"), "{head}");
}

#[test]
fn bytes_that_are_not_http_are_refused_and_end_the_connection() {
    let server = Server::start("flags", &[]);
    let long =
        format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(70_000));
    let many = "X: y\r\n".repeat(101);
    let many = format!("GET / HTTP/1.1\r\nHost: a\r\n{many}\r\n");
    for (sent, wanted) in [
        (long.as_bytes(), &["414", "431"][..]),
        (many.as_bytes(), &["431"]),
        (
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n",
            &["400"],
        ),
        (b"GET /< HTTP/1.1\r\nHost: a\r\n\r\n ", &["400", "404"]),
        // HTTP/2 without being asked for it: nobody here speaks it.
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", &["400", "nothing"]),
        (
            b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\
              Content-Length: 2\r\n\r\nab",
            &["400"],
        ),
    ] {
        let mut client = server.connect();
        client.write_all(sent).ok();
        client.shutdown(std::net::Shutdown::Write).ok();
        let mut answer = vec![];
        client.read_to_end(&mut answer).ok();
        let answer = String::from_utf8_lossy(&answer);
        assert!(wanted.contains(&status(&answer)), "{wanted:?}: {answer}");
    }
    assert_eq!(status(&get(&server, "/health")), "200");
}

#[cfg(unix)]
mod unix {
    use std::fs::{self, File};

    use super::*;

    #[test]
    fn graceful_shutdown_finishes_requests_in_flight() {
        let options = [
            "--delay",
            "2",
            "--drain-timeout",
            "60",
            "--header-timeout",
            "1",
        ];
        let server = Server::start("animals", &options);
        let mut stalled = server.connect();
        stalled.write_all(b"GET / HTTP/1.1\r\nHo").unwrap();
        thread::scope(|scope| {
            let asked = scope.spawn(|| get(&server, "/animals/cow"));
            until(&server, "http_requests_in_flight 2\n");
            server.signal("-INT");
            assert_eq!(status(&asked.join().unwrap()), "200");
        });
        // The stalled client is closed by the limit on the head.
        assert_eq!(server.wait(), Some(130));
    }

    #[test]
    fn thousand_clients_that_close_early_leave_a_line_each_and_no_socket() {
        let mut command = server::program("flags", &["--port", "0"]);
        let log = tempfile::NamedTempFile::new().unwrap();
        command.stderr(log.reopen().unwrap());
        let server = Server::run(command);
        let head = b"GET /br/br.gif HTTP/1.1\r\nHost: a\r\n\r\n";
        for _ in 0..1000 {
            let mut client = server.connect();
            client.write_all(head).unwrap();
            client.read_exact(&mut [0]).unwrap();
        }
        // Of those who ask here, the last one may still be going.
        until(&server, "connections_open 1\n");
        eventually("its files are closed", || server.open_files() < 30);
        server.signal("-INT");
        assert_eq!(server.wait(), Some(130));
        let log = fs::read_to_string(log.path()).unwrap();
        let lines = log.lines().filter(|line| line.contains("/br/br.gif"));
        assert_eq!(lines.count(), 1000);
        let others = |line: &&str| !line.contains("target=");
        let others: Vec<_> = log.lines().filter(others).collect();
        assert_eq!(others.len(), 1, "{others:?}");
    }

    #[test]
    fn any_request_is_one_line_of_the_log() {
        let log = std::env::temp_dir()
            .join(format!("log-of-strangers-{}", std::process::id()));
        let mut command = server::program("flags", &["--port", "0"]);
        command.stderr(File::create(&log).unwrap());
        let server = Server::run(command);
        let paths = ["/%1b%5b2J", "/a?\u{1b}", "/x%0d%0aX:%20y", "/é"];
        for path in paths {
            get(&server, path);
        }
        assert_eq!(status(&get(&server, "/br/br.gif")), "200");
        server.signal("-INT");
        assert_eq!(server.wait(), Some(130));
        let text = fs::read(&log).unwrap();
        fs::remove_file(&log).unwrap();
        assert!(!text.contains(&0x1b), "{}", text.escape_ascii());
        let text = String::from_utf8(text).unwrap();
        let line =
            |path: &str| text.lines().filter(|l| l.contains(path)).count();
        assert_eq!((line("/%1b%5b2J"), line("/br/br.gif")), (1, 1), "{text}");
    }
}
