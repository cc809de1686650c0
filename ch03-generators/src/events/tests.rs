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
    let xml = "<a k='&lt;1>' l=\"&quot;\"><!-- <x> --><b/>d\u{e9}j\u{e0} &amp;\
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
fn rows_before_a_fault_are_kept() {
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

fn texts(xml: &[u8]) -> String {
    let events = scan(xml).unwrap().into_iter();
    let texts = events.filter_map(|event| match event {
        Event::Text(text) => Some(text),
        _ => None,
    });
    texts.collect()
}

#[test]
fn a_document_may_have_another_encoding() {
    let text = "<a>d\u{e9}j\u{e0}</a>";
    let utf16 = |mark: &str, big: bool| {
        let marked = format!("{mark}{text}");
        let units = marked.encode_utf16().map(move |unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        units.flatten().collect::<Vec<u8>>()
    };
    let latin: Vec<u8> =
        format!("<?xml version='1.0' encoding='latin-1'?>{text}")
            .chars()
            .map(|letter| u8::try_from(letter).unwrap())
            .collect();
    for bytes in [
        format!("\u{feff}{text}").into_bytes(),
        utf16("\u{feff}", true),
        utf16("\u{feff}", false),
        utf16("", true),
        utf16("", false),
        latin,
    ] {
        assert_eq!(texts(&bytes), "d\u{e9}j\u{e0}", "{bytes:?}");
    }
    let other = "<?xml version='1.0' encoding='koi8-r'?><a/>";
    assert_eq!(malformed(other), (0, "an encoding that is not supported"));
    // Where it is wrong, in the bytes of the document.
    let mut spoilt = utf16("\u{feff}", false);
    spoilt.truncate(9);
    let Malformed { at, what } = scan(&spoilt).unwrap_err();
    assert_eq!((at, what), (8, "not UTF-16"));
}

#[test]
fn line_ends_and_the_blanks_of_attributes_are_normalised() {
    assert_eq!(texts(b"<a>1\r\n2\r3\n4&#13;</a>"), "1\n2\n3\n4\r");
    assert_eq!(texts(b"<a><![CDATA[1\r\n2\r]]></a>"), "1\n2\n");
    let events = scan(b"<a b='1\r\n2\t3\r4&#10;  5'/>").unwrap();
    let Event::Start(_, attributes) = &events[0] else {
        panic!("it begins with a tag");
    };
    assert_eq!(attributes[0].1, "1 2 3 4\n  5");
}

#[test]
fn document_that_expat_refuses_is_refused() {
    for (xml, fault) in [
        ("<a>&#0;</a>", (3, "a bad entity")),
        ("<a>&#+65;</a>", (3, "a bad entity")),
        ("<a>&#X41;</a>", (3, "a bad entity")),
        ("<a>&#xD800;</a>", (3, "a bad entity")),
        ("<a>&#xFFFE;</a>", (3, "a bad entity")),
        ("<a b='1' b='2'/>", (0, "an attribute twice")),
        ("<a b='<'/>", (0, "a bad attribute")),
        ("<a b='1'c='2'/>", (0, "a bad attribute")),
        ("<a b=\u{b7}/>", (0, "a bad attribute")),
        ("<a>]]></a>", (3, "the end of CDATA in a text")),
        ("<a/><![CDATA[]]>", (4, "CDATA outside of the root")),
        ("<a/>&#32;", (4, "text outside of the root")),
        ("<a/>\u{a0}", (4, "text outside of the root")),
        ("<a>\u{1}</a>", (3, "a letter that is not allowed")),
        ("<a><!-- - -- --></a>", (10, "two dashes in a comment")),
        ("<a><?1?></a>", (3, "a bad name")),
        (
            " <?xml version='1.0'?><a/>",
            (1, "a declaration that is not at the start"),
        ),
        ("<?xml encoding='utf-8'?><a/>", (0, "a bad XML declaration")),
        ("<\u{b7}/>", (0, "a bad name")),
    ] {
        assert_eq!(malformed(xml), fault, "{xml}");
    }
}

#[test]
fn an_entity_is_the_same_wherever_it_is_cut() {
    let xml = format!("<a>&#x{}41;</a>", "0".repeat(5_000));
    assert_eq!(texts(xml.as_bytes()), "A");
    let mut text = String::new();
    let mut parser = Parser::new(|event| {
        if let Event::Text(piece) = event {
            text += &piece;
        }
        Ok(())
    });
    xml.bytes().for_each(|byte| parser.feed(&[byte]).unwrap());
    parser.finish().unwrap();
    assert_eq!(text, "A");
}

#[test]
fn a_comment_of_a_megabyte_is_fed_by_bytes_in_no_time_and_not_kept() {
    let mut parser = Parser::new(|_| Ok(()));
    parser.feed(b"<a><!--").unwrap();
    // Looked at from its beginning each time, these were half a trillion.
    (0..1 << 20).for_each(|_| parser.feed(b"x").unwrap());
    parser.feed(b"--><b c='").unwrap();
    (0..60_000).for_each(|_| parser.feed(b"y").unwrap());
    parser.feed(b"'/></a>").unwrap();
    parser.finish().unwrap();
}
