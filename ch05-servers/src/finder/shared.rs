//! An index that is built on another thread while the server already listens.

use std::sync::Arc;

use tokio::sync::SetOnce;
use tokio::task;

use super::Index;

/// An index that will be there soon, shared by its clones.
#[derive(Clone, Default)]
pub struct SharedIndex(Arc<SetOnce<Index>>);

impl SharedIndex {
    /// Starts building the index of all names; to be called in a runtime.
    ///
    /// On a thread for blocking work: it takes a tenth of a second and more, in
    /// which an event loop would answer no client.
    pub fn start() -> SharedIndex {
        let shared = SharedIndex::default();
        let built = Arc::clone(&shared.0);
        task::spawn_blocking(move || {
            // It is set only here, so it was not set before.
            built.set(Index::new()).ok();
        });
        shared
    }

    /// Waits until the index is there.
    pub async fn ready(&self) -> &Index {
        self.0.wait().await
    }

    /// Returns the index if it is there.
    pub fn get(&self) -> Option<&Index> {
        self.0.get()
    }
}
