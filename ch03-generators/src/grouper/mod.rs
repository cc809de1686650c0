//! Three roles: the caller sends, the delegator steps aside, the subgenerator
//! works.
//!
//! New: the inner body has to end before the delegator gets on. A group
//! that is never ended has no result.
//!
//! cargo run -p ch03-generators -- grouper

use std::collections::BTreeMap;

use crate::coroutine::{Co, Coroutine, Raised, Resumable, Step};
use crate::returns::Summary;

/// What was measured, by group.
pub type Report = BTreeMap<&'static str, Summary>;

/// A measurement, or the name of the group that follows.
#[derive(Clone, Copy, Debug)]
pub enum Sent {
    /// The measurements from here on belong to this group.
    Group(&'static str),
    /// One measurement.
    Value(f64),
}

/// The subgenerator: averages what it is sent, until nothing is.
///
/// # Errors
///
/// A group name among the values: the group before it was not ended.
pub async fn averager(co: Co<'_, (), Sent>) -> Result<Summary, Raised> {
    let (mut total, mut count) = (0.0, 0);
    while let Some(sent) = co.yield_(()).await? {
        let Sent::Value(value) = sent else {
            return Err(Raised::message(format!("unexpected {sent:?}")));
        };
        total += value;
        count += 1;
    }
    let average = (count > 0).then(|| total / f64::from(count));
    Ok(Summary { count, average })
}

/// The delegator: starts an averager for each group, and keeps its result.
///
/// Source: *Fluent Python*, 1st ed., ch. 16, "Using yield from".
pub async fn grouper(co: Co<'_, (), Sent>) -> Result<Report, Raised> {
    let mut report = Report::new();
    while let Some(sent) = co.yield_(()).await? {
        let Sent::Group(group) = sent else {
            return Err(Raised::message(format!("no group for {sent:?}")));
        };
        // Not a line of ours runs until the averager is done.
        report.insert(group, co.delegate(averager).await?);
    }
    Ok(report)
}

/// The caller: sends every group, and ends each if `ending` says so.
///
/// # Errors
///
/// What either body raised.
pub fn collect(
    groups: &[(&'static str, &[f64])],
    ending: bool,
) -> Result<Option<Report>, Raised> {
    let mut bodies = Coroutine::new(grouper).primed()?;
    for (group, values) in groups {
        bodies.send(Sent::Group(group)).yielded()?;
        for value in *values {
            bodies.send(Sent::Value(*value)).yielded()?;
        }
        if ending {
            // Ends the averager; the grouper waits for the next group.
            bodies.next().yielded()?;
        }
    }
    Ok(match bodies.next() {
        Step::Returned(report) => Some(report),
        Step::Raised(raised) => return Err(raised),
        Step::Yielded(()) => None,
    })
}

/// Shows a report, and the report of a caller that forgets to end its groups.
pub fn demo() {
    let hens: &[f64] = &[2.1, 1.9, 2.4, 2.0];
    let geese: &[f64] = &[5.5, 6.5, 6.0];
    let groups = [("geese", geese), ("hens", hens)];
    match collect(&groups, true) {
        Ok(Some(report)) => {
            for (group, Summary { count, average }) in report {
                let average = average.unwrap_or_default();
                println!("{count} {group:5} averaging {average:.2} kg");
            }
        }
        other => println!("{other:?}"),
    }
    match collect(&groups[..1], false) {
        Ok(report) => println!("not ended: {report:?}"),
        Err(raised) => println!("not ended: {raised}"),
    }
    match collect(&groups, false) {
        Ok(report) => println!("not ended: {report:?}"),
        Err(raised) => println!("not ended: {raised}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_group_has_its_own_average() {
        let groups: [(&str, &[f64]); 2] = [("a", &[1.0, 2.0]), ("b", &[])];
        let report = collect(&groups, true).unwrap().unwrap();
        let average = Some(1.5);
        assert_eq!(report["a"], Summary { count: 2, average });
        assert_eq!(
            report["b"],
            Summary {
                count: 0,
                average: None
            }
        );
    }

    #[test]
    fn a_group_that_is_not_ended_is_not_reported() {
        let groups: [(&str, &[f64]); 1] = [("a", &[1.0, 2.0])];
        assert!(collect(&groups, false).unwrap().is_none());
    }
}
