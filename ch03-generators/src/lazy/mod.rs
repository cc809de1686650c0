//! Calling runs nothing; asking for an item runs what it takes to make it.
//!
//! New: what stands in a lazy chain happens later, and elsewhere: prints of two
//! stages interleave, and an error comes up where the item is asked for.
//!
//! cargo run -p ch03-generators -- lazy

/// A text whose words can be iterated over, as often as one likes.
///
/// The iterable is not the iterator: two loops over one `Text` do not disturb
/// each other.
///
/// ```compile_fail,E0505
/// use ch03_generators::lazy::Text;
///
/// let text = Text::new("a lazy reader");
/// let mut words = text.into_iter();
/// // In Python: "ValueError: I/O operation on closed file", when it is too late.
/// drop(text);
/// words.next();
/// ```
pub struct Text(String);

impl Text {
    /// Makes a text; no word is looked for yet.
    pub fn new(text: &str) -> Self {
        Text(text.to_string())
    }
}

impl<'t> IntoIterator for &'t Text {
    type Item = &'t str;
    type IntoIter = std::str::SplitWhitespace<'t>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.split_whitespace()
    }
}

/// Yields the numbers below `limit`, and says which it looks at.
pub fn below(
    numbers: impl Iterator<Item = i32>,
    limit: i32,
) -> impl Iterator<Item = i32> {
    numbers.filter(move |n| {
        println!("  {n} < {limit}?");
        *n < limit
    })
}

/// Divides 100 by each number; dividing by zero is an item too, `None`.
pub fn hundred_over(
    numbers: impl Iterator<Item = i32>,
) -> impl Iterator<Item = Option<i32>> {
    numbers.map(|n| 100_i32.checked_div(n))
}

/// Yields `from`, `from + step`, …, each rounded once.
///
/// Adding up the steps instead would add up their errors.
pub fn progression(from: f64, step: f64) -> impl Iterator<Item = f64> {
    (0..).map(move |i| from + step * f64::from(i))
}

/// Shows when the parts of a lazy chain run.
pub fn demo() {
    let text = Text::new("one text two loops");
    for (a, b) in text.into_iter().zip(text.into_iter().skip(2)) {
        println!("words: {a}, {b}");
    }

    println!("calling");
    let small = below(below([25, 1, 30].into_iter(), 30), 20);
    println!("asking");
    for n in small {
        println!("got {n}");
    }

    println!("dividing");
    let quotients = hundred_over([5, 0, 4].into_iter());
    println!("no error yet");
    for quotient in quotients {
        match quotient {
            Some(quotient) => println!("quotient {quotient}"),
            None => println!("division by zero, and on it goes"),
        }
    }

    let mut summed = 0.0;
    let drifted = progression(0.0, 0.1).position(|exact| {
        let error: f64 = summed - exact;
        summed += 0.1;
        error.abs() > 1e-10
    });
    println!("drift above 1e-10 at {drifted:?}");
}

#[cfg(test)]
mod tests {
    use super::{below, progression};

    #[test]
    fn only_what_is_asked_for_is_computed() {
        let mut looked = 0;
        let counted = (1..).inspect(|_| looked += 1);
        assert_eq!(below(counted, 100).take(5).count(), 5);
        assert_eq!(looked, 5);
    }

    #[test]
    fn a_step_past_the_largest_number_is_the_end() {
        let terms: Vec<u8> = (250..=u8::MAX).step_by(2).collect();
        assert_eq!(terms, [250, 252, 254]);
    }

    #[test]
    fn each_term_is_rounded_once() {
        for (i, term) in progression(0.0, 0.1).take(1_000_000).enumerate() {
            assert_eq!(term, 0.1 * i as f64);
        }
    }
}
