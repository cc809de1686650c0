//! Which task hangs, and where: a registry of what each task waits for.
//!
//! cargo run -p ch04-async -- stuck --paused

use std::collections::BTreeMap;
use std::panic::Location;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{Mutex as AsyncMutex, oneshot};
use tokio::task::{self, JoinSet};
use tokio::time;

/// The waits that go on, by the numbers under which they began.
#[derive(Default)]
pub struct Registry {
    begun: u64,
    waits: BTreeMap<u64, Wait>,
}

/// A task, what it waits for, and the line that says so.
type Wait = (&'static str, &'static str, &'static Location<'static>);

/// A registry, as tasks share it.
pub type Shared = Arc<Mutex<Registry>>;

tokio::task_local! {
    /// The name of a task, and where its waits are listed.
    pub static TASK: (&'static str, Shared);
}

/// Awaits `future`; while that takes, the registry lists the caller's line.
#[track_caller]
pub fn at<F: Future>(
    what: &'static str,
    future: F,
) -> impl Future<Output = F::Output> {
    let place = Location::caller();
    async move {
        let _listed = Listed::new(what, place);
        future.await
    }
}

/// Keeps a wait in the registry until it is dropped, by abort as well.
struct Listed(u64, Shared);

impl Listed {
    fn new(what: &'static str, place: &'static Location<'static>) -> Listed {
        let (task, shared) = TASK.get();
        let mut registry = open(&shared);
        registry.begun += 1;
        let number = registry.begun;
        registry.waits.insert(number, (task, what, place));
        drop(registry);
        Listed(number, shared)
    }
}

impl Drop for Listed {
    fn drop(&mut self) {
        open(&self.1).waits.remove(&self.0);
    }
}

fn open(shared: &Shared) -> MutexGuard<'_, Registry> {
    // A registry is wanted after a panic more than before.
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns one line for each wait that goes on.
pub fn report(shared: &Shared) -> Vec<String> {
    let registry = open(shared);
    let lines = registry.waits.values().map(|(task, what, place)| {
        let (file, line) = (place.file(), place.line());
        format!("{task} waits for {what}: {file}:{line}")
    });
    lines.collect()
}

/// Takes two forks, one after the other.
async fn eat(forks: [Arc<AsyncMutex<()>>; 2]) {
    let _first = at("its first fork", forks[0].lock()).await;
    task::yield_now().await;
    let _second = at("its second fork", forks[1].lock()).await;
}

/// Lets two philosophers eat, and a waiter wait for one of them.
pub async fn table(shared: &Shared, orders: [[usize; 2]; 2]) -> bool {
    let forks = [Arc::default(), Arc::default()];
    let [ada, bob] = orders.map(|order| order.map(|n| Arc::clone(&forks[n])));
    let (done, eaten) = oneshot::channel();
    let mut tasks = JoinSet::new();
    let named = |name| (name, Arc::clone(shared));
    tasks.spawn(TASK.scope(named("ada"), async {
        eat(ada).await;
        // A waiter that has gone clears no table.
        done.send(()).ok();
    }));
    tasks.spawn(TASK.scope(named("bob"), eat(bob)));
    tasks.spawn(TASK.scope(named("waiter"), async {
        at("ada to have eaten", eaten).await.ok();
    }));
    let all = async { while tasks.join_next().await.is_some() {} };
    let patience = Duration::from_secs(1);
    let in_time = time::timeout(patience, all).await.is_ok();
    for line in report(shared) {
        println!("  {line}");
    }
    in_time
}

/// Lets them take the forks in opposite orders, then in the same order.
pub async fn demo() {
    println!("each begins with another fork");
    let shared = Shared::default();
    println!(
        "  all have eaten: {}",
        table(&shared, [[0, 1], [1, 0]]).await
    );
    println!("both begin with the same fork");
    println!(
        "  all have eaten: {}",
        table(&shared, [[0, 1], [0, 1]]).await
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_report_names_the_line_that_waits() {
        let shared = Shared::default();
        let (sender, receiver) = oneshot::channel::<()>();
        let scope = ("x", Arc::clone(&shared));
        let task =
            tokio::spawn(TASK.scope(scope, async {
                at("an answer", receiver).await.is_ok()
            }));
        task::yield_now().await;
        let lines = report(&shared);
        assert_eq!(lines.len(), 1);
        assert!(lines[0].starts_with("x waits for an answer: "), "{lines:?}");
        assert!(lines[0].contains("stuck/mod.rs:"), "{lines:?}");
        drop(sender);
        assert!(!task.await.unwrap());
        assert_eq!(report(&shared).len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn an_aborted_task_waits_for_nothing() {
        let shared = Shared::default();
        let scope = ("x", Arc::clone(&shared));
        let never = std::future::pending::<()>();
        let task = tokio::spawn(TASK.scope(scope, at("nothing", never)));
        task::yield_now().await;
        assert_eq!(report(&shared).len(), 1);
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        assert_eq!(report(&shared).len(), 0);
    }

    #[tokio::test(start_paused = true)]
    async fn opposite_orders_deadlock_and_one_order_does_not() {
        let shared = Shared::default();
        assert!(!table(&shared, [[0, 1], [1, 0]]).await);
        assert!(table(&shared, [[1, 0], [1, 0]]).await);
    }
}
