//! Thread lifecycle: `spawn` starts, `join` waits, the end of `main` ends all.
//!
//! A Python thread is created, then started; a Rust thread runs as soon as
//! `spawn` returns its handle. Only the end of `main` ends one from outside.
//!
//! cargo run -p ch01-threads -- lifecycle

pub mod cli;

use std::io;
use std::sync::mpsc;
use std::thread;

/// Follows a thread from spawn to join, and one that panics.
///
/// # Errors
///
/// The system has no thread left.
pub fn demo() -> io::Result<()> {
    let (tell, told) = mpsc::channel();
    let worker = thread::Builder::new()
        .name("worker".to_string())
        .spawn(move || told.recv().unwrap_or(0) * 2)?;
    let name = worker.thread().name().unwrap_or("nameless").to_string();
    println!("{name}: spawned, is_finished: {}", worker.is_finished());

    tell.send(21).expect("the worker waits for this");
    while !worker.is_finished() {
        thread::yield_now();
    }
    println!("{name}: told, is_finished: {}", worker.is_finished());
    println!("{name}: joined, returned {:?}", worker.join().ok());

    let unlucky = thread::Builder::new()
        .name("unlucky".to_string())
        .spawn(|| panic!("no luck"))?;
    // The hook has printed the message to stderr; `join` returns the payload.
    let outcome: thread::Result<()> = unlucky.join();
    println!("unlucky: joined, is_err: {}", outcome.is_err());
    Ok(())
}

/// Returns while a thread is at work, which ends that thread, too.
pub fn leave() {
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let _at_the_end = Farewell;
        println!("thread: started");
        tell.send(()).expect("main waits for this");
        loop {
            thread::park();
        }
    });
    told.recv().expect("the thread sends before it parks");
    println!("main: returns");
}

/// Prints a line when dropped: on return and on panic, not at the process's
/// end.
struct Farewell;

impl Drop for Farewell {
    fn drop(&mut self) {
        println!("thread: ended");
    }
}
