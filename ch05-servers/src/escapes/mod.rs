//! What a stranger wrote may steer the terminal that shows the log.
//!
//! A query is printed as it came, and as Rust's `{:?}` prints it. The answer
//! needs the same care as the log.
//!
//! cargo run -p ch05-servers -- escapes

/// Sets the window's title, clears the screen, turns the text red, writes from
/// right to left, and adds a line to the log.
pub const QUERY: &str = "x\x1b]0;pwned\x07\x1b[2J\u{9b}31m\u{202e}cow\r\n\
                         [info] 127.0.0.1 is the administrator";

/// Returns the log's line for a query, with all that is in it.
pub fn log_broken(query: &str) -> String {
    format!("[info] somebody asks for {query}\n")
}

/// Returns the log's line for a query, quoted and escaped.
///
/// Control characters, and those without a shape of their own (U+202E writes
/// from right to left), become `\u{…}`. So does a newline: a query is a line.
pub fn log(query: &str) -> String {
    format!("[info] somebody asks for {query:?}\n")
}

/// Removes what could steer a terminal.
pub fn shown(query: &str) -> String {
    query.chars().filter(|c| !steers(*c)).collect()
}

/// Tells a character that does something from one that is shown.
///
/// `char::is_control` knows ESC and the other controls. It does not know
/// U+202E and its like; `{:?}` does, and escapes them. (Quotes it escapes for
/// another reason.)
pub fn steers(c: char) -> bool {
    let escaped = c.escape_debug().count() > 1;
    escaped && !matches!(c, '"' | '\'' | '\\')
}

/// Writes both logs, and counts in them what a terminal would obey.
pub fn demo() {
    for (name, text) in [
        ("as it came", log_broken(QUERY)),
        ("escaped", log(QUERY)),
        ("shown in an answer", shown(QUERY) + "\n"),
    ] {
        let lines = text.lines().count();
        let steering = text.chars().filter(|c| *c != '\n' && steers(*c));
        let steering = steering.count();
        println!("{name}: {steering} that steer; lines: {lines}");
    }
    // Only this one can be printed here.
    print!("\n{}", log(QUERY));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_steers_is_left_in_log_or_answer() {
        let all = "\0\x07\x08\x1b\u{7f}\u{9b}\u{200b}\u{200e}\u{202e}\u{2028}\u{2066}\u{feff}";
        assert_eq!(shown(all), "");
        assert!(log(all).trim_end().is_ascii());
        assert_eq!(log(QUERY).lines().count(), 1);
    }

    #[test]
    fn printable_characters_are_not_escaped() {
        let text = "chess ♜ 😀 \"quoted\" it's a \\ é";
        assert_eq!(shown(text), text);
    }
}
