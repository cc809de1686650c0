//! What happens to taxis, and in which order.

use std::fmt;

/// What will happen: to be sorted by time, at the same time by taxi.
///
/// That order is total: a taxi waits at one yield, so no two events in a queue
/// have the same taxi. The action is never compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Event {
    /// Minutes since the start.
    pub time: u64,
    /// Which taxi it is, from 0 on.
    pub proc: usize,
    /// What it does.
    pub action: Action,
}

/// What a taxi does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "they say it themselves")]
pub enum Action {
    LeaveGarage,
    PickUpPassenger,
    DropOffPassenger,
    GoingHome,
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Event { time, proc, action } = self;
        write!(f, "Event(time={time}, proc={proc}, action='{action}')")
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Action::LeaveGarage => "leave garage",
            Action::PickUpPassenger => "pick up passenger",
            Action::DropOffPassenger => "drop off passenger",
            Action::GoingHome => "going home",
        })
    }
}
