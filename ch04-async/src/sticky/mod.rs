//! A result in a variable outlives its turn of the loop.
//!
//! The example downloader of *Fluent Python* kept its last error in a variable
//! that no later success reset: after one failure, everything failed.
//!
//! cargo run -p ch04-async -- sticky

/// What became of a download, or why nothing did.
pub type Download = Result<&'static str, &'static str>;

/// Six downloads, of which two fail.
pub const DOWNLOADS: [Download; 6] = [
    Ok("br.gif"),
    Err("503"),
    Ok("cn.gif"),
    Ok("in.gif"),
    Err("404"),
    Ok("us.gif"),
];

/// How many succeeded and how many failed.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Flags on disk.
    pub ok: u32,
    /// Errors.
    pub failed: u32,
}

/// Counts as the original did.
///
/// Nothing here is unsafe, racy or warned about: it is a variable that is
/// declared one line too early.
pub fn count_broken(downloads: &[Download]) -> Tally {
    let mut tally = Tally::default();
    let mut error = None;
    for download in downloads {
        if let Err(err) = download {
            error = Some(err);
        }
        if error.is_some() {
            tally.failed += 1;
        } else {
            tally.ok += 1;
        }
    }
    tally
}

/// Counts each result as it comes: there is no variable to forget.
pub fn count(downloads: &[Download]) -> Tally {
    let mut tally = Tally::default();
    for download in downloads {
        match download {
            Ok(_) => tally.ok += 1,
            Err(_) => tally.failed += 1,
        }
    }
    tally
}

/// Counts six downloads in both ways.
pub fn demo() {
    println!("sticky: {:?}", count_broken(&DOWNLOADS));
    println!("reset by its scope: {:?}", count(&DOWNLOADS));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_after_a_failure_is_a_success() {
        let tally = count(&[Err("503"), Ok("br.gif")]);
        assert_eq!(tally, Tally { ok: 1, failed: 1 });
    }

    #[test]
    fn the_sticky_error_counts_every_later_success_as_a_failure() {
        let tally = count_broken(&[Err("503"), Ok("br.gif"), Ok("cn.gif")]);
        assert_eq!(tally, Tally { ok: 0, failed: 3 });
    }

    #[test]
    fn the_sum_is_right_in_both_and_proves_nothing() {
        for tally in [count(&DOWNLOADS), count_broken(&DOWNLOADS)] {
            assert_eq!(tally.ok + tally.failed, 6);
        }
    }
}
