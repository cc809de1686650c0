//! Signals for tasks: the next one cancels a token.

use tokio_util::sync::CancellationToken;
use tour::Signal;
use tour::interrupt::{self, Listening};

/// Returns a token that the next signal cancels for as long as the other result
/// lives. The section finishes, and the signal ends the program.
pub fn on_interrupt() -> (CancellationToken, Listening) {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    (token, interrupt::listen(move || cancelled.cancel()))
}

/// Returns a token that Ctrl-C cancels for as long as the other result lives.
/// What follows is up to the section; the other signals end the program.
pub fn on_ctrl_c() -> (CancellationToken, Listening) {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    let is_ctrl_c = |signal| signal == Signal::CTRL_C;
    (
        token,
        interrupt::take(is_ctrl_c, move || cancelled.cancel()),
    )
}
