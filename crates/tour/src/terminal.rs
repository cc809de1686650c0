//! What may be written to a terminal.

use std::env;
use std::io::{self, IsTerminal, Write};

/// Says whether text for `stream` may have colours: it is a terminal that knows
/// them, and the reader has not asked for none (`NO_COLOR`).
pub fn has_colours(stream: &impl IsTerminal) -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    stream.is_terminal() && !is_dumb() && !set("NO_COLOR")
}

/// Says whether the terminal cannot move its cursor (`TERM=dumb`).
pub fn is_dumb() -> bool {
    env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// Returns `text` for stdout, bold where that can be shown.
pub(crate) fn bold(text: &str) -> String {
    if has_colours(&io::stdout()) {
        format!("\x1b[1m{text}\x1b[0m")
    } else {
        text.to_string()
    }
}

/// Starts a new line on the terminal, below the `^C` that it shows, or the line
/// that a spinner is drawing.
///
/// While the result lives, no other thread writes to stderr. Off a terminal it
/// is not waited for: there may be no reader.
pub fn fresh_line() -> Option<io::StderrLock<'static>> {
    let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
    screen.map(|mut screen| {
        // If the terminal is gone too, there is no line to leave.
        writeln!(screen).ok();
        screen
    })
}
