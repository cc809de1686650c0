//! The server without hyper on raw sockets.

use std::net::{Ipv4Addr, TcpListener};
use std::thread;
use std::time::Duration;

use super::super::http::text;
use super::*;

const LIMIT: Duration = Duration::from_secs(20);

/// Sends bytes to a server that knows `/` and `/hidden`; returns what comes
/// until it closes the connection.
///
/// It closes one on which nothing comes for a moment, too: what is then the
/// last answer does not say that it is.
fn exchange(sent: &[u8]) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut client =
        TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    client.set_read_timeout(Some(LIMIT)).unwrap();
    thread::scope(|scope| {
        scope.spawn(|| {
            let (server, _) = listener.accept().unwrap();
            let moment = Some(Duration::from_millis(200));
            server.set_read_timeout(moment).unwrap();
            let metrics = Metrics::default();
            // An error is what some of these clients ask for.
            session(&server, &metrics, |request| match request.uri().path() {
                "/" => text(StatusCode::OK, "hello"),
                "/hidden" => text(StatusCode::IM_A_TEAPOT, "hidden"),
                _ => text(StatusCode::NOT_FOUND, "nothing"),
            })
            .ok();
        });
        client.write_all(sent).unwrap();
        let mut answer = Vec::new();
        client.read_to_end(&mut answer).unwrap();
        // It lingers until then.
        client.shutdown(Shutdown::Both).ok();
        String::from_utf8(answer).unwrap()
    })
}

/// Returns the statuses of the answers, and whether the last one says that
/// the connection ends.
fn answers(sent: &str) -> (Vec<u16>, bool) {
    let text = exchange(sent.as_bytes());
    let answers: Vec<_> = text.split("HTTP/1.1 ").skip(1).collect();
    let last = answers.last().copied().unwrap_or_default();
    let statuses = answers.iter().map(|it| it[..3].parse().unwrap());
    (
        statuses.collect(),
        last.contains("\r\nconnection: close\r\n"),
    )
}

const GET: &str = "GET / HTTP/1.1\r\nHost: a\r\n";
const HIDDEN: &str = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

#[test]
fn doubtful_head_is_refused_and_ends_the_connection() {
    for lines in [
        "Content-Length : 38\r\n",
        "Content-Length\t: 38\r\n",
        " Content-Length: 38\r\n",
        "X: y\r\n Content-Length: 38\r\n",
        "Content-Length: +38\r\n",
        "Content-Length: 38, 38\r\n",
        "Content-Length: 38\r\nContent-Length: 0\r\n",
        "Content-Length: 38\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: xchunked\r\n",
        "Host: b\r\n",
        "no header\r\n",
        "X\0: y\r\n",
        "X: \0\r\n",
    ] {
        let sent = format!("{GET}{lines}\r\n{HIDDEN}{HIDDEN}");
        assert_eq!(answers(&sent), (vec![400], true), "{lines:?}");
    }
    for line in [
        "GET / HTTP/2.0\r\nHost: a",
        "GET / HTTP/1.1 \r\nHost: a",
        "GET  / HTTP/1.1\r\nHost: a",
        "GET /\r\nHost: a",
        "GET / HTTP/1.1",
        "GET / HTTP/1.1\r\nHost: a b",
        "GET / HTTP/1.1\r\nHost: a/b",
        "GET / HTTP/1.0\r\nTransfer-Encoding: chunked",
        "\x16\x03\x01\x02\0\x01\0\x01",
    ] {
        let sent = format!("{line}\r\n\r\n{HIDDEN}");
        assert_eq!(answers(&sent), (vec![400], true), "{line:?}");
    }
}

