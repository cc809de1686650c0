//! The known names that are closest to a misspelt one.

use strsim::levenshtein;

/// Returns the three of `names` closest to `wanted` as `; did you mean …?`, or an
/// empty string if none is close.
pub fn did_you_mean<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut near: Vec<_> = names
        .into_iter()
        .map(|name| (levenshtein(wanted, name), name))
        .filter(|&(edits, name)| edits <= wanted.len().min(name.len()) / 2)
        .collect();
    near.sort_unstable();
    near.dedup();
    match &near[..] {
        [] => String::new(),
        near => {
            let names: Vec<_> =
                near.iter().take(3).map(|(_, n)| format!("`{n}`")).collect();
            format!("; did you mean {}?", names.join(" or "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_suggests_the_closest_known_names() {
        let names = ["Countdown", "demo", "spin"];
        assert_eq!(
            did_you_mean("Countdwn", names),
            "; did you mean `Countdown`?"
        );
        assert_eq!(did_you_mean("zzz", names), "");
    }
}
