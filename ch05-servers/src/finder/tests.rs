//! A small index for what is general, the whole one for what is particular.

use super::*;

fn sample() -> Index {
    Index::of(' '..='\x7f')
}

fn found(index: &Index, query: &str) -> String {
    index.find(query).iter().map(|c| c.char).collect()
}

#[test]
fn a_name_must_have_all_words_in_any_order_and_case() {
    let index = sample();
    assert_eq!(found(&index, "SIGN"), "#$%+<=>");
    assert_eq!(found(&index, "sign than"), "<>");
    assert_eq!(found(&index, "Than-LESS sign"), "<");
    assert_eq!(found(&index, "letter capital latin a"), "A");
    assert_eq!(found(&index, "sign sign"), "#$%+<=>");
}

#[test]
fn a_word_that_no_name_has_finds_nothing() {
    assert_eq!(found(&sample(), "sign elephant"), "");
    assert_eq!(found(&sample(), "signs"), "");
    assert_eq!(found(&sample(), "é"), "");
}

#[test]
fn a_query_without_words_finds_nothing() {
    for query in ["", " \t\r\n", "-", "\u{feff}", "\0\x1b", "\"'"] {
        assert!(sample().find(query).is_empty(), "{query:?}");
    }
}

#[test]
fn characters_of_no_word_separate_words() {
    for query in ["less\tthan\r\n", "\u{feff}less than", "'less','than'"] {
        assert_eq!(found(&sample(), query), "<", "{query:?}");
    }
}

#[test]
fn pages_lie_side_by_side_and_may_reach_beyond_the_end() {
    let index = sample();
    let letters = index.find("letter");
    let text = |range| -> String {
        letters
            .page(range)
            .map(|character| character.char)
            .collect()
    };
    assert_eq!(letters.len(), 52);
    assert_eq!(text(0..3), "ABC");
    assert_eq!(text(3..5), "DE");
    assert_eq!(text(50..99), "yz");
    assert_eq!(text(99..100), "");
    assert_eq!(text(usize::MAX - 1..usize::MAX), "");
}

#[test]
fn common_words_come_first_and_ties_by_the_alphabet() {
    let top = [
        ("LATIN", 52),
        ("LETTER", 52),
        ("CAPITAL", 26),
        ("SMALL", 26),
    ];
    assert_eq!(sample().top_words(4), top);
}

#[test]
fn the_whole_table_is_there_and_stable_words_find_what_they_always_did() {
    let index = Index::new();
    // All of Unicode 17.0's characters, by its own count.
    assert_eq!(index.len(), 159_801);
    for (query, count) in [
        ("braille", 256),
        ("cat face", 10),
        ("fire", 11),
        ("registered", 1),
        ("tangut ideograph", 6_144 + 31),
        ("tangut ideograph 17000", 1),
        ("ideograph-18d1e", 1),
        ("hangul syllable gag", 1),
    ] {
        assert_eq!(index.find(query).len(), count, "{query}");
    }
    assert!(index.find("letter").len() > 7_000);
    assert_eq!(found(&index, "hairy creature").chars().count(), 1);
}

#[test]
fn character_without_a_glyph_is_listed_by_name_only() {
    let row = |char| {
        let index = Index::of(std::iter::once(char));
        index.characters[0].to_string()
    };
    assert_eq!(row('A'), "U+0041\tA\tLATIN CAPITAL LETTER A");
    assert_eq!(row('\\'), "U+005C\t\\\tREVERSE SOLIDUS");
    assert_eq!(row('"'), "U+0022\t\"\tQUOTATION MARK");
    assert_eq!(row('\u{301}'), "U+0301\t◌\u{301}\tCOMBINING ACUTE ACCENT");
    assert_eq!(row(' '), "U+0020\t\tSPACE");
    assert_eq!(row('\u{a0}'), "U+00A0\t\tNO-BREAK SPACE");
    assert_eq!(row('\u{200b}'), "U+200B\t\tZERO WIDTH SPACE");
    assert_eq!(row('\u{2028}'), "U+2028\t\tLINE SEPARATOR");
    assert_eq!(row('\u{202e}'), "U+202E\t\tRIGHT-TO-LEFT OVERRIDE");
    assert_eq!(row('\u{e0041}'), "U+E0041\t\tTAG LATIN CAPITAL LETTER A");
    assert_eq!(row('\u{1f638}').split('\t').nth(1), Some("😸"));
}
