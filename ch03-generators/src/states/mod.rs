//! A coroutine is created, running, suspended or finished.
//!
//! New: the same operation means something else in each state, and each meaning
//! is a [`Step`]: an item, the end, or an error. None is mistaken for another.
//!
//! cargo run -p ch03-generators -- states

use crate::coroutine::{
    Co, Coroutine, Raised, Resumable, Resume, Shared, State, Step,
};

/// Is sent numbers and yields their doubles; returns how many once nothing is
/// sent.
pub async fn doubler(co: Co<'_, i32, i32>) -> Result<i32, Raised> {
    let (mut count, mut item) = (0, 0);
    while let Some(n) = co.yield_(item).await? {
        item = 2 * n;
        count += 1;
    }
    Ok(count)
}

/// Makes a doubler that has come as far as `state`.
fn doubler_in(
    state: State,
) -> Result<Coroutine<'static, i32, i32, i32>, Raised> {
    let fresh = Coroutine::new(doubler);
    Ok(match state {
        State::Created => fresh,
        State::Suspended => fresh.primed()?,
        State::Running | State::Finished => {
            let mut finished = fresh.primed()?;
            finished.close()?;
            finished
        }
    })
}

/// Does one thing to a coroutine, and says what came of it.
fn tell(name: &str, state: State, how: Resume<i32>) -> Result<(), Raised> {
    let mut coroutine = doubler_in(state)?;
    let came = match coroutine.resume(how) {
        Step::Yielded(item) => format!("yielded {item}"),
        Step::Returned(value) => format!("returned {value}"),
        Step::Raised(raised) => format!("raised {raised}"),
    };
    println!("{state:?} {name}: {came}; {:?}", coroutine.state());
    Ok(())
}

fn all() -> Result<(), Raised> {
    for state in [State::Created, State::Suspended, State::Finished] {
        tell("next", state, Resume::Next)?;
        tell("send", state, Resume::Send(21))?;
        tell("throw", state, Resume::Throw(Raised::message("oops")))?;
        tell("close", state, Resume::Close)?;
    }
    Ok(())
}

/// Tries every operation in every state that can be seen from outside, then
/// lets a body see its own.
pub fn demo() {
    all().expect("the doubler raises nothing by itself");

    let mut narcissus = Shared::new_cyclic(|me| {
        Coroutine::<()>::new(|_| async move {
            // The caller holds a handle while it resumes us.
            let me = me.upgrade()?;
            println!("seen from inside: {:?}", me.state());
            Ok(())
        })
    });
    let ended = narcissus.next();
    assert!(
        matches!(ended, Step::Returned(())),
        "it has nothing to yield"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_how_many_it_was_and_only_once() {
        let mut doubler = Coroutine::new(doubler).primed().unwrap();
        assert!(matches!(doubler.send(21), Step::Yielded(42)));
        assert!(matches!(doubler.next(), Step::Returned(1)));
        assert!(matches!(doubler.next(), Step::Raised(Raised::Error(_))));
    }
}
