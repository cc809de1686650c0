//! The same load for all peers, in turns.

use std::time::Duration;

use ch05_servers::load::Report;
use measure::{Measurement, is_wanted};

use crate::peers::{self, Peer, TARGET};

/// Measures what `figure` takes from a report, and prints the record.
pub fn measure(
    mut measured: Measurement,
    figure_of: &str,
    rounds: usize,
    figure: impl Fn(&Report) -> f64,
) {
    if std::env::args().any(|arg| arg == peers::HYPER) {
        return peers::hyper();
    }
    let (crowds, time, peers) = match is_wanted() {
        true => (&[64, 512][..], Duration::from_secs(1), Peer::all()),
        false => (&[8][..], Duration::from_millis(100), Peer::both()),
    };
    for round in measured.rounds(rounds) {
        for &connections in crowds {
            // There and back: in an even number of rounds each stands as often
            // before another as behind it.
            let mut order: Vec<&Peer> = peers.iter().collect();
            if round % 2 == 0 {
                order.reverse();
            }
            for peer in order {
                let report = peers::load(peer.address, connections, time);
                assert_eq!(report.errors, 0, "{}", peer.label);
                let value = figure(&report);
                assert!(value > 0.0, "{} has not answered", peer.label);
                measured.add(
                    &format!("{}-{connections}", peer.key),
                    &format!("{}, {connections} clients", peer.label),
                    value,
                );
            }
        }
    }
    // Each crowd with its first, the bare hyper.
    measured.compare("bare hyper with as many clients", |i| {
        i / peers.len() * peers.len()
    });
    measured.print(&format!(
        "{figure_of} `{TARGET}`, each client waits for its answer; servers \
         and load generator on the same machine, one line of log for a \
         request switched off; Python's servers and node have one process, \
         the others use both cores; rounds of {} s",
        time.as_secs()
    ));
}
