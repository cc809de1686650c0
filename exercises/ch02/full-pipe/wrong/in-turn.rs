//! A byte there, a byte back: as if every child were `cat`.

use exercise_harness::sync::Arc;

/// One end of a pipe.
pub trait Pipe: Send + Sync + 'static {
    /// Waits for room and writes a byte; `false` if nobody will read it.
    fn write(&self, byte: u8) -> bool;

    /// Says that there will be nothing more.
    fn close(&self);

    /// Waits for a byte; `None` if there will be none.
    fn read(&self) -> Option<u8>;
}

/// Gives a child all its input; returns all that it prints.
pub fn exchange(
    stdin: Arc<impl Pipe>,
    stdout: Arc<impl Pipe>,
    input: Vec<u8>,
) -> Vec<u8> {
    let mut output = Vec::new();
    for byte in input {
        stdin.write(byte);
        output.extend(stdout.read());
    }
    stdin.close();
    while let Some(byte) = stdout.read() {
        output.push(byte);
    }
    output
}
