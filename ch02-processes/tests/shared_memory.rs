//! No addition is lost between processes.

use std::path::Path;

use ch02_processes::shared_memory::{TIMES, run};

#[test]
fn four_processes_lose_no_addition() {
    let program = Path::new(env!("CARGO_BIN_EXE_ch02-processes"));
    let (sum, text) = run(program, 4).unwrap();
    assert_eq!((sum, text.as_str()), (4 * TIMES, "from a child"));
}
