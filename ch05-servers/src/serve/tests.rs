//! Handlers that end, fail, panic and never end; clients that do worse.

use std::net::Ipv4Addr;

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;

use super::http::{self, Metrics};
use super::*;

const LIMIT: Duration = Duration::from_secs(20);

struct Running {
    address: SocketAddr,
    shutdown: CancellationToken,
    server: JoinHandle<Ended>,
}

impl Running {
    /// Starts a server that echoes a byte; `p` panics, `x` fails, `h` hangs.
    async fn echo(limits: Limits) -> Running {
        Running::start(limits, |mut stream: TcpStream, _| async move {
            loop {
                match stream.read_u8().await? {
                    b'p' => panic!("asked to"),
                    b'x' => return Err(io::Error::other("asked to")),
                    b'h' => std::future::pending().await,
                    byte => stream.write_u8(byte).await?,
                }
            }
        })
        .await
    }

    /// Starts a server that knows `/`, `/panic` and `/slow`.
    async fn http(limits: Limits) -> Running {
        let metrics = Arc::new(Metrics::default());
        Running::start(limits, move |stream, session| {
            let metrics = Arc::clone(&metrics);
            http::connection(
                stream,
                session,
                limits,
                metrics,
                async |request| match request.uri().path() {
                    "/panic" => panic!("asked to"),
                    "/slow" => std::future::pending().await,
                    "/long" => {
                        let bytes = Bytes::from(vec![b'.'; 30_000_000]);
                        Response::new(Full::new(bytes))
                    }
                    _ => http::text(StatusCode::OK, "hello"),
                },
            )
        })
        .await
    }

    async fn start<F, Fut>(limits: Limits, handle: F) -> Running
    where
        F: Fn(TcpStream, Session) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = io::Result<()>> + Send + 'static,
    {
        let at = (Ipv4Addr::LOCALHOST, 0);
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        let server = tokio::spawn(async move {
            serve(listener, &limits, token, handle).await
        });
        Running {
            address,
            shutdown,
            server,
        }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn stop(self) -> Ended {
        self.shutdown.cancel();
        in_time(self.server).await.unwrap()
    }
}

async fn in_time<T>(work: impl Future<Output = T>) -> T {
    timeout(LIMIT, work).await.expect("ends")
}

/// Sends a byte; returns the one that comes back, if one does.
async fn ask(client: &mut TcpStream, byte: u8) -> Option<u8> {
    client.write_u8(byte).await.ok()?;
    in_time(client.read_u8()).await.ok()
}

/// Sends `bytes`, then returns what comes until the server closes.
async fn exchange(running: &Running, bytes: &[u8]) -> String {
    let mut client = running.connect().await;
    client.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    in_time(client.read_to_end(&mut answer)).await.unwrap();
    String::from_utf8(answer).unwrap()
}

fn short() -> Limits {
    let moment = Duration::from_millis(200);
    Limits {
        idle: moment,
        header: moment,
        request: moment,
        write: moment,
        drain: moment,
        ..Limits::default()
    }
}

#[tokio::test]
async fn a_panic_ends_one_connection_and_frees_its_slot() {
    let one = Limits {
        connections: 1,
        ..Limits::default()
    };
    let running = Running::echo(one).await;
    for bad in [b'p', b'x', b'p'] {
        let mut client = running.connect().await;
        assert_eq!(ask(&mut client, bad).await, None);
    }
    assert_eq!(ask(&mut running.connect().await, b'a').await, Some(b'a'));
    let (accepted, cut) = (4, 0);
    assert_eq!(running.stop().await, Ended { accepted, cut });
}

#[tokio::test]
async fn client_without_a_slot_waits_and_is_served_later() {
    let one = Limits {
        connections: 1,
        ..Limits::default()
    };
    let running = Running::echo(one).await;
    let mut first = running.connect().await;
    assert_eq!(ask(&mut first, b'1').await, Some(b'1'));
    let mut second = running.connect().await;
    second.write_u8(b'2').await.unwrap();
    let moment = Duration::from_millis(50);
    assert!(timeout(moment, second.read_u8()).await.is_err());
    drop(first);
    assert_eq!(in_time(second.read_u8()).await.unwrap(), b'2');
}

#[tokio::test]
async fn a_handler_that_never_ends_is_cut_off_and_counted() {
    let running = Running::echo(short()).await;
    let mut client = running.connect().await;
    client.write_u8(b'h').await.unwrap();
    // The echo of another client says that the first was accepted.
    assert_eq!(ask(&mut running.connect().await, b'a').await, Some(b'a'));
    let address = running.address;
    let ended = running.stop().await;
    assert_eq!((ended.accepted, ended.cut > 0), (2, true));
    assert!(TcpStream::connect(address).await.is_err());
    assert!(in_time(client.read_u8()).await.is_err());
}

/// The loop tells the handlers, not the signal: a signal wakes both, and which
/// of them runs first is luck. Hence many rounds, on two threads.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn port_is_closed_before_clients_learn_of_the_shutdown() {
    for round in 0..300 {
        let (tx, mut rx) = tokio::sync::mpsc::channel(1);
        let running =
            Running::start(Limits::default(), move |mut stream, session| {
                let tx = tx.clone();
                async move {
                    let address = stream.local_addr()?;
                    stream.write_u8(b'!').await?;
                    session.closing.cancelled().await;
                    let late = TcpStream::connect(address).await;
                    // It is waited for below, unless the test has failed.
                    tx.send(late.is_err()).await.ok();
                    Ok(())
                }
            })
            .await;
        let mut client = running.connect().await;
        in_time(client.read_u8()).await.unwrap();
        running.shutdown.cancel();
        let refused = in_time(rx.recv()).await;
        assert_eq!(refused, Some(true), "round {round}");
        assert_eq!(running.stop().await.cut, 0);
    }
}

