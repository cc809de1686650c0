//! How a program ends early, and what it may do first: a signal that asks it
//! to end, or a reader of its output that has gone.
//!
//! A process has one handler, and a tour has many sections. So the handler is
//! installed once, and a server that wants to drain borrows it.

use std::io::{self, IsTerminal, Write};
use std::panic;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::signals::{self, Signal};

static LISTENER: Mutex<Option<CancellationToken>> = Mutex::new(None);

/// The signal that the listener has heard.
static HEARD: Mutex<Option<Signal>> = Mutex::new(None);

/// What must not stay behind.
static FOLDERS: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());

/// Installs the handler for Ctrl-C, SIGTERM and SIGHUP; to be called once, in
/// `main`.
///
/// The first signal cancels the token of [`on_interrupt`], if there is one.
/// Otherwise, and the second time, the program ends.
pub fn install() {
    let installed = signals::listen(|signal| {
        let listener = LISTENER.lock().unwrap_or_else(PoisonError::into_inner);
        // A terminal shows `^C`, or half a line; what comes next starts a new
        // one. The lock is held until the process is gone, so that nothing
        // follows. A log that nobody reads is not waited for.
        let screen = io::stderr().is_terminal().then(|| io::stderr().lock());
        if let Some(mut screen) = screen {
            // If the terminal is gone too, there is no line to leave.
            writeln!(screen).ok();
        }
        *HEARD.lock().unwrap_or_else(PoisonError::into_inner) = Some(signal);
        if heard(listener.as_ref()) {
            return;
        }
        // Kept locked, so that no new one is made.
        let mut folders = folders();
        folders.clear();
        signal.end();
    });
    // Without the handler they still end the program, less tidily.
    installed.ok();
}

/// Returns `status`, unless a signal was heard: then that ends the program.
pub fn end(status: ExitCode) -> ExitCode {
    match *HEARD.lock().unwrap_or_else(PoisonError::into_inner) {
        Some(signal) => signal.end(),
        None => status,
    }
}

/// A temporary folder, removed when this is dropped, and also if the program
/// ends without running its destructors: by a signal, or because a `println!`
/// failed.
pub struct Folder(PathBuf);

impl Folder {
    /// Makes one, and has it filled; a signal waits until that is done.
    ///
    /// # Errors
    ///
    /// There is no place for temporary files; or what `fill` fails with.
    pub fn new<T>(
        fill: impl FnOnce(&Path) -> io::Result<T>,
    ) -> io::Result<(Folder, T)> {
        before_a_failed_print_ends_it();
        let mut folders = folders();
        let folder = tempfile::tempdir()?;
        let filled = fill(folder.path())?;
        let path = folder.path().to_path_buf();
        folders.push(folder);
        Ok((Folder(path), filled))
    }

    /// Returns where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        folders().retain(|folder| folder.path() != self.0);
    }
}

fn folders() -> MutexGuard<'static, Vec<TempDir>> {
    FOLDERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Has a failed `println!` remove what would stay behind.
///
/// It is a panic, whose hook ends the program (see `main.rs`). That hook stands
/// by the time that a section runs, so this one comes first.
fn before_a_failed_print_ends_it() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let ends_it = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let message = info.payload_as_str().unwrap_or_default();
            if message.starts_with("failed printing to std") {
                folders().clear();
                // A terminal that hung up takes no more lines.
                end(ExitCode::SUCCESS);
            }
            ends_it(info);
        }));
    });
}

/// Returns a token that the first signal cancels; the second ends the program.
pub fn on_interrupt() -> CancellationToken {
    let token = CancellationToken::new();
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) =
        Some(token.clone());
    token
}

/// Runs `work`, which a signal drops: and with it the processes and folders that
/// it holds, which an end of the program alone would leave behind.
///
/// Returns `None` if that happened.
///
/// # Errors
///
/// There is no event queue to be had; or the work's.
pub fn or_drop<T>(
    work: impl Future<Output = io::Result<T>>,
) -> io::Result<Option<T>> {
    let stop = on_interrupt();
    let done = crate::knock::runtime()?.block_on(async {
        tokio::select! {
            () = stop.cancelled() => Ok(None),
            done = work => done.map(Some),
        }
    });
    // From here on the first one ends the program again.
    *LISTENER.lock().unwrap_or_else(PoisonError::into_inner) = None;
    done
}

/// Tells the listener, and says whether that was news to it.
fn heard(listener: Option<&CancellationToken>) -> bool {
    match listener {
        Some(token) if !token.is_cancelled() => {
            token.cancel();
            true
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_ctrl_c_is_heard_and_the_second_ends_the_program() {
        let token = CancellationToken::new();
        assert!(heard(Some(&token)));
        assert!(token.is_cancelled());
        assert!(!heard(Some(&token)));
    }

    #[test]
    fn what_is_interrupted_is_dropped() {
        struct Started<'a>(&'a std::cell::Cell<bool>);
        impl Drop for Started<'_> {
            fn drop(&mut self) {
                self.0.set(true);
            }
        }
        let ended = std::cell::Cell::new(false);
        let done = or_drop(async {
            let _process = Started(&ended);
            // What the handler does.
            assert!(heard(LISTENER.lock().unwrap().as_ref()));
            std::future::pending::<io::Result<()>>().await
        });
        assert!(done.unwrap().is_none() && ended.get());
        assert!(LISTENER.lock().unwrap().is_none());
    }

    #[test]
    fn a_folder_goes_with_its_guard() {
        let fill = |path: &Path| std::fs::write(path.join("file"), "");
        let (folder, ()) = Folder::new(fill).unwrap();
        let path = folder.path().to_path_buf();
        assert!(path.join("file").exists());
        drop(folder);
        assert!(!path.exists());
        let no = |_: &Path| Err::<(), _>(io::Error::other("no"));
        assert!(Folder::new(no).is_err());
    }

    #[test]
    fn where_nobody_listens_the_first_one_ends_the_program() {
        assert!(!heard(None));
    }
}
