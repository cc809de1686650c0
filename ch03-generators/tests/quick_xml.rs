//! The stages under a source that is not ours, and our sources beside it.

#[path = "../benches/sources/mod.rs"]
mod sources;

use ch03_generators::events::event::Event;
use ch03_generators::events::fleet::{ONE_IN, fleet};
use ch03_generators::events::scanner::Scanner;
use ch03_generators::events::{merging_pipeline, send_all};
use sources::{Refused, quick_xml};

/// Merges texts, and leaves out those that are only white space.
fn merged<E: std::fmt::Debug>(
    events: impl Iterator<Item = Result<Event, E>>,
) -> Vec<Event> {
    let mut merged: Vec<Event> = Vec::new();
    for event in events {
        match (merged.last_mut(), event.expect("well formed")) {
            (Some(Event::Text(text)), Event::Text(piece)) => *text += &piece,
            (_, event) => merged.push(event),
        }
    }
    merged.retain(
        |event| !matches!(event, Event::Text(text) if text.trim().is_empty()),
    );
    merged
}

#[test]
fn our_scanner_finds_what_quick_xml_finds() {
    let documents = [
        fleet(5, 200),
        "<a k='&lt;1&gt;' l = \"&#33;\"><b/>x &amp; y<![CDATA[<z>]]>\
         <!-- <c> --><c ></c ></a>"
            .to_string(),
    ];
    for xml in documents {
        let ours = merged(Scanner::new(xml.as_bytes()));
        assert_eq!(ours, merged(quick_xml(&xml)));
    }
}

#[test]
fn the_stages_give_the_same_rows_for_another_source() {
    let (xml, mut rows) = (fleet(22, 16 * ONE_IN), 0);
    let mut stages = merging_pipeline(|_| rows += 1).unwrap();
    send_all(quick_xml(&xml), &mut stages).unwrap();
    drop(stages);
    assert_eq!(rows, 16);
}

#[test]
fn its_errors_come_after_what_was_parsed() {
    let (xml, mut rows) = (fleet(22, 100), 0);
    let mut stages = merging_pipeline(|_| rows += 1).unwrap();
    let cut = &xml[..xml.len() - 3];
    let raised = send_all(quick_xml(cut), &mut stages).unwrap_err();
    assert!(raised.downcast_ref::<Refused>().is_some(), "{raised}");
    drop(stages);
    assert_eq!(rows, 2);
}
