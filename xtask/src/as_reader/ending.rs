//! The ways in which a reader ends a program.

use rustix::process::Signal;

/// Ctrl-C, and two signals that ask for the end.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Ending {
    /// Typed on the terminal, which tells every process of the job.
    CtrlC,
    /// `kill PID`, which tells one process.
    Term,
    /// What a shell sends when its terminal's window is closed.
    Hup,
}

impl Ending {
    /// Says how it is done.
    pub fn name(self) -> &'static str {
        match self {
            Ending::CtrlC => "Ctrl-C",
            Ending::Term => "SIGTERM",
            Ending::Hup => "SIGHUP",
        }
    }

    /// Returns the signal that the program gets.
    pub fn signal(self) -> Signal {
        match self {
            Ending::CtrlC => Signal::INT,
            Ending::Term => Signal::TERM,
            Ending::Hup => Signal::HUP,
        }
    }

    /// Returns what a shell says of a program that this signal has ended.
    pub fn status(self) -> i32 {
        128 + self.signal().as_raw()
    }
}
