//! A thread for each connection: the loop of one client, many times.
//!
//! What is new is not the echo but the door: how many are let in, and how
//! those inside are told that the server ends.
//!
//! cargo run -p ch05-servers -- echo-threads
//! cargo run -p ch05-servers -- echo-threads --port 8000

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::echo::echo;
use crate::echoes::when_cancelled;
use crate::serve::{Ended, Limits};

/// The buffer of 4096 bytes lies on it, and little else.
const STACK: usize = 128 * 1024;
const PAUSE: Duration = Duration::from_millis(100);

/// Who is connected: the semaphore, the register and the way to wait for the
/// last one, behind one lock.
#[derive(Default)]
struct Hall {
    inside: Mutex<HashMap<u64, Arc<TcpStream>>>,
    changed: Condvar,
}

/// A place in the hall, given back when the thread ends, however it ends.
struct Place {
    hall: Arc<Hall>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.hall.lock().remove(&self.number);
        self.hall.changed.notify_all();
    }
}

/// Echoes for many clients at once, a thread for each.
///
/// # Errors
///
/// The listener's address cannot be had, or no thread to wait for the end.
///
/// Source: Beazley, *A Curious Course on Coroutines and Concurrency* (2009),
/// part 7, the threaded server that the coroutines are compared with.
pub fn serve(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
) -> io::Result<Ended> {
    serve_each(listener, limits, stop, |client| echo(client))
}

/// Runs `handle` for each connection in a thread of its own, until `stop`.
///
/// # Errors
///
/// The listener's address cannot be had, or no thread to wait for the end.
pub fn serve_each<F>(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
    handle: F,
) -> io::Result<Ended>
where
    F: Fn(&TcpStream) -> io::Result<u64> + Send + Sync + 'static,
{
    let handle: Arc<Handle> = Arc::new(handle);
    let hall = Arc::new(Hall::default());
    let (address, door) = (listener.local_addr()?, Arc::clone(&hall));
    // A file descriptor in reserve: when all others are taken, there would be
    // none to come in with.
    let reserve = listener.try_clone()?;
    when_cancelled(&stop, move || {
        drop(reserve);
        // With the lock, so that nobody looks before and sleeps after.
        drop(door.lock());
        door.changed.notify_all();
        // `accept` cannot be told to stop. Somebody has to come in; if that
        // fails, there is no listener left to be woken.
        TcpStream::connect(address).ok();
    })?;

    let mut accepted = 0;
    loop {
        hall.wait_for_room(limits.connections, &stop);
        let client = listener.accept();
        if stop.is_cancelled() {
            break;
        }
        let started = client.and_then(|(client, _)| {
            client.set_read_timeout(Some(limits.idle))?;
            client.set_write_timeout(Some(limits.write))?;
            client.set_nodelay(true)?;
            accepted += 1;
            start(&hall, accepted, client, Arc::clone(&handle))
        });
        // No file descriptor or no thread left: that ends nothing, and is not
        // asked for again at once.
        if let Err(err) = started {
            warn!("cannot accept: {err}");
            thread::sleep(PAUSE);
        }
    }
    drop(listener);
    let cut = hall.empty_within(limits.drain);
    Ok(Ended { accepted, cut })
}

type Handle = dyn Fn(&TcpStream) -> io::Result<u64> + Send + Sync;

fn start(
    hall: &Arc<Hall>,
    number: u64,
    client: TcpStream,
    handle: Arc<Handle>,
) -> io::Result<()> {
    let client = Arc::new(client);
    hall.lock().insert(number, Arc::clone(&client));
    let hall = Arc::clone(hall);
    // Dropped with the closure if there is no thread to run it.
    let place = Place { hall, number };
    let run = move || {
        let _place = place;
        match handle(&client) {
            Ok(bytes) => info!(number, bytes, "done"),
            Err(err) => info!(number, "lost: {err}"),
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(run)?;
    Ok(())
}

impl Hall {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<TcpStream>>> {
        self.inside.lock().expect("nobody panics with the lock")
    }

    fn wait_for_room(&self, room: usize, stop: &CancellationToken) {
        let full = |inside: &mut HashMap<_, _>| {
            inside.len() >= room && !stop.is_cancelled()
        };
        drop(self.changed.wait_while(self.lock(), full));
    }

    /// Tells everybody that nothing more will be read; returns how many had
    /// not ended within the time, and closes their sockets.
    fn empty_within(&self, time: Duration) -> usize {
        let inside = self.lock();
        for client in inside.values() {
            // Its thread reads the end, as if the client had said it. If the
            // client is gone already, the thread knows.
            client.shutdown(Shutdown::Read).ok();
        }
        let waited = self
            .changed
            .wait_timeout_while(inside, time, |inside| !inside.is_empty());
        let (inside, _) = waited.expect("nobody panics with the lock");
        for client in inside.values() {
            client.shutdown(Shutdown::Both).ok();
        }
        inside.len()
    }
}
