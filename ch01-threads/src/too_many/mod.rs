//! Too many threads: the server and the operating system have limits, too.
//!
//! A server with four slots refuses the fifth client. A system without a free
//! thread makes `Builder::spawn` return an error.
//!
//! cargo run -p ch01-threads -- too-many

pub mod cli;

use std::error::Error;
use std::sync::Barrier;
use std::thread::{self, Builder, available_parallelism};
use std::time::Duration;

use crate::animals::api::Api;
use crate::animals::ask;

/// Asks with `clients` clients at once; returns how many the server answered,
/// and how many it refused.
///
/// # Errors
///
/// The server cannot be started.
pub fn ask_at_once(clients: usize) -> Result<(usize, usize), Box<dyn Error>> {
    let api = Api::start(Duration::from_millis(500), 4)?;
    let (url, together) = (api.url(), Barrier::new(clients));
    Ok(thread::scope(|scope| {
        let clients: Vec<_> = (0..clients)
            .map(|_| {
                scope.spawn(|| {
                    together.wait();
                    ask(&url, "cow").is_ok()
                })
            })
            .collect();
        let all = clients.len();
        let answered = clients
            .into_iter()
            .map(|client| client.join().expect("asking does not panic"))
            .filter(|answered| *answered)
            .count();
        (answered, all - answered)
    }))
}

/// Starts `threads` threads that exist at the same time.
///
/// # Errors
///
/// The system has fewer. The threads already started have ended.
pub fn start(threads: usize) -> Result<(), String> {
    let (leave, stay) = std::sync::mpsc::channel::<()>();
    let stay = std::sync::Mutex::new(stay);
    thread::scope(|scope| {
        // Moved in, so that an error drops it, which opens the gate.
        let leave = leave;
        for i in 0..threads {
            Builder::new()
                .spawn_scoped(scope, || {
                    // A poisoned lock, or the channel's end: this thread ends.
                    stay.lock().map(|stay| stay.recv().ok()).ok();
                })
                .map_err(|err| {
                    format!("only {i} of {threads} threads: {err}")
                })?;
        }
        drop(leave);
        Ok(())
    })
}

/// Starts `threads` threads, then asks with twelve clients.
///
/// # Errors
///
/// The system has not enough threads, or no server.
pub fn demo(threads: usize) -> Result<(), Box<dyn Error>> {
    start(threads)?;
    println!("threads at the same time: {threads}");
    // Logical processors: two on one core share most of it.
    let processors = available_parallelism()?;
    eprintln!("of which {processors} run at a time");

    let (answered, refused) = ask_at_once(12)?;
    println!("12 at once: {answered} answered, {refused} refused");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_is_answered_or_refused() {
        let (answered, refused) = ask_at_once(6).unwrap();
        assert_eq!(answered + refused, 6);
        assert!(answered >= 4);
    }
}
