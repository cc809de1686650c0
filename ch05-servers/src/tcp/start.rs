//! When a client can connect: the index first, or the port first.
//!
//! cargo run -p ch05-servers -- tcp --show start

use std::hint::black_box;
use std::io;
use std::time::Instant;

use tokio::net::TcpStream;

use crate::finder::Index;
use crate::finder::shared::SharedIndex;
use crate::raw_client::{listen, runtime};

/// Measures the time from the start to the first connection, twice.
///
/// # Errors
///
/// The system gives no socket.
pub fn demo() -> io::Result<()> {
    runtime()?.block_on(async {
        let start = Instant::now();
        black_box(Index::new());
        let (_listener, address) = listen().await?;
        TcpStream::connect(address).await?;
        let ms = start.elapsed().as_millis();
        println!("the index first: a client connects after {ms} ms");

        let start = Instant::now();
        let (_listener, address) = listen().await?;
        let index = SharedIndex::start();
        TcpStream::connect(address).await?;
        let ms = start.elapsed().as_millis();
        index.ready().await;
        let ready = start.elapsed().as_millis();
        println!(
            "the port first: a client connects after {ms} ms, \
             and can have an answer after {ready} ms"
        );
        Ok(())
    })
}
