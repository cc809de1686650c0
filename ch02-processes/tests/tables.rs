//! The digests do not depend on the number of workers.

use std::path::Path;

use ch02_processes::tables::{job, run};

#[test]
fn any_number_of_workers_computes_the_same() {
    let program = Path::new(env!("CARGO_BIN_EXE_ch02-processes"));
    let sizes = [0, 1, 1000, 4096, 5000];
    let here: Vec<String> = sizes.iter().map(|&size| job(size)).collect();
    for workers in [1, 2, 8] {
        assert_eq!(run(program, workers, &sizes).unwrap(), here);
    }
}
