//! The smallest server for many clients: accept, spawn, copy.
//!
//! cargo run -p ch05-servers -- echo-min

use std::io;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::{TcpListener, TcpStream};

/// Echoes for many clients at once, until `accept` fails.
///
/// # Errors
///
/// That of `accept`.
pub async fn serve(listener: TcpListener) -> io::Result<()> {
    loop {
        let (mut stream, _) = listener.accept().await?;
        tokio::spawn(async move {
            let (mut reader, mut writer) = stream.split();
            copy(&mut reader, &mut writer).await
        });
    }
}

/// Starts the server, and connects two clients.
///
/// # Errors
///
/// There is no free port, or a connection breaks.
#[tokio::main(flavor = "current_thread")]
pub async fn demo() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(serve(listener));

    let mut first = TcpStream::connect(address).await?;
    println!("1 connects, and is silent");
    let mut second = TcpStream::connect(address).await?;
    println!("2 gets {:?}", ask(&mut second, "hello").await?);
    println!("1 gets {:?}", ask(&mut first, "at last").await?);
    Ok(())
}

/// Sends a text, and reads as many bytes.
async fn ask(client: &mut TcpStream, text: &str) -> io::Result<String> {
    client.write_all(text.as_bytes()).await?;
    let mut echo = vec![0; text.len()];
    client.read_exact(&mut echo).await?;
    Ok(String::from_utf8_lossy(&echo).into_owned())
}
