//! Spawning is starting, joining is the end, and `main` ends every thread.
//!
//! Python's thread is created, then started; a Rust thread runs as soon as
//! there is a handle. Nothing kills one from outside, except the end of `main`.
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
    // The message is on stderr by then; what the caller gets is a value.
    let outcome: thread::Result<()> = unlucky.join();
    println!("unlucky: joined, is_err: {}", outcome.is_err());
    Ok(())
}

/// Returns while a thread is at work, to show what becomes of that.
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

/// Says goodbye when its thread ends: on return or panic, not when it is cut
/// off.
struct Farewell;

impl Drop for Farewell {
    fn drop(&mut self) {
        println!("thread: ended");
    }
}
