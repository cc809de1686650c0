//! A file has its final name only when it is whole.
//!
//! Until then it lives in a hidden folder beside the others: on the same file
//! system, where renaming is one step that happens or does not.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tempfile::{Builder, NamedTempFile, TempDir, TempPath};

use super::codes::Code;
use super::error::FetchError;
use super::names::FileName;

const PREFIX: &str = ".flags-";

/// Where flags go.
pub struct Folder {
    path: PathBuf,
    state: Mutex<State>,
}

enum State {
    /// By the lock other runs see that this one is alive. It comes first, so
    /// that it is dropped first: deleting a folder takes a file descriptor, and
    /// this one is certain to be free.
    Open {
        _lock: Option<File>,
        dir: TempDir,
    },
    NotYet,
    Closed,
}

/// A file that is being written. Dropping it deletes it.
pub type Part = NamedTempFile<File>;

impl Folder {
    /// Names a folder; it is made when the first flag arrives.
    pub fn new(path: PathBuf) -> Folder {
        Folder {
            path,
            state: Mutex::new(State::NotYet),
        }
    }

    /// Makes a file for a flag to be written to.
    ///
    /// # Errors
    ///
    /// Save, naming the folder; after [`Folder::close`] always.
    pub fn new_part(&self) -> Result<Part, FetchError> {
        let mut state = self.state();
        self.try_new_part(&mut state)
            .map_err(|cause| FetchError::save(&self.path, cause))
    }

    fn try_new_part(&self, state: &mut State) -> io::Result<Part> {
        if let State::NotYet = state {
            fs::create_dir_all(&self.path)?;
            sweep(&self.path);
            let dir = Builder::new().prefix(PREFIX).tempdir_in(&self.path)?;
            // Without it the folder serves as well: only, if this run is
            // killed, no later run would dare to remove it.
            let _lock = lock(dir.path()).ok();
            *state = State::Open { _lock, dir };
        }
        match state {
            // Not `tempfile_in`: its files are readable by their owner only.
            State::Open { dir, .. } => Builder::new()
                .make_in(dir.path(), |path| File::create_new(path)),
            _ => Err(io::Error::other("the download has ended")),
        }
    }

    /// Gives a whole file its name, in place of any file of that name.
    ///
    /// # Errors
    ///
    /// Save: there is a folder of that name, say. The part is deleted.
    pub fn keep(
        &self,
        part: TempPath,
        name: &FileName,
    ) -> Result<(), FetchError> {
        let path = self.path.join(name.as_str());
        // Held so that nothing is renamed any more once `close` has returned.
        let _state = self.state();
        part.persist(&path)
            .map_err(|err| FetchError::save(&path, err.error))
    }

    /// Removes everything half-written.
    ///
    /// Threads that were left to themselves may come here later; what they
    /// find closed they cannot litter.
    pub fn close(&self) {
        *self.state() = State::Closed;
    }

    /// Does as [`Folder::close`], unless another thread is at it: for a program that is about
    /// to end the process, and must not wait.
    pub fn close_in_passing(&self) {
        if let Ok(mut state) = self.state.try_lock() {
            *state = State::Closed;
        }
    }

    /// Returns the names of these codes' files, in the order of the codes.
    ///
    /// With a country's name it is one that ends in `-BR.gif`.
    ///
    /// # Errors
    ///
    /// The folder cannot be read.
    pub fn names(
        &self,
        codes: &[Code],
        country_names: bool,
    ) -> io::Result<Vec<String>> {
        let entries =
            fs::read_dir(&self.path)?.collect::<io::Result<Vec<_>>>()?;
        let names = entries.iter().map(|entry| entry.file_name());
        let names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        let of = |code: &Code| {
            let plain = format!("{code}.gif");
            let named = format!("-{plain}");
            names.iter().filter(move |name| match country_names {
                true => name.ends_with(&named),
                false => **name == plain,
            })
        };
        Ok(codes.iter().flat_map(of).cloned().collect())
    }

    /// Makes every thread wait that wants to write here, until it is dropped.
    #[cfg(test)]
    pub(super) fn occupy(&self) -> impl Drop {
        struct Occupied<'a>(Option<MutexGuard<'a, State>>);
        impl Drop for Occupied<'_> {
            fn drop(&mut self) {
                self.0.take();
            }
        }
        Occupied(Some(self.state()))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A thread that panicked left no half-changed state: it is one word.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Removes what killed runs left behind: their folders, but not their locks,
/// outlive them. Where there is no lock yet, a run has just begun.
fn sweep(dest: &Path) {
    let Ok(entries) = fs::read_dir(dest) else {
        return;
    };
    for dir in entries.flatten().map(|entry| entry.path()) {
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        if !name.starts_with(PREFIX) {
            continue;
        }
        let lock = File::options().write(true).open(dir.join("lock"));
        if lock.is_ok_and(|lock| lock.try_lock().is_ok()) {
            // A file that cannot be removed does no harm here.
            fs::remove_dir_all(&dir).ok();
        }
    }
}

/// Locks a folder for as long as the file is open.
fn lock(dir: &Path) -> io::Result<File> {
    let file = File::create(dir.join("new"))?;
    // Where files cannot be locked, no run finds this one unlocked either.
    file.lock().ok();
    // Under its name only now, so that no sweep meets it unlocked.
    fs::rename(dir.join("new"), dir.join("lock"))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(code: &str) -> FileName {
        FileName::new(code.parse().unwrap(), None)
    }

    #[test]
    fn what_was_not_kept_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("flags"));
        let kept = folder.new_part().unwrap().into_temp_path();
        folder.keep(kept, &name("br")).unwrap();
        let late = folder.new_part().unwrap().into_temp_path();
        folder.close();
        assert!(folder.keep(late, &name("bd")).is_err());
        assert!(folder.new_part().is_err());
        let names: Vec<_> = fs::read_dir(dir.path().join("flags"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(names, ["BR.gif"]);
    }

    #[test]
    fn what_a_killed_run_left_is_swept_up_and_a_live_run_is_not() {
        let dir = tempfile::tempdir().unwrap();
        let dead = dir.path().join(".flags-dead");
        fs::create_dir(&dead).unwrap();
        File::create(dead.join("lock")).unwrap();
        let alive = Folder::new(dir.path().to_path_buf());
        alive.new_part().unwrap();
        let other = Folder::new(dir.path().to_path_buf());
        other.new_part().unwrap();
        assert!(!dead.exists());
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 2);
    }
}
