//! The name of a flag's file, of which a part may come from a server.

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
        .ok_or(FetchError::NoName)
}

/// Names the file of a flag: `BR.gif`, or `Brazil-BR.gif`.
///
/// The country's name comes from a server, and must not lead out of the folder
/// or upset a file system: letters, digits and hyphens stay, the rest becomes
/// an underscore.
pub fn file_name(code: Code, country: Option<&str>) -> String {
    let safe = |c: char| c.is_alphanumeric() || c == '-';
    match country {
        None => format!("{code}.gif"),
        Some(country) => {
            let country: String = country
                .chars()
                .map(|c| if safe(c) { c } else { '_' })
                // A file name has at most 255 bytes, a letter at most 4.
                .take(60)
                .collect();
            format!("{country}-{code}.gif")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_choose_the_folder() {
        let br: Code = "br".parse().unwrap();
        assert_eq!(file_name(br, None), "BR.gif");
        assert_eq!(file_name(br, Some("Brazil")), "Brazil-BR.gif");
        assert_eq!(file_name(br, Some("../x")), "___x-BR.gif");
        assert_eq!(file_name(br, Some("C:\\x\0\u{1b}")), "C__x__-BR.gif");
        assert!(file_name(br, Some(&"語".repeat(999))).len() < 255);
    }

    #[test]
    fn metadata_that_name_no_country_are_an_error() {
        let good = br#"{"iso_cc": "BR", "country": "Brazil"}"#;
        assert_eq!(country_in(good).unwrap(), "Brazil");
        for bad in ["", "<html>", "[]", "{}", r#"{"country": 1}"#] {
            assert!(country_in(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
