//! Invented flags: striped GIF pictures, made from a seed.
//!
//! A GIF is compressed, but may be written by a program that cannot compress:
//! as long as the table of the decoder is cleared in time, a byte is a pixel.

use fastrand::Rng;

use super::codes::Code;

/// The byte every GIF file ends with. A file without it was cut short.
pub const TRAILER: u8 = 0x3B;

/// What starts the decoder's table anew. Seven-bit pixels come before it.
const CLEAR: u8 = 0x80;
const END_OF_PICTURE: u8 = 0x81;

/// Draws the flag of a code: the same seed gives the same bytes, between 2.7
/// and 30 KB, 12 KB on average.
///
/// Source: the GIF89a specification (1990), §18-§27 and appendix F.
pub fn flag(code: Code, seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed.wrapping_add(code.number() << 32));
    let width = 63 + (146.0 * rng.f64().powf(1.3)) as u16;
    let height = width * 2 / 3;
    let stripes = rng.u16(2..=5);
    let upright = rng.bool();

    let mut gif = b"GIF89a".to_vec();
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    // A table of 8 colours, background 0, square pixels; then the colours.
    gif.extend([0b1111_0010, 0, 0]);
    gif.extend((0..8 * 3).map(|_| rng.u8(..)));
    // One picture at 0,0, as large as the whole; pixels of 7 bits.
    gif.extend([0x2C, 0, 0, 0, 0]);
    gif.extend(width.to_le_bytes());
    gif.extend(height.to_le_bytes());
    gif.extend([0, 7]);

    let mut data = Vec::new();
    let pixels: Vec<u8> = (0..height)
        .flat_map(|y| (0..width).map(move |x| (x, y)))
        .map(|(x, y)| {
            let at = if upright {
                x * 5 / width
            } else {
                y * 5 / height
            };
            (at % stripes) as u8
        })
        .collect();
    // Each pixel adds an entry to the decoder's table, and with the 126th the
    // codes would grow to nine bits.
    for piece in pixels.chunks(120) {
        data.push(CLEAR);
        data.extend(piece);
    }
    data.push(END_OF_PICTURE);

    for block in data.chunks(255) {
        gif.push(block.len() as u8);
        gif.extend(block);
    }
    gif.extend([0, TRAILER]);
    gif
}

#[cfg(test)]
mod tests {
    use super::super::codes::countries;
    use super::*;

    #[test]
    fn flags_are_as_large_as_flags_are() {
        let sizes: Vec<usize> =
            countries().map(|(code, _)| flag(code, 0).len()).collect();
        assert!(sizes.iter().all(|size| (2_600..30_500).contains(size)));
        let average = sizes.iter().sum::<usize>() / sizes.len();
        assert!((11_000..13_000).contains(&average), "{average}");
    }

    #[test]
    fn a_flag_depends_on_seed_and_code_alone() {
        let (br, bd) = ("BR".parse().unwrap(), "BD".parse().unwrap());
        assert_eq!(flag(br, 1), flag(br, 1));
        assert_ne!(flag(br, 1), flag(br, 2));
        assert_ne!(flag(br, 1), flag(bd, 1));
    }
}
