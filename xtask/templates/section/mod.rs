//! TODO: say in one sentence what the program shows.

/// TODO: say what is printed.
pub fn demo() {
    println!("{{slug}}");
}
