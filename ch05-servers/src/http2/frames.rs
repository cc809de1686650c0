//! As much of HTTP/2 as a client needs that asks for `/` and counts.

/// Returns what a client sends first without negotiation, and no settings.
///
/// Source: RFC 9113, §3.4.
pub fn preface() -> Vec<u8> {
    let magic = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    [&magic[..], &frame(SETTINGS, 0, 0, &[])].concat()
}

const HEADERS: u8 = 1;
const SETTINGS: u8 = 4;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
/// A length of three bytes, a kind, flags, and a stream of four bytes.
const HEAD: usize = 9;

/// Returns a GET for `/` on a stream: an odd number, larger than the last.
///
/// Without its `end` more of the head is to follow.
pub fn get(stream: u32, end: bool) -> Vec<u8> {
    let flags = if end {
        END_STREAM | END_HEADERS
    } else {
        END_STREAM
    };
    // Numbers from HPACK's table: GET, http, `/`; and authority, of one byte.
    frame(HEADERS, flags, stream, b"\x82\x86\x84\x41\x01a")
}

/// Source: RFC 9113, §4.1.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = payload.len() as u32;
    let head = [&length.to_be_bytes()[1..], &[kind, flags]].concat();
    [&head, &stream.to_be_bytes()[..], payload].concat()
}

/// Counts the answers of a server that speaks either.
pub fn answers(heard: &[u8]) -> usize {
    let ok = b"HTTP/1.1 200 ";
    if heard.starts_with(b"HTTP/1.") {
        return heard.windows(ok.len()).filter(|found| found == ok).count();
    }
    let (mut rest, mut answers) = (heard, 0);
    while let Some((head, after)) = rest.split_at_checked(HEAD) {
        answers += usize::from(head[3] == HEADERS);
        let length = [0, head[0], head[1], head[2]];
        let length = u32::from_be_bytes(length) as usize;
        rest = after.get(length..).unwrap_or_default();
    }
    answers
}
