//! What a program says of a panic.
//!
//! A panic that is the lesson is reported by its section, in one line. The
//! standard library's own report has several, and ends with a backtrace where
//! the reader's environment asks for one.

use std::collections::BTreeSet;

use anyhow::{Result, bail};

/// Finds the standard library's report of a panic.
///
/// # Errors
///
/// Its first line, and the next one, which says what went wrong.
pub fn check_no_std_report(text: &str) -> Result<()> {
    let lines = lines(text);
    for (i, line) in lines.iter().enumerate() {
        if line.contains("panicked at ") && line.ends_with(':') {
            let message = lines.get(i + 1).map_or("", String::as_str);
            bail!(
                "std's report of a panic, which has several lines: \
                 {line} {message}"
            );
        }
        if line.starts_with("stack backtrace:") {
            bail!("a backtrace");
        }
        if line.contains("fatal runtime error") {
            bail!(line.clone());
        }
    }
    Ok(())
}

/// What a terminal itself shows of Ctrl-C, wherever the cursor stands: in the
/// middle of a program's line, too.
const ECHO: &str = "^C";

/// Returns the lines of `text` that tell of a panic or an error, without a
/// terminal's echo; digits are all alike.
pub fn error_lines(text: &str) -> BTreeSet<String> {
    let is_error =
        |line: &String| line.contains("panicked") || line.contains("error");
    let lines = lines(&text.replace(ECHO, ""));
    let lines = lines.into_iter().filter(is_error);
    lines.map(|line| with_equal_digits(&line)).collect()
}

/// Returns the lines of `text` that tell of a panic; digits are all alike.
pub fn panic_lines(text: &str) -> BTreeSet<String> {
    let mut lines = error_lines(text);
    lines.retain(|line| line.contains("panicked"));
    lines
}

/// Returns the lines that a terminal would show, one after the other: without
/// colours, and with what a carriage return overwrites.
pub fn lines(text: &str) -> Vec<String> {
    let plain = without_escapes(text);
    let lines = plain.split(['\n', '\r']).map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_string)
        .collect()
}

fn without_escapes(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once("\x1b[") {
        plain += before;
        let end = escape.find(|c: char| ('@'..='~').contains(&c));
        rest = end.map_or("", |end| &escape[end + 1..]);
    }
    plain + rest
}

fn with_equal_digits(line: &str) -> String {
    let digit = |c: char| if c.is_ascii_digit() { '0' } else { c };
    let mut line: Vec<char> = line.chars().map(digit).collect();
    line.dedup_by(|a, b| *a == '0' && *b == '0');
    line.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_of_several_lines_is_found() {
        let std = "one\r\n\r\nthread 'main' (7) panicked at src/x.rs:1:2:\r\n\
                   boom\r\nnote: run with `RUST_BACKTRACE=1`\r\n";
        let why = check_no_std_report(std).unwrap_err().to_string();
        assert!(why.contains("src/x.rs:1:2: boom"), "{why}");
        let designed = "thread 'a' panicked at src/x.rs:1:2: boom\nstays\n";
        check_no_std_report(designed).unwrap();
        assert!(check_no_std_report("stack backtrace:\n 0: std\n").is_err());
    }

    #[test]
    fn colours_and_numbers_make_no_other_panic() {
        let here = "\x1b[31mthread 12 panicked at x.rs:1:22: a\x1b[0m\r\n";
        let there = "thread 7 panicked at x.rs:10:2: a\n";
        assert_eq!(panic_lines(here), panic_lines(there));
        assert_ne!(
            panic_lines(here),
            panic_lines("thread 7 panicked at x.rs:1:2: b")
        );
        assert_eq!(error_lines("all is well\nerror: it is not").len(), 1);
    }

    #[test]
    fn a_terminals_echo_of_ctrl_c_makes_no_other_panic() {
        for here in ["^Cone panicked\r\n", "one pan^Cicked\r\n"] {
            assert_eq!(panic_lines(here), panic_lines("one panicked\n"));
        }
        assert!(panic_lines("^C\r\n").is_empty());
    }
}
