//! Broken and whole documents, read by expat and by ours, cut at every byte.
//!
//! A document is a seed that was changed in a few places. Both sources of ours
//! have to agree on every event and on the place of a fault, wherever the parser
//! is cut; expat has to agree on whether there is a fault, on all events if there
//! is none, and on the tags before it if there is one.
//!
//! Where ours deviates, and is not compared: document types and encodings that
//! it refuses, halves of UTF-16 letters, some of which expat takes, and names by
//! the fifth edition of XML 1.0, of which expat knows the fourth.
//!
//! The test reads 3,000 documents. For a long run:
//!
//! cargo xtask fuzz documents --seconds 600

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fmt::Write as _;
use std::io::Write as _;
use std::process::{Command, Stdio};

use ch03_generators::events::event::{Event, Malformed};
use ch03_generators::events::parser::Parser;
use ch03_generators::events::scanner::Scanner;
use ch03_generators::pipeline::log::Dice;

const PYTHON: &str = r#"
import sys
import xml.parsers.expat

def clear(text):
    return text.encode("utf-8").hex()

for line in sys.stdin:
    events, text = [], []
    def flush():
        if text:
            events.append("t" + clear("".join(text)))
            text.clear()
    def start(name, pairs):
        flush()
        events.append("s" + clear(name))
        for n in range(0, len(pairs), 2):
            events.append(f"a{clear(pairs[n])}={clear(pairs[n + 1])}")
    def end(name):
        flush()
        events.append("e" + clear(name))
    parser = xml.parsers.expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    try:
        parser.Parse(bytes.fromhex(line), True)
        flush()
        verdict = "fine"
    except (xml.parsers.expat.ExpatError, LookupError, ValueError) as error:
        verdict = f"fault {error}"
    print(" ".join(events), verdict, sep="|")
"#;

const SEEDS: [&str; 12] = [
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a b='c' d=\"e\">x</a>\n",
    "<a><b/>x &amp; y<!-- c --><b  k = \"&lt;\tv\n\" l='2'></b ></a>",
    "<a>]]&gt;\r\nx\ry<![CDATA[<z>]]]]><![CDATA[>\r]]>&#65;&#x41;</a>",
    "<?pi x?><a:b c-d=\"1\" e.f=\"2\"><?pi?></a:b><!--e--><?p  ?>",
    "\u{feff}<caf\u{e9} a\u{b7}='\u{e9}'>d\u{e9}j\u{e0} \u{1f600}</caf\u{e9}>",
    "<?xml version='1.0' encoding='ISO-8859-1' standalone='no' ?><a/>",
    "<a><a><a>&apos;&quot;&#10;</a></a></a>",
    "<a x='&#13;&#10;' y='\r\n' z=''/>",
    " \n<a/>\r\n \t",
    "<a>&#x0000000041;&#00065;</a>",
    "<!-- a - b --><a><!----></a>",
    "<x><![CDATA[]]><![CDATA[ & ]]></x>",
];

const PARTS: [&str; 40] = [
    "<",
    ">",
    "&",
    ";",
    "\"",
    "'",
    "/",
    "?",
    "!",
    "-",
    "]",
    "[",
    "=",
    "#",
    " ",
    "\t",
    "\r",
    "\n",
    "x",
    "0",
    "\u{e9}",
    "\u{1}",
    "\u{fffe}",
    "]]>",
    "<!--",
    "-->",
    "--",
    "<![CDATA[",
    "<?",
    "?>",
    "&#0;",
    "&#+65;",
    "&lt;",
    "<b>",
    "</b>",
    "</a>",
    " b='1'",
    "<?xml version='1.0'?>",
    "\r\n",
    "&#x",
];

