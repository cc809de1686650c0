//! `spawn` wants a future that is `Send`: three refusals, and their cures.
//!
//! cargo run -p ch04-async -- send-futures

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::{Arc, Mutex};

use tokio::runtime::LocalRuntime;
use tokio::task::{self, JoinSet};

/// Counts in `tasks` tasks; each drops its guard before it awaits.
pub async fn count(tasks: u32) -> u32 {
    let count = Arc::new(Mutex::new(0));
    let mut all = JoinSet::new();
    for _ in 0..tasks {
        let count = Arc::clone(&count);
        all.spawn(async move {
            {
                let mut guard = count.lock().expect("no task panics");
                *guard += 1;
            }
            task::yield_now().await;
        });
    }
    all.join_all().await;
    let guard = count.lock().expect("no task panics");
    *guard
}

/// Counts in an `Rc`, in tasks that stay on one thread.
pub fn count_locally(tasks: u32) -> u32 {
    let runtime = LocalRuntime::new().expect("the system gives a poller");
    runtime.block_on(async {
        let count = Rc::new(Cell::new(0));
        let mut all = JoinSet::new();
        for _ in 0..tasks {
            let count = Rc::clone(&count);
            all.spawn_local(async move {
                task::yield_now().await;
                count.set(count.get() + 1);
            });
        }
        all.join_all().await;
        count.get()
    })
}

/// A future in a box: one type for every future with this output.
pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Something that cooks. Its method returns a boxed future.
pub trait Cook: Send + Sync {
    /// Cooks.
    fn cook(&self) -> Boxed<'_, String>;
}

/// Cooks tea.
pub struct Tea;

/// Cooks rice for this number of guests.
pub struct Rice(pub u32);

impl Cook for Tea {
    fn cook(&self) -> Boxed<'_, String> {
        Box::pin(async { "tea".to_string() })
    }
}

impl Cook for Rice {
    fn cook(&self) -> Boxed<'_, String> {
        Box::pin(async {
            task::yield_now().await;
            format!("rice for {}", self.0)
        })
    }
}

/// Has every cook cook, of any type.
pub async fn cook_all(cooks: &[Box<dyn Cook>]) -> String {
    let mut served = Vec::new();
    for cook in cooks {
        served.push(cook.cook().await);
    }
    served.join(", ")
}

/// Runs the three cures.
pub fn demo() {
    println!("a guard in a block: {}", counted());
    println!("Rc on a local runtime: {}", count_locally(10));
    println!("dyn, boxed: {}", cooked());
}

#[tokio::main]
async fn counted() -> u32 {
    count(10).await
}

#[tokio::main]
async fn cooked() -> String {
    let task = tokio::spawn(async {
        let cooks: [Box<dyn Cook>; 2] = [Box::new(Tea), Box::new(Rice(3))];
        cook_all(&cooks).await
    });
    task.await.expect("the task does not panic")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_count_is_lost() {
        for _ in 0..20 {
            assert_eq!(counted(), 10);
        }
    }

    #[test]
    fn tasks_of_a_local_runtime_share_what_is_not_send() {
        assert_eq!(count_locally(3), 3);
    }
}
