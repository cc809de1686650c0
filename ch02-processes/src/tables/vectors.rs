//! Three published test vectors of RC4.
//!
//! Source: draft-kaukonen-cipher-arcfour-03, appendix A.

/// A key, a plaintext, and its ciphertext.
pub struct Vector {
    /// The vector's name in the draft.
    pub name: &'static str,
    /// The key.
    pub key: Vec<u8>,
    /// The plaintext.
    pub plain: Vec<u8>,
    /// The ciphertext.
    pub cipher: Vec<u8>,
}

/// Returns the three vectors.
pub fn all() -> [Vector; 3] {
    [
        Vector {
            name: "CRYPTLIB",
            key: bytes("0123456789abcdef"),
            plain: vec![0; 8],
            cipher: bytes("7494c2e7104b0879"),
        },
        Vector {
            name: "COMMERCE",
            key: bytes("618a63d2fb"),
            plain: bytes("dcee4cf92c"),
            cipher: bytes("f13829c9de"),
        },
        Vector {
            name: "SSH ARCFOUR",
            key: bytes("29041972fb42ba5fc7127712f13829c9"),
            // In Latin-1 a character's code is its byte.
            plain: POEM.chars().map(|c| c as u8).collect(),
            cipher: bytes(POEM_IN_RC4),
        },
    ]
}

/// Turns pairs of hexadecimal digits into bytes.
fn bytes(hex: &str) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .chars()
        .filter_map(|c| c.to_digit(16))
        .map(|d| d as u8)
        .collect();
    digits
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair[1])
        .collect()
}

const POEM: &str = "Ruislinnun laulu korvisssani, tähkäpäiden päällä täysikuu. \
     Kesäyön on onni omanani, kaskisavuun laaksot verhouu. En ma \
     iloitse, sure huokaa, mutta metsän tummuus mulle tuokaa. Puunto \
     pilven, mi hukkuu, siinto varan tuulisen, mi nukkuu. Tuoksut \
     vanamon ja varjot veen, niistä sydämeni laulun teen. - Eino \
     Leino";

const POEM_IN_RC4: &str = "
    358186999001e6b5daf05eceeb7eee21e0689c1f00eea81f7dd2caaee1d2763e
    68af0ead33d66c268bc946c484fbe94c5f5e0b86a59279e4f824e7a640bd2232
    10b0a61160b7bce986ea65688003596b630a6b90f8e0caf6912a98eb872176e8
    3c202caa64166d2cce57ff1bca57b213f0ed1aa72fb8ea52b0be01cd1e412867
    720b326eb389d011bd70d8af035fb0d8589dbce3c666f5ea8d4c7954c50c3f34
    0b0467f81b425961c11843074df620f208404b394cf9d37ff54b5f1ad8f6ea7d
    a3c561dfa7281f964463d2cc35a4d1b03490dec51b0711fbd6f55f79234d5b7c
    766622a66de92be996461d5e4dc878ef9bca030521e8351e4baed2fd04f94673
    68c4ad6ac186d08245b263a2666d1f6c5420f1599dfd9f438921c2f5a463938c
    e0982265eef70179bc553f339eb1a4c1af5f6a547f";
