//! What a request asks for: a query, and which part of what it finds.

use std::ops::Range;

/// How many results a page has, if nothing else is said.
pub const PAGE: usize = 100;
/// How many it has at most, whatever is said.
pub const MOST: usize = 500;

/// A query, and the results of interest.
#[derive(Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The words, as they were typed.
    pub query: String,
    /// Which results, counted from 0; may lie beyond the last one.
    pub range: Range<usize>,
}

impl Wanted {
    /// Reads `q`, `start` and `stop` from the query part of a URL.
    ///
    /// Other parameters are nobody's business. What is not UTF-8 becomes
    /// U+FFFD, which no name has.
    ///
    /// # Errors
    ///
    /// One of the three comes twice, or is no number; says which.
    pub fn parse(url_query: &str) -> Result<Wanted, &'static str> {
        let (mut query, mut start, mut stop) = (None, None, None);
        for (key, value) in form_urlencoded::parse(url_query.as_bytes()) {
            let place = match &*key {
                "q" => &mut query,
                "start" => &mut start,
                "stop" => &mut stop,
                _ => continue,
            };
            if place.replace(value.into_owned()).is_some() {
                return Err("one q, one start, one stop");
            }
        }
        let number = |text: Option<String>| {
            text.map(|text| text.parse::<usize>()).transpose()
        };
        let start = number(start).map_err(|_| "start is no number")?;
        let stop = number(stop).map_err(|_| "stop is no number")?;
        let start = start.unwrap_or(0);
        let stop = stop.unwrap_or(start.saturating_add(PAGE));
        Ok(Wanted {
            query: query.unwrap_or_default(),
            range: start..stop.clamp(start, start.saturating_add(MOST)),
        })
    }
}

/// Returns the parameters of a page, to be put behind a `?`.
pub fn parameters(query: &str, start: usize) -> String {
    let mut all = form_urlencoded::Serializer::new(String::new());
    all.append_pair("q", query);
    if start > 0 {
        all.append_pair("start", &start.to_string());
    }
    all.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(
        query: &str,
        range: Range<usize>,
    ) -> Result<Wanted, &'static str> {
        let query = query.to_string();
        Ok(Wanted { query, range })
    }

    #[test]
    fn nothing_said_means_the_first_page() {
        assert_eq!(Wanted::parse(""), wanted("", 0..PAGE));
        assert_eq!(Wanted::parse("q=a"), wanted("a", 0..PAGE));
        assert_eq!(Wanted::parse("q=a&x=y&start=7"), wanted("a", 7..107));
    }

    #[test]
    fn typed_query_arrives_decoded() {
        for typed in ["a&b", "#", "%", "+", "é", "😀", "a=b", " ", "\0"] {
            let parameters = parameters(typed, 0);
            assert_eq!(Wanted::parse(&parameters), wanted(typed, 0..PAGE));
        }
        assert_eq!(Wanted::parse("q=%zz+%ff"), wanted("%zz \u{fffd}", 0..PAGE));
    }

    #[test]
    fn no_page_has_more_than_the_most() {
        let most = wanted("a", 5..5 + MOST);
        assert_eq!(Wanted::parse("q=a&start=5&stop=99999"), most);
        assert_eq!(Wanted::parse("q=a&start=5&stop=4"), wanted("a", 5..5));
        let end = format!("q=a&start={}", usize::MAX);
        let none = wanted("a", usize::MAX..usize::MAX);
        assert_eq!(Wanted::parse(&end), none);
    }

    #[test]
    fn meaningless_parameters_are_refused() {
        for query in ["q=a&q=b", "start=x", "stop=-1", "start=1&start=1"] {
            assert!(Wanted::parse(query).is_err(), "{query}");
        }
        let huge = format!("start={}0", usize::MAX);
        assert_eq!(Wanted::parse(&huge), Err("start is no number"));
    }
}
