//! An error ends its task, and is raised again in each task that waits for it.
//!
//! New: a failure is kept for as long as the task's parent lives, so that it is
//! not lost if no task waits at the time; a failure that is never asked for is
//! reported.
//!
//! cargo run -p ch03-generators -- failures

use std::cell::Cell;
use std::error::Error;
use std::io;
use std::panic::resume_unwind;
use std::rc::Rc;

use crate::coroutine::{Except, Raised};
use crate::kernel::{Failure, Os, Scheduler};

/// Fails until it is called for the third time.
async fn flaky(os: Os, calls: Rc<Cell<u32>>) -> Result<(), Raised> {
    os.pause().await?;
    calls.set(calls.get() + 1);
    match calls.get() {
        1 => Err(io::Error::from(io::ErrorKind::ConnectionReset).into()),
        // A panic without the panic hook, which would write to stderr.
        2 => resume_unwind(Box::new("a bug")),
        _ => Ok(()),
    }
}

/// Starts a task again for as long as it fails.
async fn supervisor(os: Os) -> Result<(), Raised> {
    let calls = Rc::new(Cell::new(0));
    loop {
        let calls = calls.clone();
        let child = os.spawn(|os| flaky(os, calls)).await?;
        match os.wait(child).await.except::<Failure>()? {
            Ok(_) => break println!("{child}: returned"),
            Err(Failure::Raised(error)) => {
                let io = error.downcast_ref::<io::Error>();
                println!("{child}: raised {:?}", io.map(io::Error::kind));
            }
            Err(failure) => println!("{child}: {failure}"),
        }
    }
    Ok(())
}

/// Fails at once.
async fn fails(_: Os) -> Result<(), Raised> {
    Err(Raised::message("no server answers"))
}

/// Waits for a task that has failed already, and leaves another one alone.
async fn careless(os: Os) -> Result<(), Raised> {
    let asked = os.spawn(fails).await?;
    let left_alone = os.spawn(fails).await?;
    os.pause().await?;
    if let Err(failure) = os.wait(asked).await.except::<Failure>()? {
        println!("{asked}: failed earlier: {failure}");
    }
    println!("{left_alone} is left alone");
    Ok(())
}

/// Has a child that fails, and passes its error on.
async fn chain(os: Os) -> Result<(), Raised> {
    let inner = os.spawn(fails).await?;
    os.wait(inner).await?;
    println!("never printed");
    Ok(())
}

/// Starts again, asks late, does not ask, and passes on.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut scheduler = Scheduler::new()?;
    scheduler.on_unseen(|tid, failure| {
        println!("{tid} failed, and no task asked: {failure}");
    });
    scheduler.spawn(supervisor);
    scheduler.run()?;
    scheduler.spawn(careless);
    scheduler.run()?;
    scheduler.spawn(|os| async move {
        let outer = os.spawn(chain).await?;
        if let Err(failure) = os.wait(outer).await.except::<Failure>()? {
            println!("{outer}: of its child: {failure}");
        }
        Ok(())
    });
    Ok(scheduler.run()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_that_a_waiter_got_is_not_reported_again() {
        let mut scheduler = Scheduler::new().unwrap();
        scheduler.on_unseen(|_, failure| panic!("{failure}"));
        scheduler.spawn(|os| async move {
            let child = os.spawn(fails).await?;
            assert!(os.wait(child).await.except::<Failure>()?.is_err());
            // It is kept for others.
            assert!(os.wait(child).await.except::<Failure>()?.is_err());
            Ok(())
        });
        scheduler.run().unwrap();
    }
}
