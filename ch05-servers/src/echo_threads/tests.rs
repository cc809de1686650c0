//! The two stages, and a handler that panics.

use std::io::{ErrorKind, Read, Write};
use std::net::Ipv4Addr;
use std::panic::panic_any;

use super::*;
use crate::echoes::Running;

const TIME_LIMIT: Duration = Duration::from_secs(20);

fn listen() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

fn connect(address: std::net::SocketAddr) -> TcpStream {
    let client = TcpStream::connect(address).unwrap();
    client.set_read_timeout(Some(TIME_LIMIT)).unwrap();
    client
}

fn ask(client: &mut TcpStream) -> io::Result<u8> {
    client.write_all(b"a")?;
    let mut byte = [0];
    client.read_exact(&mut byte)?;
    Ok(byte[0])
}

#[test]
fn a_silent_client_keeps_no_other_waiting() {
    let (listener, address) = listen();
    thread::spawn(move || spawn_each::serve(&listener));
    let _silent = connect(address);
    assert_eq!(ask(&mut connect(address)).unwrap(), b'a');
}

#[test]
fn a_slot_is_given_back_and_taken_by_the_next() {
    let (listener, address) = listen();
    let limits = Limits {
        connections: 1,
        idle: TIME_LIMIT,
        ..Limits::default()
    };
    thread::spawn(move || limited::serve(&listener, limits));
    let mut first = connect(address);
    assert_eq!(ask(&mut first).unwrap(), b'a');
    let mut second = connect(address);
    let short = Some(Duration::from_millis(50));
    second.set_read_timeout(short).unwrap();
    let waits = ask(&mut second).unwrap_err().kind();
    assert!(matches!(waits, ErrorKind::WouldBlock | ErrorKind::TimedOut));
    drop(first);
    second.set_read_timeout(Some(TIME_LIMIT)).unwrap();
    assert_eq!(ask(&mut second).unwrap(), b'a');
}

/// A payload whose `Drop` panics, with such a payload, without end.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic_any(Bomb);
    }
}

#[test]
fn a_payload_whose_drop_panics_ends_one_connection() {
    let serve = |listener, limits, stop| {
        let handle = Arc::new(|mut client: &TcpStream| {
            let mut byte = [0];
            client.read_exact(&mut byte)?;
            match byte {
                [b'a'] => client.write_all(&byte).map(|()| 1),
                _ => panic_any(Bomb),
            }
        });
        serve_each(listener, limits, stop, handle)
    };
    let server = Running::start(serve, Limits::default()).unwrap();
    let mut first = connect(server.address);
    first.write_all(b"b").unwrap();
    assert_eq!(first.read(&mut [0]).unwrap(), 0);
    assert_eq!(ask(&mut connect(server.address)).unwrap(), b'a');
    assert_eq!(server.stop().unwrap().accepted, 2);
}
