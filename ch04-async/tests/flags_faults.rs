//! The downloader against servers that misbehave: each fault costs the flag in
//! question, and nothing else.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod flags_support;

use std::fs;
use std::io::Write;
#[cfg(target_os = "linux")]
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use flags_support::*;
use tempfile::tempdir;

const CONCURRENT: [&str; 2] = ["threads", "async"];

/// Runs a check for several modes at once.
fn in_modes(modes: &[&str], check: impl Fn(&str) + Sync) {
    thread::scope(|scope| {
        for mode in modes {
            scope.spawn(|| check(mode));
        }
    });
}

#[test]
fn each_status_lands_in_one_of_three_counters() {
    const STATUS: [&str; 8] = [
        "200 OK",
        "404 Not Found",
        "403 Forbidden",
        "410 Gone",
        "418 Teapot",
        "429 Too Many",
        "500 Oops",
        "503 Busy",
    ];
    let server = Fake::new(|stream, path, _| {
        let nth = usize::from(path.as_bytes()[2] - b'a');
        send(stream, STATUS[nth % 8], "", GIF);
    });
    let run_it = |mode: &str, wanted: &[&str]| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(wanted));
        let (saved, _, _) = ran.counters();
        assert_eq!(files(dir.path()).len(), saved);
        (ran.counters(), ran.status)
    };
    in_modes(&MODES, |mode| {
        // AA to BN: each status five times.
        let forty = run_it(mode, &["--every", "--limit", "40"]);
        assert_eq!(forty, ((6, 6, 28), Some(1)));
        let good = run_it(mode, &["aa", "AI", "ab"]);
        assert_eq!(good, ((2, 1, 0), Some(0)));
    });
}

#[test]
fn no_more_than_max_req_are_in_flight_and_no_fewer_than_that() {
    in_modes(&CONCURRENT, |mode| {
        let now = Arc::new(AtomicUsize::new(0));
        let peak = Arc::new(AtomicUsize::new(0));
        let (in_flight, most) = (Arc::clone(&now), Arc::clone(&peak));
        let server = Fake::new(move |stream, _, _| {
            most.fetch_max(in_flight.fetch_add(1, SeqCst) + 1, SeqCst);
            let head = "HTTP/1.1 200 OK\r\nconnection: close\r\n\
                        content-length: 7\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            for _ in 0..6 {
                stream.write_all(b"x").ok();
                thread::sleep(Duration::from_millis(50));
            }
            // Before the last byte: after it the client may be faster.
            in_flight.fetch_sub(1, SeqCst);
            stream.write_all(b";").ok();
        });
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--every", "--limit", "50", "--max-req", "5"]));
        assert_eq!(ran.counters(), (50, 0, 0));
        let peak = peak.load(SeqCst);
        assert!((4..=5).contains(&peak), "{mode}: {peak} in flight");
    });
}

#[test]
fn a_body_that_was_cut_short_is_an_error_and_leaves_nothing() {
    let server = Fake::new(|stream, path, _| {
        let (header, body) = match code(path).as_str() {
            "AA" => ("content-length: 10000", vec![b';'; 5000]),
            "AB" => ("transfer-encoding: chunked", b"5\r\nGIF8;\r\n".to_vec()),
            // Neither length nor chunks: the end of the connection.
            "AC" => ("x: y", GIF[..9].to_vec()),
            "AD" => ("x: y", Vec::new()),
            // Not chunked: it ends where the connection does, too.
            "AF" => ("transfer-encoding: gzip", GIF[..9].to_vec()),
            _ => ("x: y", GIF.to_vec()),
        };
        let head = format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n");
        stream
            .write_all(&[head.as_bytes(), &body].concat())
            .unwrap();
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url(), "-v"])
            .args(["AA", "AB", "AC", "AD", "AE", "AF"]));
        assert_eq!(ran.counters(), (1, 0, 5), "{}", ran.stdout);
        assert_eq!(ran.stdout.matches("error: cut short").count(), 5);
        assert!(ran.stdout.contains("[AE] 36 bytes, length unknown\n"));
        assert_eq!(files(dir.path()), ["AE.gif"]);
    });
}

#[test]
fn a_server_that_takes_for_ever_is_given_up() {
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        "AA" => hold(stream),
        // A byte now and then resets no clock.
        _ => {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            while stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(200));
            }
        }
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run_within(
            Duration::from_secs(10),
            flags(dir.path())
                .args(["--mode", mode, "--base-url", &server.url()])
                .args(["--timeout", "1", "AA", "AB"]),
        );
        assert_eq!(ran.counters(), (0, 0, 2));
        assert!(ran.stderr.contains("error: timed out (2 flags: AA AB)"));
        assert_eq!(files(dir.path()), [""; 0]);
    });
}

