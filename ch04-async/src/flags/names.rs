//! The name of a flag's file, of which a part may come from a server.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use super::codes::Code;
use super::error::FetchError;

/// How long the description of a country may be, in bytes.
pub const MAX_METADATA: u64 = 64 * 1024;

/// Returns the country's name that is said in its metadata.
///
/// # Errors
///
/// NoName: it is not JSON, or there is no text under `country`.
pub fn country_in(metadata: &[u8]) -> Result<String, FetchError> {
    serde_json::from_slice::<Value>(metadata)
        .ok()
        .and_then(|metadata| Some(metadata["country"].as_str()?.to_string()))
        .filter(|country| !country.trim().is_empty())
        .ok_or(FetchError::NoName)
}

/// The name of a flag's file: `BR.gif`, or `Brazil-BR.gif`.
///
/// [`FileName::new`] is the only way to make one, and the folder of flags takes
/// nothing else as a name: no other code has to distrust a server's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Names the file of a flag.
    ///
    /// The country's name comes from a server. It must not lead out of the
    /// folder, upset a file system, or look like an option to a program that
    /// is given the file's name: letters and digits stay, and hyphens, but not
    /// as the first character; the rest becomes an underscore. The code at the
    /// end keeps it from being a device's name, such as `CON`.
    pub fn new(code: Code, country: Option<&str>) -> FileName {
        let Some(country) = country else {
            return FileName(format!("{code}.gif"));
        };
        let safe = |(at, c): (usize, char)| match c {
            '-' if at > 0 => c,
            c if c.is_alphanumeric() => c,
            _ => '_',
        };
        // A file name has at most 255 bytes, a letter at most 4.
        let country: String =
            country.chars().take(60).enumerate().map(safe).collect();
        match country.is_empty() {
            // A hyphen would be the first character.
            true => FileName(format!("_-{code}.gif")),
            false => FileName(format!("{country}-{code}.gif")),
        }
    }

    /// Returns it as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Display for FileName {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;

    fn name(country: &str) -> String {
        let br = "br".parse().unwrap();
        FileName::new(br, Some(country)).to_string()
    }

    #[test]
    fn a_server_cannot_choose_the_folder() {
        let br = "br".parse().unwrap();
        assert_eq!(FileName::new(br, None).as_str(), "BR.gif");
        assert_eq!(name("Brazil"), "Brazil-BR.gif");
        assert_eq!(name("Guinea-Bissau"), "Guinea-Bissau-BR.gif");
        assert_eq!(name("Côte d'Ivoire"), "Côte_d_Ivoire-BR.gif");
        assert_eq!(name("../x"), "___x-BR.gif");
        assert_eq!(name("C:\\x\0\u{1b}"), "C__x__-BR.gif");
    }

    #[test]
    fn a_name_is_no_option() {
        assert_eq!(name("-rf"), "_rf-BR.gif");
        assert_eq!(name("--help"), "_-help-BR.gif");
        assert_eq!(name(""), "_-BR.gif");
    }

    #[test]
    fn whatever_a_server_says_the_name_is_a_plain_files() {
        let mut rng = fastrand::Rng::with_seed(1);
        let odd = [
            '-', '.', '/', '\\', ':', '\0', '\n', '\u{7f}', '\u{202e}',
            '\u{301}', ' ', '~', '*', '?', '"', '<', '>', '|', '%', '$',
        ];
        let mut names = Vec::new();
        for _ in 0..10_000 {
            let mut name = String::new();
            for _ in 0..rng.usize(..300) {
                name.push(match rng.bool() {
                    true => odd[rng.usize(..odd.len())],
                    false => rng.char(..),
                });
            }
            names.push(name);
        }
        // A device on Windows, also with an ending; and a name that is too long.
        names.extend(["CON", "nul", "AUX.x", "COM1", "LPT¹"].map(String::from));
        names.extend([".", "..", "语", "\u{10ffff}"].map(|c| c.repeat(99)));
        names.extend(["語", "𠀀", "ß"].map(|letter| letter.repeat(999)));
        for country in names {
            let name = name(&country);
            assert!(name.len() <= 255, "{name:?}");
            assert!(!name.starts_with(['-', '.', '~', ' ']), "{name:?}");
            let parts: Vec<_> = Path::new(&name).components().collect();
            assert!(matches!(parts[..], [Component::Normal(_)]), "{name:?}");
            let plain = |c: char| c.is_alphanumeric() || "-_".contains(c);
            let stem = name.strip_suffix(".gif").unwrap();
            assert!(stem.chars().all(plain), "{name:?}");
            let device = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];
            let upper = stem.to_uppercase();
            let upper = upper.trim_end_matches(|c: char| c.is_numeric());
            assert!(!device.contains(&upper), "{name:?}");
        }
    }

    #[test]
    fn metadata_that_name_no_country_are_an_error() {
        let good = br#"{"iso_cc": "BR", "country": "Brazil"}"#;
        assert_eq!(country_in(good).unwrap(), "Brazil");
        for bad in [
            "",
            "<html>",
            "[]",
            "{}",
            r#"{"country": 1}"#,
            r#"{"country": ""}"#,
            r#"{"country": " \n"}"#,
        ] {
            assert!(country_in(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
