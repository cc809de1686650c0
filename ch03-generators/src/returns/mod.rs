//! A coroutine returns a value once, and its end is not an error.
//!
//! New: Python's end is an exception, `StopIteration`, which carries the value;
//! it took PEP 479 to keep it from ending other loops. Here it is a [`Step`].
//!
//! cargo run -p ch03-generators -- returns

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};

/// How many numbers there were, and their average if there were any.
#[derive(Debug, PartialEq)]
pub struct Summary {
    /// How many were sent.
    pub count: u32,
    /// Their average; `None` of no numbers.
    pub average: Option<f64>,
}

/// Is sent texts, yields nothing, returns a [`Summary`] of the numbers once
/// nothing is sent.
///
/// # Errors
///
/// A text that is no number ends it: the numbers before it are lost.
///
/// Source: *Fluent Python*, 1st ed., ch. 16, "Returning a Value from a
/// Coroutine".
pub async fn averager<'a>(co: Co<'a, (), &'a str>) -> Result<Summary, Raised> {
    let (mut total, mut count) = (0.0, 0);
    while let Some(text) = co.yield_(()).await? {
        total += text.parse::<f64>()?;
        count += 1;
    }
    let average = (count > 0).then(|| total / f64::from(count));
    Ok(Summary { count, average })
}

/// Yields the sums of pairs, of a source that may have an odd number of items.
pub async fn pairs(
    co: Co<'_, u32>,
    mut source: Coroutine<'_, u32>,
) -> Result<(), Raised> {
    loop {
        let Step::Yielded(one) = source.next() else {
            return Ok(());
        };
        // Not an end of ours: the source ended where it must not.
        let two = source.next().yielded()?;
        co.yield_(one + two).await?;
    }
}

fn average(texts: &[&'static str]) -> Result<Step<(), Summary>, Raised> {
    let mut averager = Coroutine::new(averager).primed()?;
    for text in texts {
        averager.send(text).yielded()?;
    }
    Ok(averager.next())
}

/// Shows a value that is returned, one that is lost, and an end that leaks.
pub fn demo() {
    for texts in [&["10", "30", "6.5"][..], &[], &["10", "spam"]] {
        match average(texts) {
            Ok(step) => println!("{step:?}"),
            Err(raised) => println!("raised: {raised}"),
        }
    }

    let mut closed = Coroutine::new(averager);
    closed.next().yielded().expect("it waits for a first text");
    println!("closed: {:?}", closed.close());

    for n in [4, 3] {
        let upto =
            Coroutine::new(move |co| async move { co.yield_all(1..=n).await });
        for sum in Coroutine::new(|co| pairs(co, upto)).items() {
            match sum {
                Ok(sum) => println!("pair: {sum}"),
                Err(raised) => println!("raised: {raised}"),
            }
        }
        println!("pairs up to {n}: done");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coroutine::Misuse;

    #[test]
    fn no_numbers_have_no_average() {
        let step = average(&[]).unwrap();
        let Step::Returned(summary) = step else {
            unreachable!()
        };
        assert_eq!(
            summary,
            Summary {
                count: 0,
                average: None
            }
        );
    }

    #[test]
    fn anothers_end_is_an_error_and_not_ours() {
        let three =
            Coroutine::new(|co| async move { co.yield_all(1..=3).await });
        let mut pairs = Coroutine::new(|co| pairs(co, three));
        assert!(matches!(pairs.next(), Step::Yielded(3)));
        let raised = pairs.next().yielded().unwrap_err();
        assert_eq!(raised.misuse(), Some(Misuse::RaisedFinished));
    }

    #[test]
    fn a_million_numbers_are_averaged() {
        let mut averager = Coroutine::new(averager).primed().unwrap();
        for _ in 0..1_000_000 {
            averager.send("2").yielded().unwrap();
        }
        let Step::Returned(summary) = averager.next() else {
            unreachable!()
        };
        assert_eq!(summary.average, Some(2.0));
    }
}
