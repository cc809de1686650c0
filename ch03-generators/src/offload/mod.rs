//! Work that blocks goes to a thread, and its task waits.
//!
//! New: the thread says that it is done by making a socket of the scheduler's
//! ready: the one thing that it sleeps on.
//!
//! cargo run -p ch03-generators -- offload

mod fib;

use std::cell::Cell;
use std::error::Error;
use std::panic::resume_unwind;
use std::rc::Rc;
use std::sync::{Arc, Barrier};

use crate::coroutine::{Except, Raised};
use crate::kernel::{Failure, Os, Scheduler};

/// Waits for three others: done in turn, it would wait for ever.
async fn meet(
    os: Os,
    barrier: Arc<Barrier>,
    done: Rc<Cell<u32>>,
) -> Result<(), Raised> {
    os.offload(move || barrier.wait()).await?;
    done.set(done.get() + 1);
    Ok(())
}

/// Counts its own turns until four jobs are done.
async fn ticker(os: Os, done: Rc<Cell<u32>>) -> Result<(), Raised> {
    let mut turns = 0_u64;
    while done.get() < 4 {
        os.pause().await?;
        turns += 1;
    }
    println!("the others had turns meanwhile: {}", turns > 1);
    Ok(())
}

/// Runs four jobs at once beside a task, one that panics, and a server.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut scheduler = Scheduler::new()?;
    let (barrier, done) = (Arc::new(Barrier::new(4)), Rc::new(Cell::new(0)));
    for _ in 0..4 {
        let (barrier, done) = (barrier.clone(), done.clone());
        scheduler.spawn(|os| meet(os, barrier, done));
    }
    scheduler.spawn(|os| ticker(os, done));
    scheduler.run()?;
    println!("four jobs have met");

    scheduler.spawn(|os| async move {
        let answer = os.offload(|| 6 * 7).await?;
        println!("what a thread returns: {answer}");
        // A panic without the panic hook, which would write to stderr.
        let job =
            os.offload(|| -> u32 { resume_unwind(Box::new("on purpose")) });
        if let Err(failure) = job.await.except::<Failure>()? {
            println!("what a thread raises: {failure}");
        }
        Ok(())
    });
    scheduler.run()?;
    fib::demo(&mut scheduler)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn more_jobs_than_threads_are_done_all_the_same() {
        let sum = Rc::new(Cell::new(0));
        let mut scheduler = Scheduler::new().unwrap();
        for n in 0..100 {
            let sum = sum.clone();
            scheduler.spawn(move |os| async move {
                // Read after the await: others add to it meanwhile.
                let n = os.offload(move || n).await?;
                sum.set(sum.get() + n);
                Ok(())
            });
        }
        scheduler.run().unwrap();
        assert_eq!(sum.get(), 4950);
    }

    #[test]
    fn a_killed_task_leaves_its_job_running() {
        let (started, has_started) = mpsc::channel();
        let (done, is_done) = mpsc::channel();
        let (release, released) = mpsc::channel::<()>();
        let mut scheduler = Scheduler::new().unwrap();
        scheduler.spawn(|os| async move {
            let child = os.spawn(|os| async move {
                os.offload(move || {
                    started.send(()).unwrap();
                    released.recv().unwrap();
                    done.send(()).unwrap();
                })
                .await
            });
            let child = child.await?;
            os.offload(move || has_started.recv().unwrap()).await?;
            assert!(os.kill(child).await?);
            Ok(())
        });
        scheduler.on_unseen(|_, failure| panic!("{failure}"));
        scheduler.run().unwrap();
        // All tasks have ended, and the job has not.
        release.send(()).unwrap();
        let limit = std::time::Duration::from_secs(30);
        is_done.recv_timeout(limit).unwrap();
    }
}
