//! What a misspelt name may have been meant to be.

/// Returns the three of `names` that look most like `wanted`, as `did you mean
/// …?`, or an empty string when none does.
pub fn did_you_mean<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = &'a str>,
) -> String {
    let mut near: Vec<_> = names
        .into_iter()
        .map(|name| (distance(wanted, name), name))
        .filter(|&(far, name)| far <= wanted.len().min(name.len()) / 2)
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

/// Counts the letters to insert, delete or replace to get from `a` to `b`
/// (Levenshtein 1966).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_told_the_nearest_ones() {
        let names = ["Countdown", "demo", "spin"];
        assert_eq!(
            did_you_mean("Countdwn", names),
            "; did you mean `Countdown`?"
        );
        assert_eq!(did_you_mean("zzz", names), "");
    }
}
