//! `asyncio.wait`: done tasks are taken out, pending ones stay and go on.

use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time;

use super::call;

/// When the wait is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// One is done: `FIRST_COMPLETED`.
    First,
    /// One has failed, or all are done: `FIRST_EXCEPTION`.
    FirstError,
    /// All are done: `ALL_COMPLETED`.
    All,
}

/// Moves results from the tasks that are done, as they end, into `done`.
///
/// Dropping it, in a timeout, cancels no task and loses no result: the tasks are
/// the caller's, and so is `done`.
///
/// # Panics
///
/// If a task panicked.
pub async fn wait<T: 'static, E: 'static>(
    tasks: &mut JoinSet<Result<T, E>>,
    done: &mut Vec<Result<T, E>>,
    until: Until,
) {
    while let Some(ended) = tasks.join_next().await {
        let ended = ended.expect("a task panicked");
        let failed = ended.is_err();
        done.push(ended);
        match until {
            Until::First => return,
            Until::FirstError if failed => return,
            Until::FirstError | Until::All => {}
        }
    }
}

fn tasks() -> JoinSet<Result<char, String>> {
    [('a', 3), ('b', 1), ('c', 0)]
        .map(|(name, tenths)| call(name, tenths))
        .into_iter()
        .collect()
}

/// Waits in each way, and a fourth time with a limit; then for the others.
pub(super) async fn show() {
    for until in [Until::First, Until::FirstError, Until::All] {
        println!("wait until {until:?}: the others go on");
        let (mut tasks, mut done) = (tasks(), Vec::new());
        wait(&mut tasks, &mut done, until).await;
        println!("  {done:?}, {} pending", tasks.len());
        while tasks.join_next().await.is_some() {}
    }
    println!("wait for 0.2 s: the others go on");
    let (mut tasks, mut done) = (tasks(), Vec::new());
    let limit = Duration::from_millis(200);
    let all = wait(&mut tasks, &mut done, Until::All);
    let late = time::timeout(limit, all).await.is_err();
    println!("  late: {late}; {done:?}, {} pending", tasks.len());
    while tasks.join_next().await.is_some() {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn waiting_for_the_first_leaves_the_others_in_the_set() {
        let (mut tasks, mut done) = (tasks(), Vec::new());
        wait(&mut tasks, &mut done, Until::First).await;
        assert_eq!((&done[..], tasks.len()), (&[Ok('c')][..], 2));
        wait(&mut tasks, &mut done, Until::All).await;
        assert_eq!(done, [Ok('c'), Err("b failed".into()), Ok('a')]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_ends_the_waiting_but_not_the_others() {
        let (mut tasks, mut done) = (tasks(), Vec::new());
        wait(&mut tasks, &mut done, Until::FirstError).await;
        assert_eq!((done.len(), tasks.len()), (2, 1));
        wait(&mut tasks, &mut done, Until::FirstError).await;
        assert_eq!(done.last(), Some(&Ok('a')));
    }

    #[tokio::test(start_paused = true)]
    async fn a_limit_around_it_loses_no_result_and_cancels_nobody() {
        let (mut tasks, mut done) = (tasks(), Vec::new());
        let limit = Duration::from_millis(200);
        let all = wait(&mut tasks, &mut done, Until::All);
        assert!(time::timeout(limit, all).await.is_err());
        assert_eq!((done.len(), tasks.len()), (2, 1));
        wait(&mut tasks, &mut done, Until::All).await;
        assert_eq!(done.last(), Some(&Ok('a')));
    }
}
