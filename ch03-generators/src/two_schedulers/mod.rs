//! The same tasks under two schedulers.
//!
//! New: nothing. A task has only numbers and system calls, so any scheduler
//! that answers the calls can run it: in another order, in another time.
//!
//! cargo run -p ch03-generators -- two-schedulers

use std::cell::RefCell;
use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use crate::coroutine::Raised;
use crate::kernel::{Os, Rx, Scheduler, Simulator};

/// What was cooked, in that order, and by which cook.
pub type Log = Rc<RefCell<Vec<(u32, u32)>>>;

/// Takes orders until there are no more; each takes ten milliseconds.
async fn cook(
    os: Os,
    cook: u32,
    orders: Rx<u32>,
    log: Log,
) -> Result<(), Raised> {
    while let Some(order) = orders.recv(&os).await? {
        os.sleep(Duration::from_millis(10)).await?;
        log.borrow_mut().push((order, cook));
    }
    Ok(())
}

/// Hands six orders to three cooks, and waits for them.
pub async fn kitchen(os: Os, log: Log) -> Result<(), Raised> {
    let (tx, rx) = os.channel(6);
    let mut cooks = Vec::new();
    for n in 1..=3 {
        let (rx, log) = (rx.clone(), log.clone());
        cooks.push(os.spawn(move |os| cook(os, n, rx, log)).await?);
    }
    for order in 1..=6 {
        tx.send(&os, order).await?;
    }
    drop(tx);
    for cook in cooks {
        os.wait(cook).await?;
    }
    Ok(())
}

/// Runs the kitchen once in real time and twice in simulated time.
///
/// # Errors
///
/// The system's.
pub fn demo() -> Result<(), Box<dyn Error>> {
    let log = Log::default();
    let mut scheduler = Scheduler::new()?;
    let theirs = log.clone();
    scheduler.spawn(|os| kitchen(os, theirs));
    scheduler.run()?;
    let mut orders: Vec<u32> =
        log.take().iter().map(|cooked| cooked.0).collect();
    orders.sort();
    println!("scheduler, sorted: {orders:?}");

    for seed in [0, 4] {
        let mut simulator = Simulator::new(seed);
        let theirs = log.clone();
        simulator.spawn(|os| kitchen(os, theirs));
        simulator.run()?;
        println!("simulator, seed {seed}, after {:?}:", simulator.now());
        for (order, cook) in log.take() {
            println!("  order {order} by cook {cook}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_order() {
        let run = |seed| {
            let order = Rc::new(RefCell::new(Vec::<u32>::new()));
            let mut simulator = Simulator::new(seed);
            for n in 0..6 {
                let order = order.clone();
                simulator.spawn(move |os| async move {
                    os.pause().await?;
                    order.borrow_mut().push(n);
                    Ok(())
                });
            }
            simulator.run().unwrap();
            order.take()
        };
        assert_eq!(run(0), [0, 1, 2, 3, 4, 5]);
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(0));
        let mut sorted = run(7);
        sorted.sort();
        assert_eq!(sorted, run(0));
    }

    #[test]
    fn nothing_takes_time_in_a_simulation() {
        let mut simulator = Simulator::new(0);
        simulator.spawn(|os| async move {
            os.sleep(Duration::from_secs(1_000_000)).await
        });
        simulator.run().unwrap();
        assert_eq!(simulator.now(), Duration::from_secs(1_000_000));
    }
}
