//! Plates in progress, and plates that a hand works on.

use std::collections::VecDeque;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

/// How often each plate is pushed.
const PUSHES: u32 = 10;

/// The most plates at the same time.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Most {
    /// Begun, and not done.
    pub in_progress: usize,
    /// In a hand.
    pub worked_on: usize,
}

#[derive(Default)]
struct Table {
    /// Plates that wait for a hand, each with the pushes that it has had.
    waiting: VecDeque<u32>,
    now: Most,
    most: Most,
}

impl Table {
    fn take(&mut self) -> Option<u32> {
        let pushes = self.waiting.pop_front()?;
        self.now.in_progress += usize::from(pushes == 0);
        self.now.worked_on += 1;
        let (now, most) = (self.now, &mut self.most);
        most.in_progress = most.in_progress.max(now.in_progress);
        most.worked_on = most.worked_on.max(now.worked_on);
        Some(pushes)
    }

    fn give_back(&mut self, pushes: u32) {
        self.now.worked_on -= 1;
        if pushes < PUSHES {
            self.waiting.push_back(pushes);
        } else {
            self.now.in_progress -= 1;
        }
    }
}

/// Pushes each of `plates` plates ten times, with `hands` threads.
pub fn spin(plates: usize, hands: usize) -> Most {
    let waiting = (0..plates).map(|_| 0).collect();
    let table = Mutex::new(Table {
        waiting,
        ..Table::default()
    });
    let lock = || table.lock().expect("counting does not panic");
    // Each hand has a plate before the first push.
    let ready = Barrier::new(hands);
    thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                let mut plate = lock().take();
                ready.wait();
                while let Some(pushes) = plate {
                    thread::sleep(Duration::from_millis(1));
                    let mut table = lock();
                    table.give_back(pushes + 1);
                    plate = table.take();
                }
            });
        }
    });
    lock().most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_plates_are_in_progress_and_one_for_each_hand_is_worked_on() {
        for hands in 1..=4 {
            let most = Most {
                in_progress: 7,
                worked_on: hands,
            };
            assert_eq!(spin(7, hands), most);
        }
        assert_eq!(spin(0, 2), Most::default());
    }
}
