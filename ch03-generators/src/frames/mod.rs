//! The innermost body is resumed directly, however deep it stands.
//!
//! New: `delegate` gives the other body to the driver, which keeps a stack of
//! them and polls the top. `yield_from` keeps it, and passes each resume on.
//!
//! cargo run -p ch03-generators -- frames

use std::cell::Cell;
use std::pin::pin;

use crate::coroutine::{Co, Coroutine, Raised, Resumable};

/// Counts how often any of the bodies below is polled.
pub type Polls = Cell<u32>;

/// Polls `body`, and counts.
async fn counted<F: Future>(polls: &Polls, body: F) -> F::Output {
    let mut body = pin!(body);
    std::future::poll_fn(|cx| {
        polls.set(polls.get() + 1);
        body.as_mut().poll(cx)
    })
    .await
}

/// Stands `depth` levels deep by delegation, then yields numbers.
///
/// It calls itself without `Box::pin`: what [`Co::delegate`] returns does not
/// contain the body that it was given.
pub async fn by_frames<'a>(
    co: Co<'a, u32>,
    depth: u32,
    polls: &'a Polls,
) -> Result<(), Raised> {
    match depth {
        0 => co.yield_all(0..).await,
        _ => {
            let inner = |co| counted(polls, by_frames(co, depth - 1, polls));
            co.delegate(inner).await
        }
    }
}

/// Stands `depth` levels deep by passing each resume on, as CPython does.
pub async fn by_hand<'a>(
    co: Co<'a, u32>,
    depth: u32,
    polls: &'a Polls,
) -> Result<(), Raised> {
    match depth {
        0 => co.yield_all(0..).await,
        _ => {
            let inner = |co| counted(polls, by_hand(co, depth - 1, polls));
            co.yield_from(Coroutine::new(inner)).await
        }
    }
}

/// Returns how many bodies the second resume polls, and the depth of the stack.
///
/// # Errors
///
/// What a body raised.
pub fn polls_per_resume<'a, F>(
    polls: &'a Polls,
    body: impl FnOnce(Co<'a, u32>) -> F,
) -> Result<(u32, usize), Raised>
where
    F: Future<Output = Result<(), Raised>> + 'a,
{
    let mut coroutine =
        Coroutine::new(|co| counted(polls, body(co))).primed()?;
    polls.set(0);
    coroutine.next().yielded()?;
    Ok((polls.get(), coroutine.depth()))
}

/// Shows what one resume polls at several depths, both ways.
pub fn demo() {
    let polls = Polls::default();
    println!("bodies polled for one resume:");
    for depth in [0, 1, 10, 100] {
        let frames =
            polls_per_resume(&polls, |co| by_frames(co, depth, &polls));
        let by_hand = polls_per_resume(&polls, |co| by_hand(co, depth, &polls));
        if let (Ok((one, _)), Ok((all, _))) = (frames, by_hand) {
            println!("depth {depth}: delegate {one}, yield_from {all}");
        }
    }
    let depth = 10_000;
    match polls_per_resume(&polls, |co| by_frames(co, depth, &polls)) {
        Ok((one, frames)) => {
            println!("depth {depth}: delegate {one}, of {frames} bodies");
        }
        Err(raised) => println!("raised: {raised}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resume_polls_one_body_at_any_depth() {
        let polls = Polls::default();
        for depth in [0, 1, 10, 10_000] {
            let (one, frames) =
                polls_per_resume(&polls, |co| by_frames(co, depth, &polls))
                    .unwrap();
            assert_eq!((one, frames), (1, depth as usize + 1));
        }
    }

    #[test]
    fn passing_it_on_polls_them_all() {
        let polls = Polls::default();
        let (all, _) =
            polls_per_resume(&polls, |co| by_hand(co, 50, &polls)).unwrap();
        assert_eq!(all, 51);
    }
}
