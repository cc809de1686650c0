//! Five small programs, to predict before you run them.
//!
//! cargo run -p ch05-servers -- servers-recap

pub mod cli;

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::io::{DuplexStream, duplex};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, sleep, timeout};

const SIX_SECONDS: Duration = Duration::from_secs(6);
const TEN_SECONDS: Duration = Duration::from_secs(10);

/// Connects to a listener that never calls `accept`.
///
/// # Errors
///
/// The system gives no socket.
pub fn not_accepted() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let connected = TcpStream::connect(listener.local_addr()?);
    println!("connected: {}", connected.is_ok());
    let mut client = connected?;
    println!("sent: {:?}", client.write(b"hello").ok());
    client.set_read_timeout(Some(Duration::from_millis(200)))?;
    println!("answered: {}", client.read(&mut [0; 9]).is_ok());
    Ok(())
}

/// Says that it has sent all, and reads on.
///
/// # Errors
///
/// The system gives no socket, or the connection breaks.
pub fn half_closed() -> io::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    let (mut server, _) = listener.accept()?;
    let counting = thread::spawn(move || {
        let mut text = String::new();
        server.read_to_string(&mut text)?;
        write!(server, "{} bytes", text.len())
    });
    client.write_all(b"hello")?;
    client.shutdown(Shutdown::Write)?;
    let mut answer = String::new();
    client.read_to_string(&mut answer)?;
    println!("the answer: {answer:?}");
    counting.join().expect("counting does not panic")
}

/// Sends a byte every six seconds, and never the end of the line.
async fn trickle(mut client: DuplexStream) {
    while client.write_u8(b'x').await.is_ok() {
        sleep(SIX_SECONDS).await;
    }
}

/// Puts a limit around the line, and then around each read.
///
/// # Errors
///
/// None.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn trickled() -> io::Result<()> {
    let (client, server) = duplex(64);
    tokio::spawn(trickle(client));
    let (start, mut line) = (Instant::now(), String::new());
    let mut server = BufReader::new(server);
    let read = timeout(TEN_SECONDS, server.read_line(&mut line)).await;
    let seconds = start.elapsed().as_secs();
    println!("a line in 10 s: {}, after {seconds} s", read.is_ok());

    let (client, mut server) = duplex(64);
    tokio::spawn(trickle(client));
    let (start, mut bytes) = (Instant::now(), 0);
    while bytes < 10 && timeout(TEN_SECONDS, server.read_u8()).await.is_ok() {
        bytes += 1;
    }
    let seconds = start.elapsed().as_secs();
    println!("a read in 10 s: {bytes} bytes, after {seconds} s");
    Ok(())
}

/// Panics in a task that holds the only permit.
///
/// # Errors
///
/// None.
#[tokio::main(flavor = "current_thread")]
pub async fn panicked() -> io::Result<()> {
    let slots = Arc::new(Semaphore::new(1));
    for name in ["first", "second"] {
        let slot = Arc::clone(&slots).acquire_owned().await;
        let session = tokio::spawn(async move {
            let _slot = slot;
            assert_eq!(name, "second", "the first session panics");
        });
        println!("{name}: {}", session.await.is_ok());
    }
    println!("free slots: {}", slots.available_permits());
    Ok(())
}

/// Makes ten answers for a client that reads none.
///
/// # Errors
///
/// None.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn queued() -> io::Result<()> {
    let (bounded, _client) = mpsc::channel(2);
    let mut made = 0;
    let making = async {
        for n in 0..10 {
            bounded.send(n).await?;
            made += 1;
        }
        Ok::<_, mpsc::error::SendError<i32>>(())
    };
    let all = timeout(TEN_SECONDS, making).await.is_ok();
    println!("room for two: {made} made, all: {all}");

    let (unbounded, client) = mpsc::unbounded_channel();
    let made = (0..10).filter(|n| unbounded.send(*n).is_ok()).count();
    println!("unbounded: {made} made, {} kept", client.len());
    Ok(())
}
