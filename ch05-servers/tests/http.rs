//! The HTTP servers as programs: raw sockets, clients that misbehave.

mod server;

use std::io::{Read, Write};
use std::thread;
use std::time::{Duration, Instant};

use server::{LIMIT, Server, output};

fn get(server: &Server, path: &str) -> String {
    let head = "HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    server.exchange(format!("GET {path} {head}").as_bytes())
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("nothing")
}

/// Waits until `/metrics` says so.
fn until(server: &Server, line: &str) {
    let start = Instant::now();
    while !get(server, "/metrics").contains(line) {
        assert!(start.elapsed() < LIMIT, "{}", get(server, "/metrics"));
        thread::yield_now();
    }
}

#[test]
fn a_hundred_are_answered_in_the_time_of_a_few() {
    let server = Server::start("animals", &["--delay", "0.5"]);
    let start = Instant::now();
    thread::scope(|scope| {
        let ask = || scope.spawn(|| get(&server, "/animals/cow"));
        let asked: Vec<_> = (0..100).map(|_| ask()).collect();
        assert_eq!(status(&get(&server, "/health")), "200");
        for answer in asked {
            assert_eq!(status(&answer.join().unwrap()), "200");
        }
    });
    // One after the other they would take fifty seconds.
    assert!(start.elapsed() < Duration::from_secs(15));
}

#[test]
fn beyond_the_limit_is_told_at_once_when_to_come_back() {
    let options = ["--max-inflight", "3", "--delay", "20"];
    let server = Server::start("animals", &options);
    let head = "GET /animals/pig HTTP/1.1\r\nHost: a\r\n\r\n";
    let inside: Vec<_> = (0..3)
        .map(|_| {
            let mut client = server.connect();
            client.write_all(head.as_bytes()).unwrap();
            client
        })
        .collect();
    // This very request is the fourth.
    until(&server, "http_requests_in_flight 4\n");
    let busy = get(&server, "/animals/pig");
    assert_eq!(status(&busy), "503");
    assert!(busy.contains("retry-after: 1\r\n"), "{busy}");
    // They leave during their delay, and are not worked for any more.
    drop(inside);
    until(&server, "http_requests_in_flight 1\n");
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
fn what_is_not_http_is_refused_and_ends_its_connection() {
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
    fn told_to_end_it_finishes_what_it_has_begun() {
        let options = [
            "--delay",
            "1",
            "--drain-timeout",
            "15",
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
        assert_eq!(server.wait(), Some(0));
    }

    #[test]
    fn a_request_is_one_line_of_the_log_whatever_it_says() {
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
        assert_eq!(server.wait(), Some(0));
        let text = fs::read(&log).unwrap();
        fs::remove_file(&log).unwrap();
        assert!(!text.contains(&0x1b), "{}", text.escape_ascii());
        let text = String::from_utf8(text).unwrap();
        let line =
            |path: &str| text.lines().filter(|l| l.contains(path)).count();
        assert_eq!((line("/%1b%5b2J"), line("/br/br.gif")), (1, 1), "{text}");
    }
}
