//! Pictures: how wide and high a file of the site is. Knows nothing of where it is shown.

/// Bytes from the start of a file that [`size`] wants to see: enough for the frame header of a photograph behind its preview
/// and its colour profile.
pub const START: u64 = 256 * 1024;

/// Width and height in pixels, from the first bytes of a GIF, JPEG, PNG, WebP, AVIF or SVG file. None where they are not said,
/// as in an SVG that has a `viewBox` alone.
pub fn size(start: &[u8]) -> Option<(usize, usize)> {
    match imagesize::blob_size(start) {
        Ok(size) => Some((size.width, size.height)),
        Err(_) => svg_size(&String::from_utf8_lossy(start)),
    }
}

fn svg_size(text: &str) -> Option<(usize, usize)> {
    let root = &text[text.find("<svg")?..];
    let root = &root[..root.find('>')?];
    let side = |name: &str| {
        let value = root.split([' ', '\t', '\n', '\r']).find_map(|attribute| attribute.strip_prefix(name)?.strip_prefix('='))?;
        let number: f64 = value.trim_matches(['"', '\'', '/']).trim_end_matches("px").parse().ok()?;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 1 and 100,000")]
        (1.0..=100_000.0).contains(&number).then_some(number.round() as usize)
    };
    Some((side("width")?, side("height")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_start() {
        let png = [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &7_u32.to_be_bytes(), &5_u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
        assert_eq!(size(&png), Some((7, 5)));
        let svg = |root: &str| size(format!("<?xml version=\"1.0\"?>\n<!-- x -->\n{root}<path d=\"M0 0\"/></svg>").as_bytes());
        assert_eq!(svg("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height='400.4px' viewBox=\"0 0 1 1\">"), Some((960, 400)));
        assert_eq!(svg("<svg viewBox=\"0 0 960 400\">"), None);
        assert_eq!(svg("<svg width=\"100%\" height=\"4\">"), None);
        assert_eq!(size(b"not a picture"), None);
    }
}