#[test]
fn a_flood_that_never_comes_to_the_answer_is_given_up() {
    let server = Fake::new(|stream, _, _| {
        // Each is legal, and followed by what the client waits for: another.
        let flood = b"HTTP/1.1 100 Continue\r\n\r\n".repeat(1_000);
        while stream.write_all(&flood).is_ok() {}
    });
    in_modes(&CONCURRENT, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--timeout", "1", "AA", "AA", "AB"]));
        assert_eq!(ran.counters(), (0, 0, 3), "{mode}");
        let text = "error: timed out (3 flags: AA AA AB)";
        assert!(ran.stderr.contains(text), "{mode}: {}", ran.stderr);
        assert_eq!(ran.status, Some(1));
        assert_eq!(files(dir.path()), [""; 0]);
    });
}

#[test]
fn a_failure_does_not_stick_to_the_flags_after_it() {
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        "AA" | "AC" => send(stream, "500 Oops", "", b""),
        "AD" => send(stream, "404 Not Found", "", b""),
        _ => send(stream, "200 OK", "", GIF),
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        // One at a time and in order: each success comes after a failure.
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url(), "-m", "1"])
            .args(["AA", "AB", "AC", "AD", "AE", "AF"]));
        assert_eq!(ran.counters(), (3, 1, 2), "{mode}");
        assert_eq!(files(dir.path()), ["AB.gif", "AE.gif", "AF.gif"]);
    });
}

#[test]
fn two_requests_for_each_flag_hold_one_permit_at_a_time() {
    let under_way = Arc::new(AtomicUsize::new(0));
    let peak = Arc::new(AtomicUsize::new(0));
    let (active, most) = (under_way.clone(), peak.clone());
    let server = Fake::new(move |stream, path, _| {
        most.fetch_max(active.fetch_add(1, SeqCst) + 1, SeqCst);
        // Long enough for others to come in between, if they may.
        thread::sleep(Duration::from_millis(20));
        // Before the last byte: afterwards the next one may be here already.
        active.fetch_sub(1, SeqCst);
        match path.ends_with(".json") {
            true => send(stream, "200 OK", "", br#"{"country": "X Y"}"#),
            false => send(stream, "200 OK", "", GIF),
        }
    });
    for permits in ["1", "3"] {
        let dir = tempdir().unwrap();
        peak.store(0, SeqCst);
        let ran = run(flags(dir.path())
            .args(["--base-url", &server.url(), "-m", permits])
            .args(["--country-names", "AA", "AB", "AC", "AD", "AE", "AF"]));
        // With one permit for both requests held at once, no download would finish.
        assert_eq!(ran.counters(), (6, 0, 0), "{permits}");
        assert!(peak.load(SeqCst) <= permits.parse().unwrap());
        assert!(files(dir.path()).contains(&"X_Y-AA.gif".to_string()));
    }
    // One after the other: a flag's second request waits for its turn behind
    // the first requests of the others.
    let log = server.requests.lock().unwrap();
    let alone: Vec<_> = log[..12].iter().map(|(path, _)| path).collect();
    assert!(alone[..6].iter().all(|path| path.ends_with(".json")));
    assert!(alone[6..].iter().all(|path| path.ends_with(".gif")));
}

#[cfg(target_os = "linux")]
#[test]
fn an_address_that_does_not_answer_is_given_up() {
    use std::net::TcpStream;
    // A queue that is full drops what comes next, like a black hole.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(stream) =
        TcpStream::connect_timeout(&address, Duration::from_millis(300))
    {
        queue.push(stream);
        assert!(queue.len() < 10_000, "this queue has no end");
    }
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run_within(
            Duration::from_secs(10),
            flags(dir.path())
                .args(["--mode", mode, "--connect-timeout", "1", "BR"])
                .args(["--timeout", "60"])
                .arg(format!("--base-url=http://{address}")),
        );
        assert_eq!(ran.counters(), (0, 0, 1));
        assert!(ran.stderr.contains("timed out"), "{}", ran.stderr);
    });
}

