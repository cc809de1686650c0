//! A body that delegates steps aside: caller and inner body talk directly.
//!
//! New: a loop over the inner one passes items up and nothing down. `delegate`
//! passes everything, and evaluates to what the inner body returns.
//!
//! cargo run -p ch03-generators -- delegation

pub mod through;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

/// A line to a caller that takes text and sends faults.
pub type Starter<'a> = Co<'a, String, &'static str>;

/// Calls the start, again from the beginning after each fault; returns how many
/// there were.
pub async fn footrace(co: Starter<'_>) -> Result<u32, Raised> {
    let calls = ["On your marks.", "Set.", "Go!"];
    let (mut at, mut faults) = (0, 0);
    while at < calls.len() {
        match co.yield_(calls[at].to_string()).await? {
            Some(_fault) => (at, faults) = (0, faults + 1),
            None => at += 1,
        }
    }
    Ok(faults)
}

/// Delegates by hand: yields what the inner one yields.
///
/// What the caller sends ends up here, and is ignored.
pub async fn race_broken(co: Starter<'_>) -> Result<(), Raised> {
    co.yield_all(["2", "1"].map(String::from)).await?;
    let mut race = Coroutine::new(footrace);
    for call in race.items() {
        co.yield_(call?).await?;
    }
    Ok(())
}

/// Delegates: what the caller sends reaches the inner body.
pub async fn race(co: Starter<'_>) -> Result<(), Raised> {
    co.yield_all(["2", "1"].map(String::from)).await?;
    let faults = co.delegate(footrace).await?;
    co.yield_(format!("Race started after {faults} faults."))
        .await?;
    Ok(())
}

/// Calls `footrace`, and forgets that a call runs nothing.
///
/// The compiler warns: a future that is not awaited does nothing.
pub async fn race_forgotten_broken(co: Starter<'_>) -> Result<(), Raised> {
    co.yield_all(["2", "1"].map(String::from)).await?;
    drop(footrace(co.clone()));
    Ok(())
}

/// Delegates to one that was started before: its first call is lost.
pub async fn race_primed_broken(co: Starter<'_>) -> Result<(), Raised> {
    co.yield_all(["2", "1"].map(String::from)).await?;
    let started = Coroutine::new(footrace).primed()?;
    co.yield_from(started).await?;
    Ok(())
}

/// Runs one script: asks three times, calls a fault, and asks until the end.
pub fn watch(mut race: Coroutine<'_, String, &'static str>) -> Vec<String> {
    let mut heard = Vec::new();
    for turn in 1.. {
        let step = match turn {
            4 => race.send("fault"),
            _ => race.next(),
        };
        match step {
            Step::Yielded(call) => heard.push(call),
            Step::Returned(()) => break,
            Step::Raised(raised) => {
                heard.push(raised.to_string());
                break;
            }
        }
    }
    heard
}

/// Shows four ways to hand over, under the same script.
pub fn demo() {
    println!("loop      {:?}", watch(Coroutine::new(race_broken)));
    println!("delegate  {:?}", watch(Coroutine::new(race)));
    println!(
        "forgotten {:?}",
        watch(Coroutine::new(race_forgotten_broken))
    );
    println!("primed    {:?}", watch(Coroutine::new(race_primed_broken)));
    through::demo();
    through::helpers();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_reaches_only_a_delegate() {
        let marks = |heard: Vec<String>| {
            heard
                .iter()
                .filter(|call| *call == "On your marks.")
                .count()
        };
        assert_eq!(marks(watch(Coroutine::new(race_broken))), 1);
        assert_eq!(marks(watch(Coroutine::new(race))), 2);
    }

    #[test]
    fn a_frame_and_an_object_behave_alike() {
        let object = Coroutine::new(|co: Starter<'static>| async move {
            co.yield_all(["2", "1"].map(String::from)).await?;
            let faults = co.yield_from(Coroutine::new(footrace)).await?;
            let last = format!("Race started after {faults} faults.");
            co.yield_(last).await?;
            Ok(())
        });
        assert_eq!(watch(object), watch(Coroutine::new(race)));
    }
}
