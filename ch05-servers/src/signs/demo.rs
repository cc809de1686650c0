//! One client and sixteen, against both delays; and the client in two phases.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::client::find;
use super::{Delay, Signs, run};
use crate::finder::Index;
use crate::load::clients::{Http, connect};
use crate::load::{self as load, Arrivals, Plan};
use crate::raw_client::{listen, runtime};
use crate::serve::Limits;

const DELAY: Duration = Duration::from_millis(40);

/// Asks all three servers, and one of them for the black chess pieces.
///
/// # Errors
///
/// A server cannot be started, or does not answer.
pub fn demo() -> io::Result<()> {
    runtime()?.block_on(async {
        for (name, delay, slots) in [
            ("blocking", Delay::Blocking(DELAY), 1000),
            ("waiting", Delay::Waiting(DELAY), 1000),
            ("waiting, 4 slots", Delay::Waiting(DELAY), 4),
        ] {
            let (_, address, _stops) = start(delay, slots).await?;
            let one = answers_a_delay(address, 1).await?;
            let many = answers_a_delay(address, 16).await?;
            println!(
                "{name}: {one:.1} answers a delay for 1 client, {many:.1} for \
                 16"
            );
        }

        let delay = Delay::Waiting(DELAY / 4);
        let (signs, address, _stops) = start(delay, 1000).await?;
        for (code, name) in find(address, &["black", "chess"]).await? {
            println!("U+{code} {name}");
        }
        let peak = signs.peak.load(SeqCst);
        println!("at most {peak} answers under way at once");
        Ok(())
    })
}

/// Starts a server on a thread with a loop of its own, as a server has; it
/// ends when the guard is dropped.
async fn start(
    delay: Delay,
    slots: usize,
) -> io::Result<(Arc<Signs>, SocketAddr, tokio_util::sync::DropGuard)> {
    // Arrows to dingbats: enough for a trial, and indexed at once.
    let index = Index::of('\u{2190}'..='\u{27BF}');
    let signs = Signs::new(index, delay, slots);
    let (listener, address) = listen().await?;
    let listener = listener.into_std()?;
    let (shared, stop) = (Arc::clone(&signs), CancellationToken::new());
    let stops = stop.clone().drop_guard();
    thread::Builder::new().spawn(move || {
        runtime()?.block_on(async {
            let listener = TcpListener::from_std(listener)?;
            run(shared, listener, Limits::default(), stop).await;
            io::Result::Ok(())
        })
    })?;
    Ok((signs, address, stops))
}

/// Returns how many answers so many clients get in the time of one.
async fn answers_a_delay(
    address: SocketAddr,
    clients: usize,
) -> io::Result<f64> {
    let plan = Plan {
        connections: clients,
        time: 10 * DELAY,
        arrivals: Arrivals::Closed,
    };
    let asked = load::run(plan, move || async move {
        Ok(Http::new(connect(address).await?, "/name/265C"))
    })
    .await?;
    let delays = asked.elapsed.as_secs_f64() / DELAY.as_secs_f64();
    Ok(asked.response.len() as f64 / delays)
}