#[test]
fn an_endless_body_is_stopped_in_little_memory() {
    let server = Fake::new(|stream, path, _| {
        let header = match code(path).as_str() {
            "AA" => "content-length: 99999999999",
            _ => "x: y",
        };
        let head = format!("HTTP/1.1 200 OK\r\n{header}\r\n\r\n");
        stream.write_all(head.as_bytes()).ok();
        while stream.write_all(&[b';'; 64 * 1024]).is_ok() {}
    });
    in_modes(&CONCURRENT, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--max-req", "8", "--every", "--limit", "8"]));
        assert_eq!(ran.counters(), (0, 0, 8));
        let text = "error: larger than 10485760 bytes (8 flags";
        assert!(ran.stderr.contains(text), "{}", ran.stderr);
        assert!(ran.peak_rss <= 64 * 1024, "{} KiB", ran.peak_rss);
        // A country without end, before there is any flag.
        let named = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--country-names", "--timeout", "2", "BR"]));
        assert_eq!(named.counters(), (0, 0, 1));
        assert!(named.stderr.contains("metadata without a name"));
        assert_eq!(files(dir.path()), [""; 0]);
    });
}

#[test]
fn what_came_compressed_is_stored_as_it_came() {
    let server = Fake::new(|stream, _, _| {
        send(stream, "200 OK", "content-encoding: gzip\r\n", b"\x1f\x8b;");
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        run(flags(dir.path()).args([
            "--mode",
            mode,
            "--base-url",
            &server.url(),
            "BR",
        ]));
        let saved = fs::read(dir.path().join("BR.gif")).unwrap();
        assert_eq!(saved, b"\x1f\x8b;");
    });
}

#[test]
fn redirects_stay_on_their_server_and_come_to_an_end() {
    let elsewhere = Fake::new(|stream, _, _| send(stream, "200 OK", "", GIF));
    let other = elsewhere.url();
    let server = Fake::new(move |stream, path, _| {
        let to = match path {
            "/aa/aa.gif" => path.to_string(),
            "/ab/ab.gif" => "/step/1".to_string(),
            "/ac/ac.gif" => "file:///etc/passwd".to_string(),
            "/ad/ad.gif" => format!("{other}/br/br.gif"),
            "/ae/ae.gif" => "/../../x.gif".to_string(),
            "/x.gif" => return send(stream, "200 OK", "", GIF),
            _ => format!("{path}1"),
        };
        send(stream, "302 Found", &format!("location: {to}\r\n"), b"");
    });
    in_modes(&["sequential", "async"], |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url(), "-v"])
            .args(["AA", "AB", "AC", "AD", "AE"]));
        assert_eq!(ran.counters(), (1, 0, 4), "{}", ran.stdout);
        let loops = "error: redirected more than 5 times";
        assert_eq!(ran.stdout.matches(loops).count(), 2, "{}", ran.stdout);
        let n = ran.stdout.matches("redirected to another").count();
        assert_eq!(n, 1, "{}", ran.stdout);
        // What is not HTTP is not followed: it is an answer like any other.
        assert!(ran.stdout.contains("[AC] error: 302 Found"));
        // The server names no file.
        assert_eq!(files(dir.path()), ["AE.gif"]);
    });
    assert_eq!(elsewhere.count(), 0);
    for path in ["/aa/aa.gif", "/step/1"] {
        let log = server.requests.lock().unwrap();
        let n = log.iter().filter(|(p, _)| p.starts_with(path)).count();
        assert!(n <= 2 * 6, "{path}: {n} requests");
    }
}

/// A server whose clock is wrong asks to be left alone for a second.
const IN_A_SECOND: &str = "date: Sun, 06 Nov 1994 08:49:37 GMT\r\n\
     retry-after: Sun, 06 Nov 1994 08:49:38 GMT\r\n";

