//! The loops on a clock that only moves when everybody waits.

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
fn an_open_loop_sees_everybody_who_would_have_waited() {
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
    async fn ask(&mut self) -> io::Result<()> {
        Err(io::Error::other("broken"))
    }
}

#[tokio::test]
async fn an_error_is_counted_and_ends_its_connection() {
    let plan = Plan {
        connections: 3,
        time: Duration::from_secs(60),
        arrivals: Arrivals::Closed,
    };
    let report = run(plan, async || Ok(Broken)).await.unwrap();
    assert_eq!((report.errors, report.response.len()), (3, 0));
}

struct Never;

impl Client for Never {
    async fn ask(&mut self) -> io::Result<()> {
        tokio::time::sleep(Duration::from_secs(100)).await;
        Ok(())
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_hopelessly_late_is_counted_as_never_sent() {
    let plan = Plan {
        connections: 1,
        time: Duration::from_secs(10),
        arrivals: Arrivals::Open { per_second: 1.0 },
    };
    let report = run(plan, async || Ok(Never)).await.unwrap();
    assert_eq!((report.response.len(), report.unsent), (1, 9));
}
