//! What a server does before a signal, or a reader that has gone, ends the
//! program: drain, and leave no folder behind.

use std::io;
use std::mem;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tempfile::TempDir;
use tokio_util::sync::CancellationToken;
use tour::interrupt::{Listening, TidyUp, before_early_end};
use tour::terminal;

/// What must not stay behind.
static FOLDERS: Mutex<Vec<TempDir>> = Mutex::new(Vec::new());

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
        static REMOVED: OnceLock<TidyUp> = OnceLock::new();
        REMOVED.get_or_init(|| before_early_end(remove_all));
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

/// Removes every folder, before the program ends without destructors.
fn remove_all() {
    let mut folders = folders();
    folders.clear();
    // Kept locked, so that no new one is made.
    mem::forget(folders);
}

/// Returns a token that the next signal cancels, for as long as the other result
/// lives: the server drains, and the signal ends the program. The second signal
/// ends it at once.
pub fn on_interrupt() -> (CancellationToken, Listening) {
    let token = CancellationToken::new();
    let cancelled = token.clone();
    let listening = tour::interrupt::listen(move || {
        // The log goes on below the line that shows `^C`.
        terminal::fresh_line();
        cancelled.cancel();
    });
    (token, listening)
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
    let (stop, _listening) = on_interrupt();
    dropped_by(stop, work)
}

fn dropped_by<T>(
    stop: CancellationToken,
    work: impl Future<Output = io::Result<T>>,
) -> io::Result<Option<T>> {
    crate::raw_client::runtime()?.block_on(async {
        tokio::select! {
            () = stop.cancelled() => Ok(None),
            done = work => done.map(Some),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interrupted_future_is_dropped() {
        struct Started<'a>(&'a std::cell::Cell<bool>);
        impl Drop for Started<'_> {
            fn drop(&mut self) {
                self.0.set(true);
            }
        }
        let ended = std::cell::Cell::new(false);
        let stop = CancellationToken::new();
        let done = dropped_by(stop.clone(), async {
            let _process = Started(&ended);
            stop.cancel();
            std::future::pending::<io::Result<()>>().await
        });
        assert!(done.unwrap().is_none() && ended.get());
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
}