#[test]
fn what_may_pass_is_tried_again_and_nothing_else() {
    let server = || {
        Fake::new(|stream, path, nth| match (code(path).as_str(), nth) {
            ("AA", 1 | 2) => send(stream, "503 Busy", "", b""),
            ("AC", _) => send(stream, "500 Oops", "", b""),
            ("AD", 1) => send(stream, "429 X", "retry-after: 2\r\n", b""),
            ("AF", 1) => send(stream, "503 Busy", IN_A_SECOND, b""),
            ("AB", _) => send(stream, "404 Not Found", "", b""),
            ("AE", _) => send(stream, "410 Gone", "", b""),
            _ => send(stream, "200 OK", "", GIF),
        })
    };
    in_modes(&MODES, |mode| {
        thread::scope(|scope| {
            let attempts = |code: &str| {
                let server = server();
                let dir = tempdir().unwrap();
                run(flags(dir.path())
                    .args(["--mode", mode, "--base-url", &server.url()])
                    .args(["--retries", "3", code]));
                server.times()
            };
            let aa = scope.spawn(move || attempts("AA"));
            let ac = scope.spawn(move || attempts("AC"));
            let ad = scope.spawn(move || attempts("AD"));
            let af = scope.spawn(move || attempts("AF"));
            assert_eq!(attempts("AB").len(), 1);
            assert_eq!(attempts("AE").len(), 1);
            assert_eq!(aa.join().unwrap().len(), 3);
            let ac = ac.join().unwrap();
            assert_eq!(ac.len(), 4);
            for (pair, least) in ac.windows(2).zip([100, 200, 400]) {
                assert!(pair[1] - pair[0] >= Duration::from_millis(least));
            }
            let ad = ad.join().unwrap();
            assert!(ad[1] - ad[0] >= Duration::from_secs(2));
            let af = af.join().unwrap();
            assert!(af[1] - af[0] >= Duration::from_secs(1));
        });

        let dir = tempdir().unwrap();
        let refused = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", "http://127.0.0.1:9"])
            .args(["--retries", "3", "-v", "BR"]));
        assert_eq!(refused.stderr.matches("; again in ").count(), 3);
        assert_eq!(refused.counters(), (0, 0, 1));
    });
}

#[test]
fn who_waits_to_try_again_holds_no_permit() {
    // One permit: BD is asked for while AA is waiting, or AA never succeeds.
    let server =
        Fake::new(|stream, path, nth| match (code(path).as_str(), nth) {
            ("AA", 1) => send(stream, "503 Busy", "retry-after: 1\r\n", b""),
            _ => send(stream, "200 OK", "", GIF),
        });
    let dir = tempdir().unwrap();
    let ran = run(flags(dir.path())
        .args(["--base-url", &server.url(), "--retries", "1"])
        .args(["--max-req", "1", "AA", "AB"]));
    assert_eq!(ran.counters(), (2, 0, 0));
    let log = server.requests.lock().unwrap();
    let paths: Vec<&str> = log.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["/aa/aa.gif", "/ab/ab.gif", "/aa/aa.gif"]);
}

#[test]
fn nothing_that_a_server_says_reaches_the_terminal() {
    const EVIL: &str = "\u{202e}\u{9b}31mred";
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        "AA" => send(stream, &format!("500 {EVIL}"), "", EVIL.as_bytes()),
        "AB" => send(stream, "500 \x1b[31m\x07", "", b"\x1b[31m"),
        _ if path.ends_with(".json") => {
            let json = r#"{"country": "\u001b[31m/../\u202e\r"}"#;
            send(stream, "200 OK", "", json.as_bytes());
        }
        _ => send(stream, "200 OK", &format!("x: {EVIL}\r\n"), GIF),
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--country-names", "-v", "AA", "AB", "AC"]));
        assert_eq!(ran.counters(), (1, 0, 2), "{}", ran.stdout);
        let text = ran.stdout + &ran.stderr;
        let odd = |c: char| c.is_control() && c != '\n' || c == '\u{202e}';
        assert!(!text.contains(odd), "{text:?}");
        assert_eq!(files(dir.path()), ["__31m______-AC.gif"]);
    });
}

#[test]
fn a_country_that_looks_like_an_option_is_saved_as_none() {
    let server = Fake::new(|stream, path, _| match path.ends_with(".json") {
        true => send(stream, "200 OK", "", br#"{"country": "-rf"}"#),
        false => send(stream, "200 OK", "", GIF),
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(dir.path())
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--country-names", "BR"]));
        assert_eq!(ran.counters(), (1, 0, 0), "{}", ran.stderr);
        assert_eq!(files(dir.path()), ["_rf-BR.gif"]);
    });
}

#[test]
fn six_broken_servers_are_six_errors_of_one_line_each() {
    let server = Fake::new(|stream, path, _| match code(path).as_str() {
        // Closing with unread bytes sends a reset.
        "AA" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le").unwrap();
        }
        "AB" => stream.write_all(b"Welcome to FTP\r\n\r\n").unwrap(),
        "AC" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
            let line = [b"x: ", vec![b'y'; 9_997].as_slice(), b"\r\n"].concat();
            for _ in 0..100 {
                stream.write_all(&line).ok();
            }
        }
        "AD" => stream.write_all(b"\x16\x03\x01\x02\x00\x01").unwrap(),
        _ => send(stream, "200 OK", "", GIF),
    });
    let no_server = "http://127.0.0.1:9".to_string();
    // A label of 64 letters: no resolver has to be asked to know better.
    let no_name = format!("http://{}.invalid", "x".repeat(64));
    in_modes(&MODES, |mode| {
        let try_it = |url: &str, codes: &[&str]| {
            let dir = tempdir().unwrap();
            run(flags(dir.path())
                .args(["--mode", mode, "--connect-timeout", "2", "-v"])
                .args(["--base-url", url])
                .args(codes))
        };
        let ran = try_it(&server.url(), &["AA", "AB", "AC", "AD", "AE"]);
        assert_eq!(ran.counters(), (1, 0, 4), "{}", ran.stdout);
        let lines = ran.stdout.matches("] error: no answer: ").count();
        assert_eq!(lines, 4, "{}", ran.stdout);
        assert!(!ran.stderr.contains("panicked"), "{}", ran.stderr);
        for url in [&no_server, &no_name] {
            let ran = try_it(url, &["BR"]);
            assert_eq!(ran.counters(), (0, 0, 1), "{}", ran.stdout);
            assert_eq!(ran.stdout.matches("[BR] error: ").count(), 1);
            assert_eq!(ran.status, Some(1));
        }
    });
}

