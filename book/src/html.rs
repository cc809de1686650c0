//! Writing HTML that Markdown leaves alone.

/// Escapes text for use between tags and in attributes.
///
/// A blank line would end the HTML in Markdown's eyes, so that line breaks are
/// written as character references: whatever a program prints, it stays inside
/// its figure.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out += "&amp;",
            '<' => out += "&lt;",
            '>' => out += "&gt;",
            '"' => out += "&quot;",
            '\n' => out += "&#10;",
            '\r' => out += "&#13;",
            c => out.push(c),
        }
    }
    out
}

/// Returns a sentence from a data file as HTML: `code` in backticks becomes
/// code, nothing else is special.
pub fn sentence(text: &str) -> String {
    let mut out = String::new();
    let parts: Vec<&str> = text.split('`').collect();
    for (i, part) in parts.iter().enumerate() {
        let closed = i + 1 < parts.len();
        if i % 2 == 1 && closed {
            out += &format!("<code>{}</code>", escape(part));
        } else if i % 2 == 1 {
            out += &format!("`{}", escape(part));
        } else {
            out += &escape(part);
        }
    }
    out
}

/// Writes digits with the thousands apart.
pub fn thousands(digits: &str) -> String {
    let mut out = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push('\u{202f}');
        }
        out.push(c);
    }
    out
}

/// Returns a command in a block of its own: mdBook's copy button on it copies
/// the command and nothing else.
pub fn command(command: &str) -> String {
    format!(
        "<pre class=\"command\"><code class=\"nohighlight\">{}</code></pre>",
        escape(command)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_a_program_prints_is_markup() {
        assert_eq!(
            escape("<script>\n\n\"&\""),
            "&lt;script&gt;&#10;&#10;&quot;&amp;&quot;"
        );
    }

    #[test]
    fn backticks_are_code_and_a_lone_one_is_itself() {
        assert_eq!(sentence("`a < b` or `c"), "<code>a &lt; b</code> or `c");
    }
}
