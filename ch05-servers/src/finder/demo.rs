//! Queries that find some, many and none.

use super::{Index, UNICODE};

/// Asks for cats and rooks, and says which words are common.
pub fn demo() {
    let index = Index::new();
    for query in [
        "cat smiling",
        "rook-black chess",
        "SIGN registered",
        "cat elephant",
    ] {
        println!("{query}");
        print(&index, query);
    }
    println!("the most common words");
    for (word, count) in index.top_words(5) {
        println!("{count:>6} {word}");
    }
}

/// Prints what `query` finds, and how many that are.
pub fn print(index: &Index, query: &str) {
    let found = index.find(query);
    for character in found.iter() {
        println!("{character}");
    }
    println!("{} found in Unicode {UNICODE}", found.len());
}
