//! Weighing a process, by what Linux says of it.

use std::fmt::{self, Display, Formatter};
use std::fs;
use std::io;
use std::str::FromStr;

/// What one of many weighs, and how long it took to make it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weight {
    /// Bytes of memory that are in use.
    pub resident: u64,
    /// Bytes of addresses that are taken, used or not.
    pub virtual_: u64,
    /// Nanoseconds from the first to the last, divided by their number.
    pub creation: u64,
}

impl Display for Weight {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Weight {
            resident,
            virtual_,
            creation,
        } = self;
        write!(
            f,
            "{resident} B resident, {virtual_} B virtual, {creation} ns"
        )
    }
}

impl FromStr for Weight {
    type Err = ();

    /// Reads what `Display` writes; the twin writes the same.
    fn from_str(text: &str) -> Result<Weight, ()> {
        let numbers: Result<Vec<u64>, _> = text
            .split(", ")
            .map(|part| part.split(' ').next().unwrap_or_default().parse())
            .collect();
        match numbers.as_deref() {
            Ok(&[resident, virtual_, creation]) => Ok(Weight {
                resident,
                virtual_,
                creation,
            }),
            _ => Err(()),
        }
    }
}

/// Tells whether this system has the files that are read here.
pub fn are_here() -> bool {
    this_process().is_ok()
}

/// Returns the resident and the virtual bytes of this process.
///
/// # Errors
///
/// This is not Linux.
pub fn this_process() -> io::Result<(u64, u64)> {
    process("self", "Rss:")
}

/// Returns the resident and the virtual bytes of one of many that are alike.
///
/// A page that several processes share counts for each of them in part. That
/// part shrinks with every other process of this program,
/// so that nothing can be weighed by it before and after.
///
/// # Errors
///
/// The process is gone, not ours, or this is not Linux.
pub fn one_of_many(id: u32) -> io::Result<(u64, u64)> {
    process(&id.to_string(), "Pss:")
}

fn process(id: &str, resident: &str) -> io::Result<(u64, u64)> {
    // The sums in `status` are allowed to lag behind; these are not.
    let resident = read(&format!("/proc/{id}/smaps_rollup"), resident)?;
    let all = read(&format!("/proc/{id}/status"), "VmSize:")?;
    Ok((resident, all))
}

fn read(path: &str, name: &str) -> io::Result<u64> {
    let text = fs::read_to_string(path)?;
    let kib = text
        .lines()
        .find_map(|line| line.strip_prefix(name))
        .and_then(|rest| rest.split_whitespace().next()?.parse::<u64>().ok());
    match kib {
        Some(kib) => Ok(kib * 1024),
        None => Err(io::Error::other(format!("{path} has no {name}"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read() {
        let weight = Weight {
            resident: 512,
            virtual_: 8_392_704,
            creation: 0,
        };
        assert_eq!(weight.to_string().parse(), Ok(weight));
        assert_eq!("512 B resident".parse::<Weight>(), Err(()));
    }
}
