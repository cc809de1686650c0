//! Calling an `async fn` runs nothing; there are three ways to run it.
//!
//! Await it here, spawn it as a task, or hand it to a runtime's `block_on`.
//! A future that is made early and awaited late has not begun in between.
//!
//! cargo run -p ch04-async -- inert

use std::future::{IntoFuture, Ready, ready};
use std::time::Duration;

use tokio::task;
use tokio::time::{self, Instant};

/// How long a call takes.
pub const CALL: Duration = Duration::from_millis(200);

/// Says that it begins, waits, and returns its name.
pub async fn call(what: &str) -> &str {
    println!("  {what} begins");
    time::sleep(CALL).await;
    what
}

/// An order for tea, which can be awaited as it stands.
///
/// `.await` takes any type that is `IntoFuture`: Python's `__await__`.
pub struct Order;

impl IntoFuture for Order {
    type Output = &'static str;
    type IntoFuture = Ready<&'static str>;

    fn into_future(self) -> Self::IntoFuture {
        ready("tea, from an order")
    }
}

/// Starts at once, and returns a handle: a plain function, awaited like any.
pub fn started(what: &'static str) -> task::JoinHandle<&'static str> {
    task::spawn(call(what))
}

/// Awaits two calls in turn, then joins two.
async fn awaited() {
    println!("called, then awaited in turn");
    let start = Instant::now();
    let (tea, rice) = (call("tea"), call("rice"));
    tea.await;
    rice.await;
    took(start);

    println!("called, then joined");
    let start = Instant::now();
    let (tea, rice) = (call("tea"), call("rice"));
    tokio::join!(biased; tea, rice);
    took(start);
}

/// Spawns two calls and awaits their handles in turn; drops a third handle.
async fn spawned() {
    println!("spawned, then awaited in turn");
    let start = Instant::now();
    let (tea, rice) = (started("tea"), started("rice"));
    println!("  spawned");
    for task in [tea, rice] {
        task.await.expect("a call does not panic");
    }
    took(start);

    println!("spawned, never awaited");
    drop(started("coffee"));
    task::yield_now().await;
    println!("  the coffee's task had a turn");
}

/// Makes pairs of calls and runs each pair in another way.
///
/// A future is `#[must_use]`. Where Python warns when the forgotten coroutine
/// is collected, this does not get past a compiler that denies the warning:
///
/// ```compile_fail
/// #![deny(unused_must_use)]
/// async fn forgets() {
///     ch04_async::inert::call("tea");
/// }
/// ```
///
/// Awaiting uses a future up. Python raises a `RuntimeError` the second time:
///
/// ```compile_fail,E0382
/// async fn twice() {
///     let tea = ch04_async::inert::call("tea");
///     tea.await;
///     tea.await;
/// }
/// ```
///
/// An iterator is no future, as a plain generator is not awaitable in Python:
///
/// ```compile_fail,E0277
/// async fn of_an_iterator() {
///     (0..3).await;
/// }
/// ```
///
/// Source: *Fluent Python*, 2nd ed., ch. 21, "Awaitable", and ch. 19, "Spinner
/// with Coroutines".
pub async fn demo() {
    println!("called, dropped");
    drop(call("coffee"));

    awaited().await;
    spawned().await;

    println!("not a future, but awaited");
    println!("  {}", Order.await);
}

fn took(start: Instant) {
    let calls = start.elapsed().div_duration_f64(CALL);
    println!("  took as long as {calls:.0}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_made_together_and_awaited_in_turn_take_the_sum() {
        let start = Instant::now();
        let (tea, rice) = (call("tea"), call("rice"));
        tea.await;
        rice.await;
        assert_eq!(start.elapsed(), 2 * CALL);
    }

    #[tokio::test(start_paused = true)]
    async fn two_spawned_and_awaited_in_turn_take_the_longer() {
        let start = Instant::now();
        let (tea, rice) = (started("tea"), started("rice"));
        tea.await.unwrap();
        rice.await.unwrap();
        assert_eq!(start.elapsed(), CALL);
    }
}
