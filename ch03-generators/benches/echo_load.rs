//! How many messages a second an echo server answers.
//!
//! cargo bench -p ch03-generators --bench echo_load

mod load;

use std::io;

fn main() -> io::Result<()> {
    load::compete(measure::bench!("messages/s"), load::Figure::Rate)
}
