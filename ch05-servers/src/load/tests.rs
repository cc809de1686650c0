//! The loops on a clock that only moves when everybody waits.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::clients::{Http, connect};
use super::demo::measure;
use super::*;

fn p(report: &Histogram<u64>, percentile: f64) -> u64 {
    report.value_at_percentile(percentile) / 1000
}

#[test]
fn a_closed_loop_asks_once_while_the_server_stands_still() {
    let report = measure(Arrivals::Closed).unwrap();
    // Ten seconds less one, a millisecond each; give or take the clock's.
    let answers = report.response.len();
    assert!((4_000..=9_001).contains(&answers), "{answers}");
    assert_eq!(report.response.count_between(500_000, 60_000_000), 1);
    assert!(p(&report.response, 99.9) < 10);
}

#[test]
fn open_loop_counts_every_request_that_would_have_waited() {
    let report = measure(Arrivals::Open { per_second: 500.0 }).unwrap();
    assert_eq!(report.response.len(), 5_000);
    // Asked in the dark second or in the queue behind it.
    let late = report.response.count_between(10_000, 60_000_000);
    assert!(late >= 500, "{late}");
    assert_eq!(report.service.count_between(500_000, 60_000_000), 1);
    assert!(p(&report.response, 99.0) > 500);
    assert!(p(&report.service, 99.0) < 10);
}

struct Broken;

impl Client for Broken {
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        Err(io::Error::from(io::ErrorKind::ConnectionReset).into())
    }

    fn is_open(&self) -> bool {
        false
    }
}

#[tokio::test(start_paused = true)]
async fn an_error_is_counted_and_its_client_connects_again() {
    let plan = Plan {
        connections: 3,
        time: Duration::from_secs(60),
        arrivals: Arrivals::Closed,
    };
    let report = run(plan, || async { Ok(Broken) }).await.unwrap();
    // A tenth of a second lies between two of a client's questions.
    assert_eq!((report.errors, report.response.len()), (3 * 600, 0));
    assert_eq!(report.reconnects, 3 * 599);
    let kinds = BTreeMap::from([("connection reset".to_string(), 3 * 600)]);
    assert_eq!(report.kinds, kinds);
}

struct Never;

impl Client for Never {
    async fn ask(&mut self) -> Result<(), NoAnswer> {
        tokio::time::sleep(Duration::from_secs(100)).await;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn hopelessly_late_request_is_counted_as_never_sent() {
    let plan = Plan {
        connections: 1,
        time: Duration::from_secs(10),
        arrivals: Arrivals::Open { per_second: 1.0 },
    };
    let report = run(plan, || async { Ok(Never) }).await.unwrap();
    assert_eq!((report.response.len(), report.unsent), (1, 9));
}

/// A server that is not ours: says `answers` on each connection, one to each
/// question, and closes it.
async fn server(answers: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                for answer in answers {
                    let mut question = Vec::new();
                    while !question.ends_with(b"\r\n\r\n") {
                        question.push(stream.read_u8().await?);
                    }
                    stream.write_all(answer.as_bytes()).await?;
                }
                io::Result::Ok(())
            });
        }
    });
    address
}

/// Asks such a server a thousand times, of two connections.
async fn ask_a_thousand_times(answers: &'static [&'static str]) -> Report {
    struct Until(Http, Arc<AtomicU64>);
    impl Client for Until {
        async fn ask(&mut self) -> Result<(), NoAnswer> {
            match self.1.fetch_add(1, Relaxed) {
                0..1_000 => self.0.ask().await,
                _ => Err(NoAnswer::Done),
            }
        }

        fn is_open(&self) -> bool {
            self.0.is_open()
        }
    }
    let plan = Plan {
        connections: 2,
        time: Duration::from_secs(3_600),
        arrivals: Arrivals::Closed,
    };
    let address = server(answers).await;
    let asked = Arc::new(AtomicU64::new(0));
    let clients = move || {
        let asked = Arc::clone(&asked);
        async move { Ok(Until(Http::new(connect(address).await?, "/"), asked)) }
    };
    let work = run(plan, clients);
    let limit = Duration::from_secs(60);
    tokio::time::timeout(limit, work).await.unwrap().unwrap()
}

const STAYS: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
const LAST: &str =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
const OLD: &str = "HTTP/1.0 200 OK\r\n\r\nuntil the connection ends";
const BUSY: &str = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

#[tokio::test]
async fn a_server_may_close_after_any_answer_and_say_so_or_not() {
    for (answers, reconnects) in [
        // Said: the thousand take 500 connections, of which two were there at
        // first. Each client may take one more, to find that it is done.
        (&[STAYS, LAST][..], 498..=500),
        (&[OLD], 998..=1_000),
    ] {
        let report = ask_a_thousand_times(answers).await;
        assert_eq!((report.errors, report.response.len()), (0, 1_000));
        let n = report.reconnects;
        assert!(reconnects.contains(&n), "{answers:?}: {n}");
    }
    // Not said: some questions are asked in vain, and again.
    let report = ask_a_thousand_times(&[STAYS, STAYS, STAYS]).await;
    assert_eq!(report.errors, 0, "{:?}", report.kinds);
    assert!(report.reconnects >= 200, "{}", report.reconnects);
}

#[tokio::test]
async fn an_answer_that_is_none_does_not_end_the_asking() {
    let report = ask_a_thousand_times(&[STAYS, BUSY, LAST]).await;
    let busy = report.kinds["status 503"];
    assert_eq!(report.kinds.len(), 1, "{:?}", report.kinds);
    assert_eq!(report.errors, busy);
    assert_eq!(busy + report.response.len(), 1_000);
    assert!((300..=400).contains(&busy), "{busy}");
}

#[tokio::test]
async fn a_server_that_ends_amid_an_answer_is_named_and_asked_again() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nh";
    let address = server(Vec::leak(vec![half])).await;
    let plan = Plan {
        connections: 1,
        time: Duration::from_millis(500),
        arrivals: Arrivals::Closed,
    };
    let clients =
        move || async move { Ok(Http::new(connect(address).await?, "/")) };
    let report = run(plan, clients).await.unwrap();
    assert_eq!(report.kinds.len(), 1, "{:?}", report.kinds);
    assert_eq!(report.kinds["unexpected end of file"], report.errors);
    assert_eq!(report.reconnects, report.errors - 1);
}
