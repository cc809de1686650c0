//! Claims about the sources, and about the stages under them.

use super::*;
use crate::pipeline::log;

fn scan(xml: &[u8]) -> Result<Vec<Event>, Malformed> {
    Scanner::new(xml).collect()
}

fn malformed(xml: &str) -> (usize, &'static str) {
    let Malformed { at, what } = scan(xml.as_bytes()).unwrap_err();
    (at, what)
}

fn answer(run: impl FnOnce(&mut dyn FnMut(String))) -> Vec<String> {
    let mut rows = Vec::new();
    run(&mut |row| rows.push(row));
    rows
}

#[test]
fn every_source_gives_the_same_rows() {
    let xml = fleet(1, 500);
    let scanned = answer(|print| {
        send_all(Scanner::new(xml.as_bytes()), &mut pipeline(print).unwrap())
            .unwrap();
    });
    assert_eq!(scanned.len(), 500_usize.div_ceil(fleet::ONE_IN));
    assert!(scanned[0].starts_with("22,1000,\"North Bound\",41."));
    let pulled = answer(|print| {
        pull_rows(Scanner::new(xml.as_bytes()), print).unwrap();
    });
    assert_eq!(pulled, scanned);
    for cuts in 0..20 {
        let parsed = answer(|print| {
            let pieces = log::pieces(xml.as_bytes(), cuts);
            parse_all(pieces, &mut merging_pipeline(print).unwrap()).unwrap();
        });
        assert_eq!(parsed, scanned, "cuts {cuts}");
    }
}

#[test]
fn a_parser_reads_the_same_wherever_it_is_cut() {
    let xml = "<a k='<1>' l=\"&quot;\"><!-- <x> --><b/>d\u{e9}j\u{e0} &amp;\
               <![CDATA[<vu>]]>&#33;&#x21;<c >\n</c ></a>\n";
    let mut whole = Vec::new();
    for event in scan(xml.as_bytes()).unwrap() {
        match (whole.last_mut(), event) {
            (Some(Event::Text(text)), Event::Text(piece)) => *text += &piece,
            (_, event) => whole.push(event),
        }
    }
    let text = Event::Text("d\u{e9}j\u{e0} &<vu>!!".to_string());
    assert!(whole.contains(&text), "{whole:?}");
    for size in 1..xml.len() {
        let mut merged: Vec<Event> = Vec::new();
        let mut parser = Parser::new(|event| {
            match (merged.last_mut(), event) {
                (Some(Event::Text(text)), Event::Text(piece)) => {
                    *text += &piece;
                }
                (_, event) => merged.push(event),
            }
            Ok(())
        });
        for piece in xml.as_bytes().chunks(size) {
            parser.feed(piece).unwrap();
        }
        parser.finish().unwrap();
        assert_eq!(merged, whole, "in pieces of {size}");
    }
}

#[test]
fn a_fault_is_named_with_its_position() {
    assert_eq!(
        malformed("<a><b></a>"),
        (6, "an end tag of another element")
    );
    assert_eq!(malformed("<a>x &nope; y</a>"), (5, "a bad entity"));
    assert_eq!(malformed("<a>x & y</a>"), (5, "a bad entity"));
    assert_eq!(malformed("<a><b c=d/></a>"), (3, "a bad attribute"));
    assert_eq!(malformed("<a><1/></a>"), (3, "a bad name"));
    assert_eq!(malformed("<a/><b/>"), (4, "a second root"));
    assert_eq!(malformed("<a/>x"), (4, "text outside of the root"));
    assert_eq!(malformed("<a><b"), (5, "unexpected end"));
    assert_eq!(malformed("<a>"), (3, "unexpected end"));
    assert_eq!(malformed(""), (0, "no root"));
    assert_eq!(
        malformed("<!DOCTYPE a [<!ENTITY b \"c\">]><a/>"),
        (0, "declarations are not supported")
    );
    let latin = Scanner::new(b"<a>caf\xe9</a>").last().unwrap();
    assert_eq!(
        latin.unwrap_err(),
        Malformed {
            at: 6,
            what: "not UTF-8"
        }
    );
}

#[test]
fn both_sources_place_a_fault_alike() {
    let xml = fleet(3, 3);
    for at in 0..xml.len() {
        let mut bytes = xml.clone().into_bytes();
        bytes[at] = b'<';
        let scanned = scan(&bytes).map(|_| ());
        let mut parser = Parser::new(|_| Ok(()));
        let fed = bytes.chunks(5).try_for_each(|piece| parser.feed(piece));
        let parsed = fed.and_then(|()| parser.finish());
        let parsed = parsed
            .map_err(|raised| *raised.downcast_ref::<Malformed>().unwrap());
        assert_eq!(scanned, parsed, "byte {at}");
    }
}

#[test]
fn what_came_before_a_fault_stands() {
    let xml = fleet(1, 200);
    let cut = &xml.as_bytes()[..xml.len() - 3];
    for parse in [false, true] {
        let rows = answer(|print| {
            let mut target = merging_pipeline(print).unwrap();
            let end = if parse {
                parse_all(cut.chunks(64), &mut target)
            } else {
                send_all(Scanner::new(cut), &mut target)
            };
            let raised = end.unwrap_err();
            let malformed = raised.downcast_ref::<Malformed>().unwrap();
            assert_eq!(malformed.at, cut.len());
        });
        assert_eq!(rows.len(), 4);
    }
}

#[test]
fn a_parser_keeps_no_endless_tag() {
    let mut parser = Parser::new(|_| Ok(()));
    let end = (0..100).try_for_each(|_| parser.feed(&[b'<'; 1000]));
    assert!(end.is_err());
    // And stays as it is.
    assert!(parser.feed(b"a>").is_err());
}