/// Makes a document: a seed with a few changes, in one of five encodings.
fn document(number: u64) -> Vec<u8> {
    let mut dice = Dice::new(number.wrapping_mul(0x9e37_79b9) ^ 0x5eed);
    let seed = SEEDS[dice.below(SEEDS.len())];
    let mut letters: Vec<char> = seed.chars().collect();
    for _ in 0..dice.below(4) {
        let at = dice.below(letters.len() + 1);
        match dice.below(4) {
            0 if at < letters.len() => {
                letters.remove(at);
            }
            1 if at < letters.len() => {
                let to = at + dice.below(letters.len() - at + 1);
                let copy = letters[at..to].to_vec();
                letters.splice(at..at, copy);
            }
            _ => {
                let part = PARTS[dice.below(PARTS.len())];
                letters.splice(at..at, part.chars());
            }
        }
    }
    letters.truncate(160);
    let text: String = letters.iter().collect();
    let utf16 = |big: bool| {
        let pairs = text.encode_utf16().map(|unit| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        });
        pairs.flatten().collect::<Vec<u8>>()
    };
    let mut bytes = match dice.below(12) {
        0 => utf16(true),
        1 => utf16(false),
        // What is no Latin-1 is spoilt, and has to be read all the same.
        2 | 3 => letters.iter().map(|letter| *letter as u8).collect(),
        _ => text.into_bytes(),
    };
    if dice.below(12) == 0 && !bytes.is_empty() {
        let at = dice.below(bytes.len());
        bytes[at] = dice.below(256) as u8;
    }
    bytes
}

/// Merges texts: how they are cut is each source's own affair.
#[derive(Default)]
struct Merged(Vec<Event>);

impl Merged {
    fn push(&mut self, event: Event) {
        match (self.0.last_mut(), event) {
            (Some(Event::Text(text)), Event::Text(piece)) => *text += &piece,
            (_, event) => self.0.push(event),
        }
    }
}

type Outcome = (Vec<Event>, Result<(), Malformed>);

fn scanned(bytes: &[u8]) -> Outcome {
    let (mut merged, mut end) = (Merged::default(), Ok(()));
    for event in Scanner::new(bytes) {
        match event {
            Ok(event) => merged.push(event),
            Err(malformed) => end = Err(malformed),
        }
    }
    (merged.0, end)
}

fn parsed<'b>(pieces: impl IntoIterator<Item = &'b [u8]>) -> Outcome {
    let mut merged = Merged::default();
    let mut parser = Parser::new(|event| {
        merged.push(event);
        Ok(())
    });
    let fed = pieces.into_iter().try_for_each(|piece| parser.feed(piece));
    let end = match fed {
        Ok(()) => parser.finish(),
        Err(raised) => Err(raised),
    };
    let end =
        end.map_err(|raised| *raised.downcast_ref::<Malformed>().unwrap());
    (merged.0, end)
}

/// The tags alone: a text in front of a fault may have been cut anywhere.
fn tags(outcome: &Outcome) -> (Vec<Event>, Result<(), Malformed>) {
    let (events, end) = outcome;
    let mut events = events.clone();
    if end.is_err() {
        events.retain(|event| !matches!(event, Event::Text(_)));
    }
    (events, *end)
}

fn hex(text: &str) -> String {
    text.bytes().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Writes events as the Python program does.
fn as_python(events: &[Event]) -> Vec<String> {
    let mut lines = Vec::new();
    for event in events {
        match event {
            Event::Start(name, attributes) => {
                lines.push(format!("s{}", hex(name)));
                for (key, value) in attributes {
                    lines.push(format!("a{}={}", hex(key), hex(value)));
                }
            }
            Event::Text(text) => lines.push(format!("t{}", hex(text))),
            Event::End(name) => lines.push(format!("e{}", hex(name))),
        }
    }
    lines
}

/// Returns whether expat and the fifth edition of XML agree on the names of
/// these events, as they do on those of the seeds.
///
/// expat keeps to an older edition, and where a document has two bytes or one
/// for each letter it also takes `ª`, `µ` and `º` for letters, which no edition
/// does.
fn has_undisputed_names<T: AsRef<str>>(
    events: impl IntoIterator<Item = T>,
) -> bool {
    let undisputed = [hex("\u{e9}"), hex("\u{b7}")];
    events.into_iter().all(|event| {
        let name = match event.as_ref().split_at_checked(1) {
            Some(("s" | "a", rest)) => rest.split('=').next().unwrap_or(rest),
            _ => return true,
        };
        let mut ascii = name.to_string();
        for letter in &undisputed {
            ascii = ascii.replace(letter.as_str(), "");
        }
        // Each byte is two digits; of ASCII the first is below 8.
        ascii.as_bytes().chunks(2).all(|byte| byte[0] < b'8')
    })
}

/// Returns whether a document that is not ASCII calls its encoding `utf8`. Ours
/// is UTF-8 then; Python has expat read it as an encoding of one byte a letter.
fn is_utf8_without_hyphen(bytes: &[u8]) -> bool {
    let declaration = bytes.split(|byte| *byte == b'>').next();
    let declaration = declaration.unwrap_or_default().to_ascii_lowercase();
    !bytes.is_ascii() && String::from_utf8_lossy(&declaration).contains("utf8")
}

/// Returns whether they agree on the targets of processing instructions, which
/// are names as well and no events.
fn has_undisputed_targets(bytes: &[u8]) -> bool {
    let wide = |from: fn([u8; 2]) -> u16| {
        let (pairs, _) = bytes.as_chunks();
        let units: Vec<u16> = pairs.iter().map(|pair| from(*pair)).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xfe, 0xff, ..] | [0, ..] => wide(u16::from_be_bytes),
        [0xff, 0xfe, ..] | [_, 0, ..] => wide(u16::from_le_bytes),
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_string(),
            // Latin-1.
            Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
        },
    };
    text.split("<?").skip(1).all(|instruction| {
        let ends = |c: char| c.is_ascii() && !c.is_ascii_alphanumeric();
        let target = instruction.split(ends).next().unwrap_or_default();
        target
            .chars()
            .all(|c| c.is_ascii() || "\u{e9}\u{b7}".contains(c))
    })
}

