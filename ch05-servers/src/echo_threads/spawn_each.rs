//! A thread for each connection, without a limit and without an end.

use std::io;
use std::net::TcpListener;
use std::thread;

use crate::echo::echo;

/// Echoes for many clients at once, until `accept` fails.
///
/// # Errors
///
/// That of `accept`.
pub fn serve(listener: &TcpListener) -> io::Result<()> {
    for client in listener.incoming() {
        let client = client?;
        thread::spawn(move || echo(client));
    }
    Ok(())
}
