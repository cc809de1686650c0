//! A thread for each connection, with a limit and without an end.

use std::io;
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;

use tracing::{info, warn};

use super::{PAUSE, STACK, set_up};
use crate::echo::echo;
use crate::serve::Limits;

/// How many connections are being served.
#[derive(Default)]
struct Connections {
    open: Mutex<usize>,
    changed: Condvar,
}

/// A connection's slot, given back when its thread ends, however it ends.
struct Slot {
    connections: Arc<Connections>,
}

impl Drop for Slot {
    fn drop(&mut self) {
        *self.connections.lock() -= 1;
        self.connections.changed.notify_all();
    }
}

/// Echoes for many clients at once, `limits.connections` at most.
pub fn serve(listener: &TcpListener, limits: Limits) {
    let connections = Arc::new(Connections::default());
    loop {
        connections.wait_for_a_slot(limits.connections);
        let client = listener.accept();
        let started = client.and_then(|(client, _)| {
            set_up(&client, &limits)?;
            start(&connections, client)
        });
        if let Err(err) = started {
            // No file descriptor or thread is left: that ends nothing.
            warn!("cannot accept: {err}");
            thread::sleep(PAUSE);
        }
    }
}

fn start(connections: &Arc<Connections>, client: TcpStream) -> io::Result<()> {
    *connections.lock() += 1;
    let connections = Arc::clone(connections);
    // Dropped with the closure if there is no thread to run it.
    let slot = Slot { connections };
    let run = move || {
        let _slot = slot;
        match echo(&client) {
            Ok(bytes) => info!(bytes, "done"),
            Err(err) => info!("lost: {err}"),
        }
    };
    thread::Builder::new().stack_size(STACK).spawn(run)?;
    Ok(())
}

impl Connections {
    fn lock(&self) -> MutexGuard<'_, usize> {
        self.open.lock().expect("no thread panics with the lock")
    }

    fn wait_for_a_slot(&self, slots: usize) {
        let full = |open: &mut usize| *open >= slots;
        drop(self.changed.wait_while(self.lock(), full));
    }
}
