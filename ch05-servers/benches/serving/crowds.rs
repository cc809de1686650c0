//! The same load for all peers, in turns.

use std::time::Duration;

use ch05_servers::load::Report;

use crate::peers::{self, Peer, TARGET};
use crate::serving::{self, Row, median};

/// Measures what `figure` takes from a report, and prints the record.
pub fn measure(
    bench: &str,
    figure_of: &str,
    unit: &str,
    rounds: usize,
    figure: impl Fn(&Report) -> f64,
) {
    if std::env::args().any(|arg| arg == peers::HYPER) {
        return peers::hyper();
    }
    // `cargo bench` says so; `cargo test` does not.
    let measure = std::env::args().any(|arg| arg == "--bench");
    let (rounds, crowds, time, peers) = match measure {
        true => (rounds, &[64, 512][..], Duration::from_secs(1), Peer::all()),
        false => (1, &[8][..], Duration::from_millis(100), Peer::both()),
    };
    let mut rows = vec![];
    for &connections in crowds {
        let of_crowd = rows.len();
        rows.extend(peers.iter().map(|peer| Row {
            key: format!("{}-{connections}", peer.key),
            label: format!("{}, {connections} clients", peer.label),
            values: vec![],
            ratio: None,
        }));
        for round in 1..=rounds {
            eprintln!("{connections} clients, round {round} of {rounds}");
            // There and back: in an even number of rounds each stands as often
            // before another as behind it.
            let mut order: Vec<_> = (0..peers.len()).collect();
            if round % 2 == 0 {
                order.reverse();
            }
            for i in order {
                let peer = &peers[i];
                let report = peers::load(peer.address, connections, time);
                assert_eq!(report.errors, 0, "{}", peer.label);
                let value = figure(&report);
                eprintln!("    {}: {value:.0} {unit}", peer.label);
                rows[of_crowd + i].values.push(value);
            }
        }
        let bare = rows[of_crowd].values.clone();
        for row in &mut rows[of_crowd..] {
            // Round by round: what disturbs a round disturbs all of it.
            let ratios = row.values.iter().zip(&bare);
            let ratios: Vec<_> = ratios.map(|(row, bare)| row / bare).collect();
            row.ratio = Some(median(&ratios));
        }
    }
    if measure {
        let what = format!(
            "{figure_of} `{TARGET}`, each client waits for its answer; servers \
             and load generator on the same machine, one line of log for a \
             request switched off; Python's servers and node have one process, \
             the others use both cores; the median of {rounds} rounds of {} s",
            time.as_secs()
        );
        let bare = Some("bare hyper with as many clients");
        serving::print(&what, bench, unit, bare, &rows);
    } else {
        assert!(rows.iter().all(|row| row.values[0] > 0.0));
    }
}
