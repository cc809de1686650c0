//! A limit for tests that could hang: it ends them, it orders nothing.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Runs `body` on a thread, and panics if it takes longer than 20 s.
pub fn within_limit<T: Send + 'static>(
    body: impl FnOnce() -> T + Send + 'static,
) -> T {
    let (done, result) = mpsc::channel();
    // A thread that hangs is left behind; the test process ends it.
    let thread = thread::spawn(move || done.send(body()).ok());
    match result.recv_timeout(Duration::from_secs(20)) {
        Ok(result) => result,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("it hangs"),
        Err(mpsc::RecvTimeoutError::Disconnected) => {
            std::panic::resume_unwind(thread.join().unwrap_err())
        }
    }
}