/// The documents of this run: 3,000, unless the environment asks for others.
fn seeds() -> std::ops::Range<u64> {
    let first = number("FUZZ_SEED", 0);
    first..first + number("FUZZ_DOCUMENTS", 3_000)
}

fn number(variable: &str, otherwise: u64) -> u64 {
    match std::env::var(variable) {
        Ok(text) => text.parse().expect(variable),
        Err(_) => otherwise,
    }
}

#[test]
fn a_document_is_the_same_wherever_it_is_cut() {
    for seed in seeds() {
        let bytes = document(seed);
        let expected = tags(&scanned(&bytes));
        let single = parsed(bytes.chunks(1));
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert_eq!(tags(&single), expected, "{seed}, by bytes: {shown:?}");
        for cut in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(cut);
            let outcome = tags(&parsed([head, tail]));
            assert_eq!(outcome, expected, "{seed}, cut at {cut}: {shown:?}");
        }
    }
}

#[test]
fn needs_python3_documents_are_what_expat_says() {
    let documents: Vec<_> = seeds().map(document).collect();
    let mut child = Command::new("python3")
        .args(["-c", PYTHON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut stdin = child.stdin.take().unwrap();
    let input: String = documents
        .iter()
        .map(|bytes| {
            bytes.iter().fold(String::new(), |mut hex, byte| {
                let _ = write!(hex, "{byte:02x}");
                hex
            }) + "\n"
        })
        .collect();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "python3 failed");

    let text = String::from_utf8(output.stdout).unwrap();
    let (mut fine, mut skipped, mut differences) = (0, 0, Vec::new());
    assert_eq!(text.lines().count(), documents.len());
    for (bytes, line) in documents.iter().zip(text.lines()) {
        let (events, verdict) = line.split_once('|').unwrap();
        let mut events: Vec<_> = events.split_whitespace().collect();
        let (ours, end) = scanned(bytes);
        let mut ours = as_python(&ours);
        let what = end.err().map_or("", |malformed| malformed.what);
        if matches!(
            what,
            "declarations are not supported"
                | "an encoding that is not supported"
                | "not UTF-16"
        ) || !has_undisputed_names(&events)
            || !has_undisputed_names(ours.iter().map(String::as_str))
            || !has_undisputed_targets(bytes)
            || is_utf8_without_hyphen(bytes)
        {
            skipped += 1;
            continue;
        }
        if verdict != "fine" {
            ours.retain(|event| !event.starts_with('t'));
            events.retain(|event| !event.starts_with('t'));
        } else {
            fine += 1;
        }
        if (verdict == "fine") != end.is_ok() || ours != events {
            differences.push(format!(
                "{:?}\nexpat: {verdict} {events:?}\nours:  {end:?} {ours:?}",
                String::from_utf8_lossy(bytes)
            ));
        }
    }
    let count = documents.len();
    println!("{count} documents, {fine} well formed, {skipped} skipped");
    let number = differences.len();
    differences.sort_by_key(String::len);
    differences.truncate(8);
    let shortest = differences.join("\n\n");
    assert_eq!(number, 0, "documents differ, among them\n{shortest}");
    assert!(
        fine * 5 > count && skipped * 10 < count,
        "{fine}, {skipped}"
    );
}
