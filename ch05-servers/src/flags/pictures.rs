//! Invented flags: striped GIFs, made from a seed.

use fastrand::Rng;

/// Starts the decoder's table anew. Pixels of seven bits come before it.
const CLEAR: u8 = 0x80;
const END_OF_PICTURE: u8 = 0x81;

/// Draws a flag: the same seed gives the same bytes.
///
/// A GIF is compressed, but need not be: as long as the decoder's table is
/// cleared in time, a byte is a pixel.
///
/// Source: the GIF89a specification (1990), §18-§27 and appendix F.
pub fn flag(seed: u64) -> Vec<u8> {
    let mut rng = Rng::with_seed(seed);
    let width = rng.u16(90..=150);
    let height = width * 2 / 3;
    let (stripes, upright) = (rng.u16(2..=5), rng.bool());

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

    let across = |x, y| match upright {
        true => x * stripes / width,
        false => y * stripes / height,
    };
    let rows = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let pixels: Vec<u8> = rows.map(|(x, y)| across(x, y) as u8).collect();
    let mut data = Vec::new();
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
    // No more blocks, and the byte that every GIF ends with.
    gif.extend([0, 0x3B]);
    gif
}