#[test]
fn body_is_read_and_never_taken_for_a_request() {
    let length = HIDDEN.len();
    let chunked = "Transfer-Encoding: chunked\r\n\r\n";
    for (body, statuses) in [
        (
            format!("Content-Length: {length}\r\n\r\n{HIDDEN}"),
            vec![200, 200],
        ),
        (
            format!("content-length:{length} \r\n\r\n{HIDDEN}"),
            vec![200, 200],
        ),
        (
            format!("{chunked}{length:x}\r\n{HIDDEN}\r\n0\r\n\r\n"),
            vec![200, 200],
        ),
        (
            format!("{chunked}1;a=b\r\nx\r\n0\r\nX: y\r\n\r\n"),
            vec![200, 200],
        ),
        (format!("{chunked}{HIDDEN}"), vec![400]),
        (format!("{chunked}\r\n\r\n{HIDDEN}"), vec![400]),
        (format!("{chunked};a=b\r\n\r\n{HIDDEN}"), vec![400]),
        (format!("{chunked}0\r\nX: y\n\r\n{HIDDEN}"), vec![400]),
        (format!("{chunked}0\r\n\n{HIDDEN}"), vec![400]),
        (
            format!("{chunked}1;\na=b\r\nx\r\n0\r\n\r\n{HIDDEN}"),
            vec![400],
        ),
        (format!("{chunked}1\r\nxx\r\n0\r\n\r\n{HIDDEN}"), vec![400]),
        (format!("{chunked}ffffffffffffffff1\r\n{HIDDEN}"), vec![400]),
        (format!("{chunked}ffffffffffffffff\r\n{HIDDEN}"), vec![413]),
        (format!("Content-Length: 16385\r\n\r\n{HIDDEN}"), vec![413]),
        (format!("Content-Length: 16384\r\n\r\n{HIDDEN}"), vec![408]),
    ] {
        let sent = format!("{GET}{body}{GET}Connection: close\r\n\r\n");
        assert_eq!(answers(&sent), (statuses, true), "{body:?}");
    }
}

#[test]
fn expectation_is_met_before_the_body_is_read() {
    let expects = "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n";
    let got = exchange(format!("{GET}{expects}").as_bytes());
    assert!(got.starts_with("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 408 "));
    // It is there already, so the client does not wait for leave to send it.
    let sent = format!("{GET}{expects}x{GET}Connection: close\r\n\r\n");
    assert_eq!(answers(&sent), (vec![200, 200], true));
}

#[test]
fn connection_stays_or_ends_as_the_request_says() {
    for (sent, statuses, ends) in [
        (format!("{GET}\r\n"), vec![200], false),
        (format!("{GET}\r\n{GET}\r\n"), vec![200, 200], false),
        (
            format!("{GET}Connection:close\r\n\r\n{GET}\r\n"),
            vec![200],
            true,
        ),
        (
            format!("{GET}connection: TE,  Close\r\n\r\n{GET}\r\n"),
            vec![200],
            true,
        ),
        (format!("GET / HTTP/1.0\r\n\r\n{GET}\r\n"), vec![200], true),
        (
            format!(
                "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n{GET}\r\n"
            ),
            vec![200, 200],
            false,
        ),
        (
            format!("\r\n\r\n{GET}\r\n\r\n{GET}\r\n"),
            vec![200, 200],
            false,
        ),
        (format!("\n{GET}\r\n"), vec![200], false),
        ("\r\n".to_string(), vec![], false),
        (format!("{GET}X"), vec![], false),
    ] {
        assert_eq!(answers(&sent), (statuses, ends), "{sent:?}");
    }
}

#[test]
fn long_head_gets_its_answer_before_the_end() {
    for bytes in [MAX_HEAD, 500_000] {
        let long = "x".repeat(bytes);
        let path = format!("GET /{long} HTTP/1.1\r\nHost: a\r\n\r\n");
        let line = format!("{GET}X: {long}\r\n\r\n");
        for sent in [path, line] {
            assert_eq!(answers(&sent), (vec![431], true), "{bytes}");
        }
    }
    let many = "X: y\r\n".repeat(MAX_LINES);
    let sent = format!("{GET}{many}\r\n");
    assert_eq!(answers(&sent), (vec![431], true));
}

#[test]
fn head_gets_the_length_and_no_body() {
    let head = GET.replace("GET", "HEAD");
    let got = exchange(format!("{head}\r\n{head}\r\n").as_bytes());
    assert_eq!(got.matches("\r\ncontent-length: 5\r\n").count(), 2, "{got}");
    assert!(!got.contains("hello"), "{got}");
}
