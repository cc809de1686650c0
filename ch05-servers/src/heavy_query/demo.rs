//! A light client counts its answers while a heavy one has its wish.

use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

use super::client::{Client, WAYS};
use super::{Tally, server};
use crate::finder::shared::SharedIndex;

const HEAVY: &str = "cjk";
const LIGHT: &str = "/search?q=registered";

/// Runs server and clients on one thread, as asyncio does.
///
/// # Errors
///
/// The system gives no socket, or a connection breaks.
#[tokio::main(flavor = "current_thread")]
pub async fn demo() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let address = listener.local_addr()?;
    let shutdown = CancellationToken::new();
    let (index, tally) = (SharedIndex::start(), Arc::new(Tally::default()));
    let rows = index.ready().await.find(HEAVY).len();
    println!("{rows} rows for {HEAVY}");
    let server = server(listener, index, tally.clone(), shutdown.clone());
    let server = tokio::spawn(server);

    let mut light = Client::connect(address).await?;
    light.get(LIGHT).await?;
    let asks_all_the_time = tokio::spawn(async move {
        // Ends with the server.
        while light.get(LIGHT).await.is_ok() {
            yield_now().await;
        }
    });
    for way in WAYS {
        tally.reset();
        let mut heavy = Client::connect(address).await?;
        let answers = heavy.get_all(way, HEAVY).await?;
        let light = tally.meanwhile();
        println!("{way}: {answers} heavy, and {light} light meanwhile");
    }
    asks_all_the_time.abort();
    shutdown.cancel();
    server.await?;
    Ok(())
}
