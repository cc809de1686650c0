use std::env;

fn main() {
    let paths = env::args().skip(1).collect();
    for (path, count) in word_counts::count_files(paths) {
        match count {
            Ok(words) => println!("{words:6} {path}"),
            Err(err) => eprintln!("{path}: {err}"),
        }
    }
}
