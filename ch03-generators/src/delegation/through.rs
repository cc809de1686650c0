//! What reaches the inner body, through a loop and through `delegate`; and a
//! helper that yields, and is not awaited.

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Resume, Step};

/// A line to a caller that takes text and sends numbers.
type Line<'a> = Co<'a, &'static str, u32>;

/// Yields what it is sent and thrown; an error does not end it.
pub async fn listener(co: Line<'_>) -> Result<(), Raised> {
    loop {
        match co.yield_("listening").await {
            Ok(sent) => println!("  inner: was sent {sent:?}"),
            Err(Raised::Exit) => {
                println!("  inner: closed");
                return Err(Raised::Exit);
            }
            Err(error) => println!("  inner: caught {error}"),
        }
    }
}

/// Passes everything to the listener, and everything back.
pub async fn by_delegate(co: Line<'_>) -> Result<(), Raised> {
    let ended = co.delegate(listener).await;
    println!("  outer: leaves");
    ended
}

/// Passes up what the listener yields, and nothing down.
pub async fn by_loop_broken(co: Line<'_>) -> Result<(), Raised> {
    let mut inner = Coroutine::new(listener);
    for item in inner.items() {
        let sent = co.yield_(item?).await?;
        println!("  outer: was sent {sent:?}, and drops it");
    }
    Ok(())
}

/// Starts, sends 42, throws an error, closes.
fn drive(mut outer: Coroutine<'_, &'static str, u32>) {
    let tell = |what: &str, step: Step<_, _>| match step {
        Step::Yielded(item) => println!("{what}: {item}"),
        Step::Returned(()) => println!("{what}: returned"),
        Step::Raised(raised) => println!("{what}: raised {raised}"),
    };
    tell("next", outer.next());
    tell("send 42", outer.send(42));
    tell("throw", outer.throw(Raised::message("Bu!")));
    println!("close: {:?}", outer.close());
}

/// Sends, throws and closes, through `delegate` and through a loop.
pub fn demo() {
    println!("through delegate");
    drive(Coroutine::new(by_delegate));
    println!("through a loop");
    drive(Coroutine::new(by_loop_broken));
}

/// What `co.yield_from(inner)` does, written out.
///
/// Source: PEP 380, "Formal Semantics".
pub async fn yield_from<Y, S, D>(
    co: &Co<'_, Y, S>,
    mut inner: D,
) -> Result<D::Return, Raised>
where
    D: Resumable<S, Yield = Y>,
{
    let mut how = Resume::Next;
    loop {
        let item = match inner.resume(how) {
            Step::Yielded(item) => item,
            Step::Returned(value) => return Ok(value),
            Step::Raised(raised) => return Err(raised),
        };
        how = match co.yield_(item).await {
            Ok(None) => Resume::Next,
            Ok(Some(value)) => Resume::Send(value),
            Err(Raised::Exit) => {
                inner.close()?;
                return Err(Raised::Exit);
            }
            Err(error) => Resume::Throw(error),
        };
    }
}

/// How many rounds without an item are enough to give up.
const LIMIT: u32 = 1_000_000;

/// Yields `n`, for a body that counts.
async fn step(co: &Co<'_, u32>, n: u32) -> Result<(), Raised> {
    co.yield_(n).await.map(|_| ())
}

/// Counts with a helper, and awaits it.
pub async fn count(co: Co<'_, u32>) -> Result<(), Raised> {
    for n in 1.. {
        step(&co, n).await?;
    }
    Ok(())
}

/// Counts with a helper, and forgets that a call runs nothing.
pub async fn count_forgotten_broken(co: Co<'_, u32>) -> Result<(), Raised> {
    for n in 1.. {
        drop(step(&co, n));
        if n == LIMIT {
            let what = format!("no item in {LIMIT} rounds");
            return Err(Raised::message(what));
        }
    }
    Ok(())
}

/// Asks each of the two for three items.
pub fn helpers() {
    let three = |mut body: Coroutine<'_, u32>| {
        for _ in 0..3 {
            match body.next() {
                Step::Yielded(n) => println!("  {n}"),
                Step::Returned(()) => return,
                Step::Raised(raised) => return println!("  {raised}"),
            }
        }
    };
    println!("helper awaited");
    three(Coroutine::new(count));
    println!("helper forgotten");
    three(Coroutine::new(count_forgotten_broken));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delegation::{Starter, footrace, watch};

    #[test]
    fn the_expansion_passes_all_that_delegate_passes() {
        let by_hand = Coroutine::new(|co: Starter<'static>| async move {
            yield_from(&co, Coroutine::new(footrace)).await?;
            Ok(())
        });
        let delegated = Coroutine::new(|co: Starter<'static>| async move {
            co.delegate(footrace).await?;
            Ok(())
        });
        assert_eq!(watch(by_hand), watch(delegated));

        let mut by_hand = Coroutine::new(|co: Line<'static>| async move {
            yield_from(&co, Coroutine::new(listener)).await
        });
        assert_eq!(by_hand.next(), Step::Yielded("listening"));
        let thrown = by_hand.throw(Raised::message("Bu!"));
        assert_eq!(thrown, Step::Yielded("listening"));
        assert_eq!(by_hand.close(), Ok(None));
    }

    #[test]
    fn a_helper_that_is_not_awaited_yields_nothing() {
        let mut forgotten = Coroutine::new(count_forgotten_broken);
        assert!(matches!(forgotten.next(), Step::Raised(_)));
        assert_eq!(Coroutine::new(count).next(), Step::Yielded(1));
    }
}
