//! A child process outlives the future that waits for it.
//!
//! A timeout drops that future, and `Drop` cannot wait for a process to end.

use std::io;
use std::process::Stdio;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time;

/// How long anybody waits for a child that would run for ever.
pub const LIMIT: Duration = Duration::from_millis(100);

/// The two ends of the pipes to a child that repeats its input.
pub struct Line {
    stdin: ChildStdin,
    stdout: Lines<BufReader<ChildStdout>>,
}

impl Line {
    /// Says something to the child; returns whether it repeats it.
    ///
    /// `false` means that the child has ended, and not merely that it is slow:
    /// its end of a pipe is closed when it has.
    pub async fn answers(&mut self) -> bool {
        let said = self.stdin.write_all(b"still there?\n").await;
        // The pipe may take the words, and lose them with their reader.
        let heard = self.stdout.next_line().await;
        said.is_ok() && matches!(heard, Ok(Some(_)))
    }

    /// Closes the child's stdin, and waits until it has ended of that.
    pub async fn hung_up(self) -> bool {
        let Line { stdin, mut stdout } = self;
        drop(stdin);
        matches!(stdout.next_line().await, Ok(None))
    }

    /// Waits until the child has closed its end.
    pub async fn ended(mut self) -> bool {
        matches!(self.stdout.next_line().await, Ok(None))
    }
}

/// Starts `cat`, with pipes to it that are not the [`Child`]'s any more.
///
/// # Errors
///
/// If it cannot be started.
pub fn start(kill_on_drop: bool) -> io::Result<(Child, Line)> {
    let mut child = Command::new("cat")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(kill_on_drop)
        .spawn()?;
    let missing = || io::Error::other("a pipe that was asked for is missing");
    let stdin = child.stdin.take().ok_or_else(missing)?;
    let stdout = child.stdout.take().ok_or_else(missing)?;
    let stdout = BufReader::new(stdout).lines();
    Ok((child, Line { stdin, stdout }))
}

/// Waits for a child no longer than [`LIMIT`], and lets go of it.
///
/// Its name says what is wrong: the timeout is over, the child is not.
///
/// # Errors
///
/// If waiting fails.
pub async fn wait_broken(mut child: Child) -> io::Result<bool> {
    match time::timeout(LIMIT, child.wait()).await {
        Ok(status) => status.map(|_| true),
        Err(_) => Ok(false),
    }
}

/// Waits no longer than [`LIMIT`], then kills the child and waits for that.
///
/// Returns whether it ended by itself. It is gone in both cases, and the
/// system has forgotten it, too: a child that is not waited for is a zombie.
///
/// # Errors
///
/// If waiting or killing fails.
pub async fn wait(child: &mut Child) -> io::Result<bool> {
    match time::timeout(LIMIT, child.wait()).await {
        Ok(status) => status.map(|_| true),
        Err(_) => child.kill().await.map(|()| false),
    }
}

/// Lets three children miss their deadline; says what became of them.
pub(super) async fn show() -> io::Result<()> {
    let (child, mut line) = start(false)?;
    let in_time = wait_broken(child).await?;
    println!(
        "child dropped: in time {in_time}, alive {}",
        line.answers().await
    );
    // It cannot be killed any more. Closing its input tells it to end.
    println!("  its stdin closed: ended {}", line.hung_up().await);

    let (child, line) = start(true)?;
    let in_time = wait_broken(child).await?;
    println!(
        "child, kill_on_drop: in time {in_time}, ended {}",
        line.ended().await
    );

    let (mut child, line) = start(false)?;
    let in_time = wait(&mut child).await?;
    // Its pid is forgotten by the time that `wait` returns.
    let reaped = child.id().is_none();
    let ended = line.ended().await;
    println!("child killed: in time {in_time}, ended {ended}, reaped {reaped}");
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::limit::within_limit;

    #[tokio::main(flavor = "current_thread")]
    async fn on_one_thread<T>(future: impl Future<Output = T>) -> T {
        future.await
    }

    #[test]
    fn a_timeout_ends_the_waiting_and_not_the_child() {
        within_limit(|| {
            on_one_thread(async {
                let (child, mut line) = start(false).unwrap();
                assert!(!wait_broken(child).await.unwrap());
                assert!(line.answers().await);
                assert!(line.hung_up().await);
            });
        });
    }

    #[test]
    fn a_child_killed_at_its_deadline_is_dead_and_reaped() {
        within_limit(|| {
            on_one_thread(async {
                let (mut child, line) = start(false).unwrap();
                let pid = child.id().unwrap();
                assert!(!wait(&mut child).await.unwrap());
                assert_eq!(child.id(), None);
                assert!(line.ended().await);
                // A zombie would still be listed.
                if cfg!(target_os = "linux") {
                    let listed = std::fs::exists(format!("/proc/{pid}"));
                    assert!(!listed.unwrap());
                }
            });
        });
    }

    #[test]
    fn a_child_that_is_dropped_and_killed_ends() {
        within_limit(|| {
            on_one_thread(async {
                let (child, line) = start(true).unwrap();
                assert!(!wait_broken(child).await.unwrap());
                assert!(line.ended().await);
            });
        });
    }
}
