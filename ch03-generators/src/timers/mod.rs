//! A task sleeps, and a time limit is a task that sleeps and then kills.
//!
//! New: a list of tasks, sorted by when each is due. An idle scheduler sleeps
//! itself, until the first of them; a simulator sets its clock forward.
//!
//! cargo run -p ch03-generators -- timers

use std::error::Error;
use std::time::Duration;

use crate::coroutine::{Except, Raised};
use crate::kernel::{Failure, Os, Simulator};

/// Sleeps, and says when it woke.
async fn sleeper(os: Os, name: &str, time: Duration) -> Result<(), Raised> {
    os.sleep(time).await?;
    println!("{:?}: {name}", os.now().await?);
    Ok(())
}

/// Runs `body` for no longer than `limit`; returns whether it ended in time.
///
/// # Errors
///
/// What `body` raised.
pub async fn within<F>(
    os: &Os,
    limit: Duration,
    body: impl FnOnce(Os) -> F,
) -> Result<bool, Raised>
where
    F: Future<Output = Result<(), Raised>> + 'static,
{
    let task = os.spawn(body).await?;
    let watchdog = os.detach(move |os| async move {
        os.sleep(limit).await?;
        os.kill(task).await?;
        Ok(())
    });
    let watchdog = watchdog.await?;
    let ended = os.wait(task).await.except::<Failure>()?;
    os.kill(watchdog).await?;
    match ended {
        Ok(_) => Ok(true),
        Err(Failure::Killed) => Ok(false),
        Err(failure) => Err(failure.into()),
    }
}

/// Wakes three sleepers in their order, then limits two.
///
/// # Errors
///
/// None, as it is.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let mut simulator = Simulator::new(0);
    for (name, seconds) in [("third", 3600), ("first", 1), ("second", 60)] {
        let time = Duration::from_secs(seconds);
        simulator.spawn(move |os| sleeper(os, name, time));
    }
    simulator.run()?;

    let limit = Duration::from_secs(10);
    for seconds in [5, 50] {
        simulator.spawn(move |os| async move {
            let time = Duration::from_secs(seconds);
            let body = |os| sleeper(os, "in time", time);
            let ended = within(&os, limit, body).await?;
            println!("{seconds} s within {limit:?}: {ended}");
            Ok(())
        });
    }
    simulator.run()?;
    println!("the clock says {:?}", simulator.now());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn tasks_due_at_the_same_time_wake_in_the_order_of_numbers() {
        let order = Rc::new(RefCell::new(vec![]));
        let mut simulator = Simulator::new(0);
        for name in 0..4 {
            let order = order.clone();
            simulator.spawn(move |os| async move {
                os.sleep(Duration::from_secs(1)).await?;
                order.borrow_mut().push(name);
                Ok(())
            });
        }
        simulator.run().unwrap();
        assert_eq!(*order.borrow(), [0, 1, 2, 3]);
        assert_eq!(simulator.now(), Duration::from_secs(1));
    }

    #[test]
    fn a_sleep_without_end_can_be_killed() {
        let mut simulator = Simulator::new(0);
        simulator.spawn(|os| async move {
            let forever = |os: Os| async move { os.sleep(Duration::MAX).await };
            assert!(!within(&os, Duration::from_secs(1), forever).await?);
            Ok(())
        });
        simulator.on_unseen(|_, failure| panic!("{failure}"));
        simulator.run().unwrap();
        assert_eq!(simulator.now(), Duration::from_secs(1));
    }
}
