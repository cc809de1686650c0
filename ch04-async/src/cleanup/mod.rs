//! `Drop` cannot await: what must be awaited at the end needs a function.
//!
//! Python's `async with` becomes a function that takes the body. It covers
//! success and failure; a caller that is dropped needs a task besides.
//!
//! cargo run -p ch04-async -- cleanup --paused

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::{task, time};

pub mod child;

/// A connection to a slow database, which keeps a log of what it was told.
#[derive(Clone, Default)]
pub struct Connection {
    log: Arc<Mutex<Vec<&'static str>>>,
}

impl Connection {
    /// Tells the database something, which takes a moment.
    pub async fn tell(&self, what: &'static str) {
        time::sleep(Duration::from_millis(100)).await;
        self.lock().push(what);
    }

    /// Returns everything that the database was told.
    pub fn log(&self) -> String {
        self.lock().join(", ")
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<&'static str>> {
        // A push leaves the log whole.
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs a body between `begin` and `commit`, or `rollback` if it fails.
///
/// Neither is said if the body panics, or if this future is dropped.
///
/// # Errors
///
/// The body's, after the rollback.
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Asynchronous Context Managers".
pub async fn transaction<T, E>(
    db: &Connection,
    body: impl AsyncFnOnce(&Connection) -> Result<T, E>,
) -> Result<T, E> {
    db.tell("begin").await;
    let result = body(db).await;
    let end = if result.is_ok() { "commit" } else { "rollback" };
    db.tell(end).await;
    result
}

/// Works in a transaction; fails half-way if told to.
///
/// # Errors
///
/// If told to.
pub async fn work(db: Connection, fail: bool) -> Result<(), &'static str> {
    transaction(&db, async |db| {
        db.tell("insert").await;
        if fail { Err("no space") } else { Ok(()) }
    })
    .await
}

/// Works in a task of its own: the caller may be dropped, the work goes on.
///
/// # Errors
///
/// As [`work`].
pub async fn work_shielded(db: Connection) -> Result<(), &'static str> {
    let work = task::spawn(work(db, false));
    work.await.expect("the handle that could abort it is here")
}

/// Ends a transaction in four ways, two of them too early.
pub async fn demo() {
    let db = Connection::default();
    let result = work(db.clone(), false).await;
    println!("success, {result:?}: {}", db.log());

    let db = Connection::default();
    let result = work(db.clone(), true).await;
    println!("failure, {result:?}: {}", db.log());

    // It begins at 0.1 s, inserts at 0.2 s and would commit at 0.3 s.
    let limit = Duration::from_millis(250);
    let patience = Duration::from_millis(500);
    let db = Connection::default();
    let result = time::timeout(limit, work(db.clone(), false)).await;
    time::sleep(patience).await;
    println!("timeout, {:?}: {}", result.is_ok(), db.log());

    let db = Connection::default();
    let result = time::timeout(limit, work_shielded(db.clone())).await;
    time::sleep(patience).await;
    println!("timeout, in a task, {:?}: {}", result.is_ok(), db.log());

    if let Err(err) = child::show().await {
        // There may be no `cat`.
        println!("no child: {err}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_fails_is_rolled_back_before_its_error_is_returned() {
        let db = Connection::default();
        assert_eq!(work(db.clone(), true).await, Err("no space"));
        assert_eq!(db.log(), "begin, insert, rollback");
    }

    #[tokio::test(start_paused = true)]
    async fn a_transaction_that_is_dropped_is_neither_kept_nor_rolled_back() {
        let db = Connection::default();
        let limit = Duration::from_millis(250);
        let late = time::timeout(limit, work(db.clone(), false)).await;
        assert!(late.is_err());
        time::sleep(Duration::from_secs(10)).await;
        assert_eq!(db.log(), "begin, insert");
    }

    #[tokio::test(start_paused = true)]
    async fn a_task_of_its_own_ends_what_it_began() {
        let db = Connection::default();
        let limit = Duration::from_millis(250);
        let late = time::timeout(limit, work_shielded(db.clone())).await;
        assert!(late.is_err());
        time::sleep(Duration::from_secs(10)).await;
        assert_eq!(db.log(), "begin, insert, commit");
    }
}
