//! Pictures: how wide and high a file of the site is. Knows nothing of where it is shown.

/// Bytes from the start of a file that [`size`] wants to see: enough for the frame header of a
/// photograph behind its preview and its colour profile.
pub const START: u64 = 256 * 1024;

/// Width and height in pixels, from the first bytes of a GIF, JPEG, PNG, WebP, AVIF or SVG file.
/// None where they are not said, as in an SVG that has a `viewBox` alone.
pub fn size(start: &[u8]) -> Option<(usize, usize)> {
    /// Beyond this a header is broken.
    const LONGEST: usize = 100_000;
    let (width, height) = match imagesize::blob_size(start) {
        Ok(size) if lies_on_its_side(start) => (size.height, size.width),
        Ok(size) => (size.width, size.height),
        Err(_) => svg_size(&String::from_utf8_lossy(start))?,
    };
    let is_side = |side: usize| (1..=LONGEST).contains(&side);
    (is_side(width) && is_side(height)).then_some((width, height))
}

/// Returns whether a photograph is to be turned by a quarter before it is shown (orientations 5 to
/// 8 of EXIF 2.3, §4.6.4).
fn lies_on_its_side(start: &[u8]) -> bool {
    let metadata = exif::Reader::new().read_from_container(&mut std::io::Cursor::new(start));
    let orientation = metadata.ok().and_then(|exif| {
        exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY)?.value.get_uint(0)
    });
    orientation.is_some_and(|orientation| (5..=8).contains(&orientation))
}

fn svg_size(text: &str) -> Option<(usize, usize)> {
    let root = &text[text.find("<svg")?..];
    let root = &root[..root.find('>')?];
    let side = |name: &str| {
        let value = root
            .split([' ', '\t', '\n', '\r'])
            .find_map(|attribute| attribute.strip_prefix(name)?.strip_prefix('='))?;
        let number: f64 =
            value.trim_matches(['"', '\'', '/']).trim_end_matches("px").parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "not negative, and a cast takes the nearest it can hold"
        )]
        (number > 0.0).then_some(number.round() as usize)
    };
    Some((side("width")?, side("height")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_the_start() {
        let png = |width: u32, height: u32| {
            [
                &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
                &width.to_be_bytes(),
                &height.to_be_bytes(),
                &[8, 2, 0, 0, 0],
            ]
            .concat()
        };
        assert_eq!(size(&png(7, 5)), Some((7, 5)));
        assert_eq!(size(&png(0, 5)), None);
        assert_eq!(size(&png(7, u32::MAX)), None);
        // A JPEG of 40 by 30, with and without an orientation that turns it.
        let jpeg = |orientation: u8| {
            let exif = [
                &b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"[..],
                &[orientation],
                &b"\0\0\0\0\0\0"[..],
            ]
            .concat();
            let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
            let frame =
                b"\xff\xc0\0\x11\x08\0\x1e\0\x28\x03\x01\x11\0\x02\x11\0\x03\x11\0\xff\xda\0\x02";
            [&b"\xff\xd8\xff\xe1"[..], &length, &exif, frame].concat()
        };
        assert_eq!((size(&jpeg(1)), size(&jpeg(6))), (Some((40, 30)), Some((30, 40))));
        let svg = |root: &str| {
            size(
                format!("<?xml version=\"1.0\"?>\n<!-- x -->\n{root}<path d=\"M0 0\"/></svg>")
                    .as_bytes(),
            )
        };
        assert_eq!(
            svg(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"960\" height='400.4px' viewBox=\"0 0 1 1\">"
            ),
            Some((960, 400))
        );
        assert_eq!(svg("<svg viewBox=\"0 0 960 400\">"), None);
        assert_eq!(svg("<svg width=\"100%\" height=\"4\">"), None);
        assert_eq!(size(b"not a picture"), None);
    }
}
