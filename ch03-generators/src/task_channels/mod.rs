//! Channels between tasks, and the deadlock that the scheduler can report.
//!
//! New: a channel is a buffer and two wait queues. The scheduler knows
//! which tasks wait, and not what for: when nothing can wake them, it says so.
//!
//! cargo run -p ch03-generators -- task-channels

use std::error::Error;

use crate::coroutine::{Except, Raised};
use crate::kernel::{Closed, Os, Rx, Scheduler, Tx};

/// Sends some numbers, as fast as there is room.
async fn producer(os: Os, tx: Tx<u32>, count: u32) -> Result<(), Raised> {
    for n in 1..=count {
        match tx.send(&os, n).await.except::<Closed>()? {
            Ok(()) => println!("[producer] sent {n}"),
            Err(closed) => {
                println!("[producer] {n} is left: {closed}");
                break;
            }
        }
    }
    Ok(())
}

/// Takes some numbers, or all there are.
async fn consumer(os: Os, rx: Rx<u32>, most: usize) -> Result<(), Raised> {
    for _ in 0..most {
        match rx.recv(&os).await? {
            Some(n) => println!("[consumer] got {n}"),
            None => {
                println!("[consumer] no more");
                break;
            }
        }
    }
    Ok(())
}

/// Lets a producer run ahead by two, then lets each side leave first, then
/// makes two tasks wait for each other.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    for (count, most) in [(4, usize::MAX), (4, 1)] {
        let mut scheduler = Scheduler::new()?;
        scheduler.spawn(move |os| async move {
            let (tx, rx) = os.channel(2);
            os.spawn(|os| producer(os, tx, count)).await?;
            os.spawn(|os| consumer(os, rx, most)).await?;
            Ok(())
        });
        scheduler.run()?;
    }

    let mut scheduler = Scheduler::new()?;
    scheduler.spawn(|os| async move {
        let (to_first, first) = os.channel::<()>(1);
        let (to_second, second) = os.channel::<()>(1);
        for (tx, rx) in [(to_second, first), (to_first, second)] {
            os.spawn(|os| async move {
                // "After you."
                rx.recv(&os).await?;
                tx.send(&os, ()).await
            })
            .await?;
        }
        Ok(())
    });
    if let Err(halt) = scheduler.run() {
        println!("stopped: {halt}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn each_item_reaches_one_receiver_even_if_another_one_is_killed() {
        let got = Rc::new(RefCell::new(vec![]));
        let mut scheduler = Scheduler::new().unwrap();
        let seen = got.clone();
        scheduler.spawn(move |os| async move {
            let (tx, rx) = os.channel(1);
            let mut receivers = vec![];
            for _ in 0..2 {
                let (rx, got) = (rx.clone(), got.clone());
                let receiver = move |os: Os| async move {
                    while let Some(n) = rx.recv(&os).await? {
                        got.borrow_mut().push(n);
                    }
                    Ok(())
                };
                receivers.push(os.spawn(receiver).await?);
            }
            os.pause().await?;
            // It wakes the first receiver, which does not live to see it.
            tx.send(&os, 1).await?;
            os.kill(receivers[0]).await?;
            tx.send(&os, 2).await
        });
        scheduler.run().unwrap();
        assert_eq!(*seen.borrow(), [1, 2]);
    }
}
