//! Sockets as objects: the code reads as if it blocked.
//!
//! New: `accept`, `recv` and `send` are subroutines that wait by system calls.
//! What the system takes in parts, `send` sends in parts.
//!
//! cargo run -p ch03-generators -- socket-objects

use std::error::Error;
use std::net::SocketAddr;

use crate::coroutine::Raised;
use crate::kernel::{Listener, Os, Scheduler, Stream};

/// Sends back what arrives, until the other side has said its last.
///
/// # Errors
///
/// The connection's.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency*, part 8.
pub async fn echo(os: Os, client: Stream) -> Result<usize, Raised> {
    let mut buffer = [0; 4096];
    let mut echoed = 0;
    loop {
        let n = client.recv(&os, &mut buffer).await?;
        if n == 0 {
            return Ok(echoed);
        }
        client.send(&os, &buffer[..n]).await?;
        echoed += n;
    }
}

/// Serves one client.
async fn server(os: Os, listener: Listener) -> Result<(), Raised> {
    let client = listener.accept(&os).await?;
    println!("[server] accepted");
    println!("[server] echoed {} bytes", echo(os, client).await?);
    Ok(())
}

/// Sends `bytes` bytes, and reads them at the same time: if it did not, it
/// would wait for the server to read, and the server for it.
async fn client(
    os: Os,
    address: SocketAddr,
    bytes: usize,
) -> Result<(), Raised> {
    let stream = os.connect(address).await?;
    let writer = stream.clone();
    let sending = os
        .spawn(move |os| async move {
            writer.send(&os, &vec![b'x'; bytes]).await?;
            writer.finish()?;
            Ok(())
        })
        .await?;
    let (mut buffer, mut received) = ([0; 4096], 0);
    loop {
        match stream.recv(&os, &mut buffer).await? {
            0 => break,
            n => received += n,
        }
    }
    os.wait(sending).await?;
    println!("[client] received {received} bytes");
    Ok(())
}

/// Echoes a hundred bytes, then more than any socket takes at once.
///
/// # Errors
///
/// The system gives no socket.
pub fn demo() -> Result<(), Box<dyn Error>> {
    for bytes in [100, 10_000_000] {
        let mut scheduler = Scheduler::new()?;
        scheduler.spawn(move |os| async move {
            let listener = os.listen(([127, 0, 0, 1], 0).into())?;
            let address = listener.address()?;
            let server = os.spawn(|os| server(os, listener)).await?;
            client(os.clone(), address, bytes).await?;
            os.wait(server).await?;
            Ok(())
        });
        scheduler.run()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_silent_client_gets_no_bytes() {
        let mut scheduler = Scheduler::new().unwrap();
        scheduler.spawn(|os| async move {
            let listener = os.listen(([127, 0, 0, 1], 0).into())?;
            let client = os.connect(listener.address()?).await?;
            client.finish()?;
            let served = listener.accept(&os).await?;
            assert_eq!(echo(os, served).await?, 0);
            Ok(())
        });
        scheduler.on_unseen(|_, failure| panic!("{failure}"));
        scheduler.run().unwrap();
    }
}
