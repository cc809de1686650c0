//! Without file descriptors `accept` fails, and fails, and fails.
//!
//! A process that may have 64 of them, 40 clients, and three servers: one
//! gives up, one asks again at once, one rests.
//!
//! cargo run -p ch05-servers -- descriptors

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::thread;
use std::time::Duration;

const CLIENTS: usize = 40;
const CROWDED: Duration = Duration::from_millis(500);

/// What a server does when it cannot accept.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// `?`, or `unwrap`: the server ends.
    GivesUp,
    /// `continue`: the loop turns as fast as it can.
    AsksAgain,
    /// A pause, and then the next attempt.
    Rests,
}

/// Accepts, says hello to each client, and keeps those that stay.
///
/// Counts its failures. Ends at the first client that comes when it is `done`.
///
/// # Errors
///
/// That of `accept`, under [`Policy::GivesUp`]; of a client, never.
pub fn serve(
    listener: &TcpListener,
    policy: Policy,
    failures: &AtomicUsize,
    done: &AtomicBool,
) -> io::Result<()> {
    let mut inside: Vec<TcpStream> = vec![];
    loop {
        match listener.accept() {
            Ok(_) if done.load(Relaxed) => return Ok(()),
            Ok((mut client, _)) => {
                if client.write_all(b"hello").is_ok() {
                    inside.push(client);
                }
            }
            Err(err) if policy == Policy::GivesUp => return Err(err),
            Err(_) => {
                failures.fetch_add(1, Relaxed);
                // The clients that have left make room.
                inside.retain(|client| !has_left(client));
                if policy == Policy::Rests {
                    thread::sleep(Duration::from_millis(100));
                }
            }
        }
    }
}

fn has_left(client: &TcpStream) -> bool {
    let look = || {
        client.set_nonblocking(true)?;
        let mut one = [0];
        let seen = client.peek(&mut one);
        client.set_nonblocking(false)?;
        seen
    };
    // 0 bytes are the end. "Would block" is a client that says nothing.
    look()
        .map_or_else(|err| err.kind() != io::ErrorKind::WouldBlock, |n| n == 0)
}

/// Runs all three under the same limit.
#[cfg(unix)]
pub fn demo() {
    use rustix::process::{Resource, getrlimit, setrlimit};

    let before = getrlimit(Resource::Nofile);
    let mut scarce = before;
    scarce.current = Some(64);
    setrlimit(Resource::Nofile, scarce).expect("less is always granted");
    for (name, policy) in [
        ("gives up", Policy::GivesUp),
        ("asks again", Policy::AsksAgain),
        ("rests", Policy::Rests),
    ] {
        let seen = crowd(policy).expect("the loopback interface is there");
        println!("{name}: {seen}");
    }
    // What it was before is granted again.
    setrlimit(Resource::Nofile, before).expect("as it was");
}

/// Says that there is nothing to show.
#[cfg(not(unix))]
pub fn demo() {
    println!("This system has no such limit.");
}

/// Returns what became of a server whose clients took all descriptors.
#[cfg_attr(not(unix), expect(dead_code, reason = "its caller is not here"))]
fn crowd(policy: Policy) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    // They wait in the system's queue: there is no server yet, and so no race
    // with it for the descriptors.
    let crowd: Result<Vec<_>, _> =
        (0..CLIENTS).map(|_| TcpStream::connect(address)).collect();
    let crowd = crowd?;

    let (failures, done) = (AtomicUsize::new(0), AtomicBool::new(false));
    thread::scope(|scope| {
        let run = || serve(&listener, policy, &failures, &done);
        let server = thread::Builder::new().spawn_scoped(scope, run)?;
        thread::sleep(CROWDED);
        if server.is_finished() {
            let ended = server.join().expect("a server does not panic");
            let err = ended.expect_err("only an error ends it before");
            return Ok(format!("gone, {err}"));
        }
        let failures = failures.load(Relaxed);
        drop(crowd);
        let again = greeted(address)?;
        // Relaxed: the connection that follows is what the server sees first.
        done.store(true, Relaxed);
        drop(TcpStream::connect(address)?);
        Ok(format!(
            "{failures} failures in half a second, then {again:?}"
        ))
    })
}

/// Returns what a client gets that connects when the others have left.
fn greeted(address: SocketAddr) -> io::Result<String> {
    let mut late = TcpStream::connect(address)?;
    late.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut hello = [0; 5];
    late.read_exact(&mut hello)?;
    Ok(String::from_utf8_lossy(&hello).into_owned())
}
