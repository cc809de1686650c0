//! One server that grows, a safeguard at a time.
//!
//! [`start`] has none. Each later module is the one before it and one
//! safeguard more; the last, [`drain`], has all six. They are separate files
//! so that a page can show what changed, and so that each of them compiles
//! and can be run.

use std::time::Duration;

use tokio::time::sleep;

pub mod start;
pub mod idle_limit;
pub mod line_limit;
pub mod write_limit;
pub mod connection_limit;
pub mod panics;
pub mod drain;

/// The longest line that a server with a limit reads, its end included.
pub const LONGEST_LINE: u64 = 1024;

/// How long the answer to `slow` takes.
pub const SLOW: Duration = Duration::from_secs(3);

/// Returns a line's longest word, which is all that the server does.
///
/// # Panics
///
/// The line has no word: the bug that this handler has.
pub async fn answer(line: &str) -> String {
    if line.trim_end() == "slow" {
        // The answer has to come from a database, say.
        sleep(SLOW).await;
    }
    let longest = line.split_whitespace().max_by_key(|word| word.len());
    format!("{}\n", longest.expect("a line has a word"))
}
