//! Relations between the numbers of a pattern: `ok + failed == 676`.

use anyhow::{Result, bail};
use std::collections::BTreeMap;

/// The comparisons, longest first: `<` is the start of `<=`.
const COMPARISONS: [&str; 6] = ["==", "!=", "<=", ">=", "<", ">"];

/// Says whether `relation` holds for the numbers in `values`.
///
/// Both sides are sums of names and numbers; `a + b == 20`, `lost > 0`.
///
/// # Errors
///
/// The relation cannot be read, or names a number that no line captured.
pub fn holds(relation: &str, values: &BTreeMap<String, f64>) -> Result<bool> {
    let Some((comparison, (left, right))) = COMPARISONS
        .iter()
        .find_map(|c| relation.split_once(c).map(|sides| (*c, sides)))
    else {
        bail!("`{relation}` compares nothing");
    };
    let (left, right) = (sum(left, values)?, sum(right, values)?);
    // The numbers were printed in decimal: a sum of them may be off in the
    // last bit.
    let equal = (left - right).abs() < 1e-9;
    Ok(match comparison {
        "==" => equal,
        "!=" => !equal,
        "<=" => left < right || equal,
        ">=" => left > right || equal,
        "<" => left < right && !equal,
        _ => left > right && !equal,
    })
}

fn sum(terms: &str, values: &BTreeMap<String, f64>) -> Result<f64> {
    let mut total = 0.0;
    for term in terms.split('+').map(str::trim) {
        total += match (values.get(term), term.parse::<f64>()) {
            (Some(value), _) => *value,
            (None, Ok(number)) if number.is_finite() => number,
            _ => bail!("no line captures the number `{term}`"),
        };
    }
    Ok(total)
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn every_comparison_says_yes_and_no() {
        let values = [("ok", 17.0), ("failed", 3.0)];
        let values = values.map(|(k, v)| (k.to_string(), v)).into();
        for (relation, expected) in [
            ("ok + failed == 20", true),
            ("ok + failed == 21", false),
            ("ok != 17", false),
            ("ok <= 17", true),
            ("ok < 17", false),
            ("failed >= 4", false),
            ("failed > 2.5", true),
            ("0.1 + 0.2 == 0.3", true),
        ] {
            let holds = holds(relation, &values).unwrap();
            assert_eq!(holds, expected, "{relation}");
        }
    }

    #[test]
    fn a_name_that_no_line_captured_is_an_error() {
        let err = holds("lost > 0", &[].into()).unwrap_err();
        assert_eq!(err.to_string(), "no line captures the number `lost`");
        assert!(holds("lost", &[].into()).is_err());
    }
}
