//! A server that stands still for a second, seen by both loops.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::runtime;
use tokio::time::{Instant, sleep, sleep_until};

use super::clients::Echo;
use super::report::{heading, percentiles};
use super::{Arrivals, Plan, Report, run};

const ANSWER: Duration = Duration::from_millis(1);
const STANDS_STILL: Duration = Duration::from_secs(1);
const WAKES_UP: Duration = Duration::from_secs(2);

/// Echoes one byte at a time, each after a millisecond; for the second second
/// of its life it does nothing.
async fn serve(mut client: DuplexStream) -> io::Result<()> {
    let start = Instant::now();
    loop {
        let byte = client.read_u8().await?;
        if (STANDS_STILL..WAKES_UP).contains(&start.elapsed()) {
            sleep_until(start + WAKES_UP).await;
        }
        sleep(ANSWER).await;
        client.write_u8(byte).await?;
    }
}

/// Returns what `arrivals` makes of that server, on a paused clock.
///
/// # Errors
///
/// There is no runtime to be had.
pub fn measure(arrivals: Arrivals) -> io::Result<Report> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()?;
    let plan = Plan {
        connections: 1,
        time: Duration::from_secs(10),
        arrivals,
    };
    runtime.block_on(run(plan, || async {
        let (ours, theirs) = duplex(64);
        // Ends with an error when its client is gone, as it should.
        tokio::spawn(serve(theirs));
        Ok(Echo::new(ours, 1))
    }))
}

/// Prints what both loops say about the same server.
///
/// # Errors
///
/// There is no runtime to be had.
pub fn demo() -> io::Result<()> {
    println!("A server that answers in 1 ms, and once stands still for 1 s.");
    println!("{}", heading());
    let closed = measure(Arrivals::Closed)?;
    println!("{}", percentiles("closed loop", &closed.response));
    let open = measure(Arrivals::Open { per_second: 500.0 })?;
    println!("{}", percentiles("open, since it was sent", &open.service));
    println!("{}", percentiles("open, since it was due", &open.response));
    let late = |report: &Report| {
        let all = report.response.len();
        // Twice an answer's time and more; the bar of the answers ends there.
        all - report
            .response
            .count_between(0, 2 * ANSWER.as_micros() as u64)
    };
    for (name, report) in [("closed", &closed), ("open", &open)] {
        let (late, all) = (late(report), report.response.len());
        println!("{name}: {late} of {all} had to wait");
    }
    Ok(())
}