#[tokio::test]
async fn a_client_that_dawdles_is_closed_wherever_it_stands() {
    let running = Running::http(short()).await;
    let half = "GET / HTTP/1.1\r\nHost: a\r\nX";
    for (what, sent, answer) in [
        ("nothing sent", "", ""),
        ("half a head", half, ""),
        ("idle", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "HTTP/1.1 200"),
        (
            "slow",
            "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n",
            "HTTP/1.1 408",
        ),
    ] {
        let got = exchange(&running, sent.as_bytes()).await;
        assert!(got.starts_with(answer), "{what}: {got}");
        assert_eq!(got.is_empty(), answer.is_empty(), "{what}: {got}");
    }
    running.stop().await;
}

#[tokio::test]
async fn to_begin_a_request_and_to_send_it_have_a_limit_each() {
    let whole = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let half = "GET / HTTP/1.1\r\nHost: a\r\nX";
    let slow = "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n";
    let (never, soon) = (Duration::from_secs(3600), short());
    let idle = Limits {
        idle: never,
        ..soon
    };
    let header = Limits {
        header: never,
        ..soon
    };
    // With the wrong one of the two each of these would wait for an hour.
    for (limits, sent, answers) in [
        (header, "", 0),
        (header, whole, 1),
        (header, slow, 1),
        (idle, half, 0),
    ] {
        let running = Running::http(limits).await;
        let got = exchange(&running, sent.as_bytes()).await;
        assert_eq!(got.matches("HTTP/1.1").count(), answers, "{sent}: {got}");
        running.stop().await;
    }
    // An answer of its own, and then nothing more of the next request.
    let running = Running::http(idle).await;
    let mut client = running.connect().await;
    client.write_all(whole.as_bytes()).await.unwrap();
    let mut answer = [0; 8];
    in_time(client.read_exact(&mut answer)).await.unwrap();
    client.write_all(half.as_bytes()).await.unwrap();
    in_time(client.read_to_end(&mut vec![])).await.unwrap();
    running.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_is_closed() {
    let running = Running::http(short()).await;
    let mut client = running.connect().await;
    let request = b"GET /long HTTP/1.1\r\nHost: a\r\n\r\n";
    client.write_all(request).await.unwrap();
    // Not reading is what this client does; the server's end ends it.
    in_time(async {
        while !metrics(&running).await.contains("connections_open 1\n") {
            tokio::task::yield_now().await;
        }
    })
    .await;
    let mut answer = Vec::new();
    // Reset or short: the rest was never sent.
    in_time(client.read_to_end(&mut answer)).await.ok();
    assert!(answer.len() < 30_000_000, "{}", answer.len());
}

async fn metrics(running: &Running) -> String {
    let ask = "GET /metrics HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    exchange(running, ask.as_bytes()).await
}

#[tokio::test]
async fn a_panic_is_an_answer_and_the_next_request_is_served() {
    let running = Running::http(short()).await;
    let two = "GET /panic HTTP/1.1\r\nHost: a\r\n\r\n\
               GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let got = exchange(&running, two.as_bytes()).await;
    assert!(got.starts_with("HTTP/1.1 500 "), "{got}");
    assert!(got.ends_with("hello"), "{got}");
    let metrics = metrics(&running).await;
    assert!(metrics.contains("http_requests_total{status=\"5xx\"} 1\n"));
    // This very request.
    assert!(metrics.contains("http_requests_in_flight 1\n"), "{metrics}");
}

#[tokio::test]
async fn a_request_names_its_host_once() {
    let running = Running::http(short()).await;
    for (head, status) in [
        ("GET / HTTP/1.1\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n", 400),
        ("GET / HTTP/1.0\r\n", 200),
        ("GET / HTTP/1.1\r\nHost: a\r\n", 200),
    ] {
        let got = exchange(&running, format!("{head}\r\n").as_bytes()).await;
        let expected = format!(" {status} ");
        assert!(got[8..].starts_with(&expected), "{head:?}: {got}");
    }
}

#[tokio::test]
async fn a_stalled_head_does_not_hold_the_end_up() {
    let limits = Limits {
        drain: Duration::from_millis(200),
        ..Limits::default()
    };
    let running = Running::http(limits).await;
    let mut stalled = running.connect().await;
    stalled.write_all(b"GET / HTTP/1.1\r\nHo").await.unwrap();
    assert!(metrics(&running).await.contains("connections_open 2\n"));
    let ended = running.stop().await;
    assert_eq!((ended.accepted, ended.cut), (2, 1));
}
