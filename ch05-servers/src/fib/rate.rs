//! How many short answers a second there are, alone and beside long ones.
//!
//! cargo run -p ch05-servers -- fib --rate

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::time::{Instant, timeout_at};

use super::{Place, get, start};
use crate::raw_client::runtime;

/// How long is counted.
const TIME: Duration = Duration::from_secs(1);
/// The number that is asked for beside the short ones.
const LONG: u32 = 30;

/// Counts short answers at both servers, alone and beside a busy client.
///
/// # Errors
///
/// The server cannot be started, or does not answer.
pub fn demo() -> io::Result<()> {
    for place in [Place::Inline, Place::Offloaded] {
        let (alone, beside, long) = runtime()?.block_on(async {
            let (_fib, address, _ends_with_us) = start(place).await?;
            let until = Instant::now() + TIME;
            let alone = answers(address, 1, until).await;
            let until = Instant::now() + TIME;
            let long = tokio::spawn(answers(address, LONG, until));
            let beside = answers(address, 1, until).await;
            let long = long.await.expect("a client does not panic");
            io::Result::Ok((alone, beside, long))
        })?;
        println!(
            "{place:?}: {alone} a second; beside {long} of fib({LONG}), {beside}"
        );
    }
    Ok(())
}

/// Asks for one number again and again; returns how often it was answered.
async fn answers(address: SocketAddr, n: u32, until: Instant) -> usize {
    let mut answers = 0;
    while let Ok(Ok(_)) = timeout_at(until, get(address, n)).await {
        answers += 1;
    }
    answers
}
