//! `async fn` in traits: `impl Future + Send`, `AsyncFnMut`, and `dyn`.
//!
//! cargo run -p ch04-async -- async-traits

use tokio::task::{self, JoinHandle};

use crate::send_futures::Boxed;

/// Something that cooks.
///
/// An implementation may write `async fn cook`.
pub trait Cook: Send + Sync + 'static {
    /// Cooks; the future may be given to `spawn`.
    fn cook(&self, guests: u32) -> impl Future<Output = String> + Send;
}

/// Cooks tea.
pub struct Tea;

/// Cooks rice, and gives way once.
pub struct Rice;

impl Cook for Tea {
    async fn cook(&self, guests: u32) -> String {
        format!("tea for {guests}")
    }
}

impl Cook for Rice {
    async fn cook(&self, guests: u32) -> String {
        task::yield_now().await;
        format!("rice for {guests}")
    }
}

/// Cooks in a task, whatever the cook's type.
pub fn in_a_task<C: Cook>(cook: C, guests: u32) -> JoinHandle<String> {
    tokio::spawn(async move { cook.cook(guests).await })
}

/// What every [`Cook`] can do as well, and what `dyn` can be put before.
pub trait BoxedCook: Send + Sync {
    /// Cooks; the future is in a box.
    fn cook_boxed(&self, guests: u32) -> Boxed<'_, String>;
}

impl<C: Cook> BoxedCook for C {
    fn cook_boxed(&self, guests: u32) -> Boxed<'_, String> {
        Box::pin(self.cook(guests))
    }
}

/// Calls `work` with 1, 2, 3, … until it succeeds, at most `times` times.
///
/// # Errors
///
/// The error of the last call.
///
/// # Panics
///
/// If `times` is 0: then there is no result.
pub async fn retry<T, E>(
    times: u32,
    mut work: impl AsyncFnMut(u32) -> Result<T, E>,
) -> Result<T, E> {
    let mut result = None;
    for attempt in 1..=times {
        match work(attempt).await {
            Ok(value) => return Ok(value),
            Err(err) => result = Some(Err(err)),
        }
    }
    result.expect("at least one attempt")
}

/// Lets rice succeed at the third attempt, and keeps a log.
pub async fn patient(times: u32) -> Vec<String> {
    let mut log = Vec::new();
    let rice = retry(times, async |attempt| {
        log.push(format!("attempt {attempt}"));
        task::yield_now().await;
        match attempt {
            3 => Ok(Rice.cook(1).await),
            _ => Err("burnt"),
        }
    })
    .await;
    log.push(format!("{rice:?}"));
    log
}

/// Uses one trait in three ways, then calls an async closure.
#[tokio::main]
pub async fn demo() {
    println!("a type known to the compiler");
    println!("  {}", Tea.cook(2).await);

    println!("any type, in a task");
    let rice = in_a_task(Rice, 3).await;
    println!("  {}", rice.expect("the task does not panic"));

    println!("a list of different types");
    let cooks: [Box<dyn BoxedCook>; 2] = [Box::new(Tea), Box::new(Rice)];
    for cook in &cooks {
        println!("  {}", cook.cook_boxed(4).await);
    }

    println!("a closure that is awaited");
    for times in [2, 5] {
        println!("  at most {times}: {}", patient(times).await.join(", "));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_retry_ends_with_the_first_success() {
        let mut calls = 0;
        let work = async |attempt| {
            calls += 1;
            if attempt == 2 { Ok(attempt) } else { Err(()) }
        };
        assert_eq!(retry(9, work).await, Ok(2));
        assert_eq!(calls, 2);
    }

    #[tokio::test]
    async fn the_last_error_is_what_is_returned() {
        let fails = async |attempt| Err::<(), _>(attempt);
        assert_eq!(retry(3, fails).await, Err(3));
    }

    #[tokio::test]
    async fn a_generic_cook_works_in_a_task() {
        assert_eq!(in_a_task(Tea, 1).await.unwrap(), "tea for 1");
    }
}