#[test]
fn a_country_named_by_the_server_stays_in_the_folder() {
    let server = Fake::new(|stream, path, _| match path {
        "/br/metadata.json" => {
            send(stream, "200 OK", "", br#"{"country": "../Brazil"}"#);
        }
        "/ad/metadata.json" => send(stream, "200 OK", "", b"{}"),
        "/ae/metadata.json" => send(stream, "404 Not Found", "", b""),
        _ => send(stream, "200 OK", "", GIF),
    });
    in_modes(&MODES, |mode| {
        let dir = tempdir().unwrap();
        let ran = run(flags(&dir.path().join("flags"))
            .args(["--mode", mode, "--base-url", &server.url()])
            .args(["--country-names", "AD", "AE", "BR"]));
        assert_eq!(ran.counters(), (1, 1, 1));
        assert_eq!(files(dir.path()), ["flags"]);
        let inside = files(&dir.path().join("flags"));
        assert_eq!(inside, ["___Brazil-BR.gif"]);
    });
}

#[test]
fn a_killed_run_leaves_no_half_flag_and_the_next_one_tidies_up() {
    in_modes(&MODES, |mode| {
        let slow = Fake::new(|stream, _, _| {
            let head = "HTTP/1.1 200 OK\r\ncontent-length: 36\r\n\r\n";
            stream.write_all(head.as_bytes()).ok();
            stream.write_all(&GIF[..18]).ok();
            hold(stream);
        });
        let dir = tempdir().unwrap();
        let mut child = flags(dir.path())
            .args(["--mode", mode, "--base-url", &slow.url(), "BR"])
            .stdout(std::process::Stdio::null())
            .stderr(std::process::Stdio::null())
            .spawn()
            .unwrap();
        wait_for_part(dir.path());
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(!dir.path().join("BR.gif").exists());
        let good = Fake::new(|stream, _, _| send(stream, "200 OK", "", GIF));
        let again = run(flags(dir.path()).args([
            "--mode",
            mode,
            "--base-url",
            &good.url(),
            "BR",
        ]));
        assert_eq!(again.counters(), (1, 0, 0));
        assert_eq!(files(dir.path()), ["BR.gif"]);
    });
}

#[test]
fn the_environments_proxy_is_for_other_servers_not_for_ours() {
    let proxy = Fake::new(|stream, path, _| {
        assert_eq!(path, "http://flags.invalid/br/br.gif");
        send(stream, "200 OK", "", GIF);
    });
    let here = Fake::new(|stream, _, _| send(stream, "200 OK", "", GIF));
    in_modes(&["sequential", "async"], |mode| {
        let dir = tempdir().unwrap();
        let ours = run(flags(dir.path())
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .args(["--mode", mode, "-s", "local", "BR"]));
        assert_eq!(ours.counters(), (1, 0, 0), "{}", ours.stderr);
        // Another server of this machine is no more for a proxy to find.
        let here = run(flags(dir.path())
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("http_proxy", "http://127.0.0.1:9")
            .env("all_proxy", "http://127.0.0.1:9")
            .args(["--mode", mode, "--base-url", &here.url(), "BR"]));
        assert_eq!(here.counters(), (1, 0, 0), "{}", here.stderr);
        let theirs = run(flags(dir.path())
            .env("http_proxy", proxy.url())
            .args(["--mode", mode, "--base-url", "http://flags.invalid"])
            .arg("BR"));
        assert_eq!(theirs.counters(), (1, 0, 0), "{}", theirs.stderr);
    });
    assert_eq!(proxy.count(), 2);
}
