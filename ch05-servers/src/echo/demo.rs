//! Two clients and a server that has one slot.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::{is_timeout, serve};

/// Serves two clients, of which the second has to wait for the first.
///
/// # Errors
///
/// The system gives no socket, or a connection breaks.
pub fn demo() -> io::Result<()> {
    let (server, address) = start()?;
    let mut first = TcpStream::connect(address)?;
    first.write_all(b"hello")?;
    println!("[client] 1 sent, got {:?}", read(&mut first, 5)?);

    // The first echo has arrived, so the server has accepted the first client
    // and goes on reading from it. The system connects the second client.
    let mut second = TcpStream::connect(address)?;
    second.write_all(b"hello, too")?;
    second.set_read_timeout(Some(Duration::from_millis(200)))?;
    match read(&mut second, 10) {
        Err(err) if is_timeout(&err) => println!("[client] 2 sent, waits"),
        answer => println!("[client] 2 sent, got {:?}", answer?),
    }

    // Half of a goodbye: the client sends no more, and can still read.
    first.shutdown(Shutdown::Write)?;
    println!("[client] 1 done, got {:?}", read_to_end(&mut first)?);

    second.set_read_timeout(None)?;
    second.shutdown(Shutdown::Write)?;
    println!("[client] 2 done, got {:?}", read_to_end(&mut second)?);
    server.join().expect("the server does not panic");
    Ok(())
}

/// Starts a server for two clients, so that it ends with the demonstration.
fn start() -> io::Result<(JoinHandle<()>, SocketAddr)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    let idle = Duration::from_secs(10);
    // Not in a scope: if a client fails, there will be no second one.
    let server = thread::spawn(move || {
        serve(listener.incoming().take(2), idle, |line| {
            println!("[server] {line}");
        });
    });
    Ok((server, address))
}

/// Reads `n` bytes, however many reads that takes.
fn read(stream: &mut TcpStream, n: usize) -> io::Result<String> {
    let mut bytes = vec![0; n];
    stream.read_exact(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn read_to_end(stream: &mut TcpStream) -> io::Result<String> {
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}
