//! A thread for each connection, with a limit, and an end.
//!
//! The echo is that of the server with one client at a time. New are the limit
//! on threads, and the way to tell them that the server ends. [`spawn_each`]
//! is the server without both, [`limited`] has the limit.
//!
//! cargo run -p ch05-servers -- echo-threads
//! cargo run -p ch05-servers -- echo-threads --port 8000

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::Duration;

use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::echo::echo;
use crate::echoes::when_cancelled;
use crate::serve::{Ended, Limits, panic_message};

pub mod limited;
pub mod spawn_each;

/// The buffer of 4096 bytes lies on it, and little else.
const STACK: usize = 128 * 1024;
const PAUSE: Duration = Duration::from_millis(100);

/// The connections that are being served: a register, a semaphore and a way to
/// wait for the last one, behind one lock.
#[derive(Default)]
struct Connections {
    open: Mutex<HashMap<u64, Arc<TcpStream>>>,
    changed: Condvar,
}

/// A connection's slot, given back when its thread ends, however it ends.
struct Slot {
    connections: Arc<Connections>,
    number: u64,
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.connections.lock().remove(&self.number);
        self.connections.changed.notify_all();
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
    let handle = Arc::new(|client: &TcpStream| echo(client));
    serve_each(listener, limits, stop, handle)
}

/// Serves one client; returns how many bytes it was sent.
pub type Handle = dyn Fn(&TcpStream) -> io::Result<u64> + Send + Sync;

/// Runs `handle` for each connection in a thread of its own, until `stop`.
///
/// # Errors
///
/// The listener's address cannot be had, or no thread to wait for the end.
pub fn serve_each(
    listener: TcpListener,
    limits: Limits,
    stop: CancellationToken,
    handle: Arc<Handle>,
) -> io::Result<Ended> {
    let connections = Arc::new(Connections::default());
    wake_at_the_end(&listener, &connections, &stop)?;
    let mut accepted = 0;
    loop {
        connections.wait_for_a_slot(limits.connections, &stop);
        let client = listener.accept();
        if stop.is_cancelled() {
            break;
        }
        let started = client.and_then(|(client, _)| {
            set_up(&client, &limits)?;
            accepted += 1;
            start(&connections, accepted, client, Arc::clone(&handle))
        });
        if let Err(err) = started {
            // No file descriptor or thread is left: that ends nothing.
            warn!("cannot accept: {err}");
            thread::sleep(PAUSE);
        }
    }
    drop(listener);
    let cut = connections.drain(limits.drain);
    Ok(Ended { accepted, cut })
}

fn set_up(client: &TcpStream, limits: &Limits) -> io::Result<()> {
    client.set_read_timeout(Some(limits.idle))?;
    client.set_write_timeout(Some(limits.write))?;
    client.set_nodelay(true)
}

/// Ends the accept loop's waits once `stop` is cancelled.
fn wake_at_the_end(
    listener: &TcpListener,
    connections: &Arc<Connections>,
    stop: &CancellationToken,
) -> io::Result<()> {
    let address = listener.local_addr()?;
    let connections = Arc::clone(connections);
    // A file descriptor in reserve: when all others are taken, there would be
    // none to connect with.
    let reserve = listener.try_clone()?;
    when_cancelled(stop, move || {
        drop(reserve);
        // With the lock, so that the loop cannot look before and sleep after.
        drop(connections.lock());
        connections.changed.notify_all();
        // `accept` cannot be interrupted, but a client ends it. If there is no
        // listener any more, no loop has to be woken.
        TcpStream::connect(address).ok();
    })
}

fn start(
    connections: &Arc<Connections>,
    number: u64,
    client: TcpStream,
    handle: Arc<Handle>,
) -> io::Result<()> {
    let client = Arc::new(client);
    connections.lock().insert(number, Arc::clone(&client));
    let connections = Arc::clone(connections);
    // Dropped with the closure if there is no thread to run it.
    let slot = Slot {
        connections,
        number,
    };
    let run = move || {
        let _slot = slot;
        match catch_unwind(AssertUnwindSafe(|| handle(&client))) {
            Ok(Ok(bytes)) => info!(number, bytes, "done"),
            Ok(Err(err)) => info!(number, "lost: {err}"),
            Err(panic) => {
                // Not an argument of `warn!`, which is skipped without a log.
                let why = panic_message(panic);
                warn!(number, "panicked: {why}");
            }
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(run)?;
    Ok(())
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, HashMap<u64, Arc<TcpStream>>> {
        self.open.lock().expect("no thread panics with the lock")
    }

    fn wait_for_a_slot(&self, slots: usize, stop: &CancellationToken) {
        let full = |open: &mut HashMap<_, _>| {
            open.len() >= slots && !stop.is_cancelled()
        };
        drop(self.changed.wait_while(self.lock(), full));
    }

    /// Tells every thread that nothing more will be read. Returns how many
    /// have not ended within the time, and closes their sockets.
    fn drain(&self, time: Duration) -> usize {
        let open = self.lock();
        for client in open.values() {
            // Its thread reads the end, as if the client had sent it. If the
            // client is gone already, the thread knows.
            client.shutdown(Shutdown::Read).ok();
        }
        let waited = self
            .changed
            .wait_timeout_while(open, time, |open| !open.is_empty());
        let (open, _) = waited.expect("no thread panics with the lock");
        for client in open.values() {
            client.shutdown(Shutdown::Both).ok();
        }
        open.len()
    }
}

#[cfg(test)]
mod tests;
