//! A small coroutine built from a cell, beside the real one.
//!
//! New: what a yield, a resume and an end do to the cell between a body and its
//! caller. The same script runs on both, and brings the same steps.
//!
//! cargo run -p ch03-generators -- coroutine

use std::fmt::Debug;

use super::small::{Answer, Line, Small};
use super::{Co, Coroutine, Raised, Resumable, Resume, Step};

fn heard(answer: Answer<u32>) -> Result<u32, Raised> {
    match &answer {
        Ok(Some(value)) => println!("  body: was sent {value}"),
        Ok(None) => println!("  body: was sent nothing"),
        Err(raised) => println!("  body: raised {raised}"),
    }
    answer.map(Option::unwrap_or_default)
}

/// Yields 1 and 2, says what it is sent, and returns the sum.
pub async fn body(line: Line<u32, u32>) -> Result<u32, Raised> {
    println!("  body: begins");
    let first = heard(line.yield_(1).await)?;
    let second = heard(line.yield_(2).await)?;
    Ok(first + second)
}

/// The same on the real coroutine.
async fn real(co: Co<'_, u32, u32>) -> Result<u32, Raised> {
    println!("  body: begins");
    let first = heard(co.yield_(1).await)?;
    let second = heard(co.yield_(2).await)?;
    Ok(first + second)
}

/// Runs one script, and returns each step as text.
fn script<C>(mut coroutine: C, script: Vec<Resume<u32>>) -> Vec<String>
where
    C: Resumable<u32, Yield: Debug, Return: Debug>,
{
    let mut steps = Vec::new();
    for how in script {
        let name = format!("{how:?}");
        let step: Step<_, _> = coroutine.resume(how);
        let step = match step {
            Step::Raised(raised) => format!("raised {raised}"),
            step => format!("{step:?}"),
        };
        println!("{name}: {step}");
        steps.push(step);
    }
    steps
}

fn to_the_end() -> Vec<Resume<u32>> {
    vec![
        Resume::Send(7),
        Resume::Next,
        Resume::Send(88),
        Resume::Send(99),
        Resume::Next,
    ]
}

fn closed() -> Vec<Resume<u32>> {
    vec![Resume::Next, Resume::Close, Resume::Close]
}

/// Runs two scripts on the small coroutine, and compares with the real one.
pub fn demo() {
    let mut small = script(Small::new(body), to_the_end());
    println!("another one");
    small.extend(script(Small::new(body), closed()));
    println!("the real one");
    let mut whole = script(Coroutine::new(real), to_the_end());
    println!("another one");
    whole.extend(script(Coroutine::new(real), closed()));
    println!("the steps are the same: {}", small == whole);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_and_whole_take_the_same_steps() {
        let throws = || {
            vec![
                Resume::Next,
                Resume::Throw(Raised::message("oops")),
                Resume::Throw(Raised::message("again")),
                Resume::Send(1),
            ]
        };
        let early = || vec![Resume::Close, Resume::Next, Resume::Send(1)];
        let never = || vec![Resume::Close, Resume::Send(1)];
        let scripts: [fn() -> Vec<Resume<u32>>; 5] =
            [to_the_end, closed, throws, early, never];
        for made in scripts {
            assert_eq!(
                script(Small::new(body), made()),
                script(Coroutine::new(real), made()),
            );
        }
    }

    #[test]
    fn an_exit_is_not_answered_by_a_yield() {
        async fn stubborn(line: Line<u32, ()>) -> Result<(), Raised> {
            loop {
                line.yield_(1).await.ok();
            }
        }
        let mut small = Small::new(stubborn);
        assert_eq!(small.next(), Step::Yielded(1));
        assert!(small.close().is_err());
        assert!(matches!(small.next(), Step::Raised(_)));
    }
}
