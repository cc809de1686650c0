//! What the tests of the book in a browser share: the book.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Builds the book, once for all tests; returns its folder.
pub fn book() -> &'static Path {
    static BOOK: OnceLock<PathBuf> = OnceLock::new();
    BOOK.get_or_init(|| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
        if let Err(faults) = book::build(&root, &out) {
            panic!("{faults:#?}");
        }
        out
    })
}

/// Returns the address of a page: `ch01-threads/spinner.html`.
pub fn url(page: &str) -> String {
    format!("file://{}/{page}", book().display())
}

/// Returns the first page of the chapters that contains `wanted`.
pub fn page_with(wanted: &str) -> String {
    let mut pages = Vec::new();
    for folder in fs::read_dir(book()).expect("the book").flatten() {
        let name = folder.file_name().to_string_lossy().into_owned();
        if !name.starts_with("ch") || !folder.path().is_dir() {
            continue;
        }
        for page in fs::read_dir(folder.path()).expect("a chapter").flatten() {
            let page = page.file_name().to_string_lossy().into_owned();
            pages.push(format!("{name}/{page}"));
        }
    }
    pages.sort();
    let holds = |page: &&String| {
        fs::read_to_string(book().join(page))
            .is_ok_and(|text| text.contains(wanted))
    };
    let found = pages.iter().find(holds);
    found
        .unwrap_or_else(|| panic!("no page with `{wanted}`"))
        .clone()
}
