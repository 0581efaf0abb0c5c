//! How large a picture is shown, where its author said more than nothing: sides in pixels or as a
//! share of the column, Typora's zoom. Both sides are written where the file's own size is known,
//! so that a page does not shift when the picture comes.

/// What an author said.
#[derive(Clone, Debug, Default, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Asked {
    /// Pixels, or a percentage.
    pub(crate) width: String,
    /// Pixels.
    pub(crate) height: String,
    zoom: Option<f64>,
}

impl Asked {
    pub(crate) fn new(width: &str, height: &str) -> Asked {
        Asked { width: width.to_owned(), height: height.to_owned(), zoom: None }
    }

    /// By the attributes of a picture and its style; a side that an attribute names is that.
    pub(super) fn of(width: Option<&str>, height: Option<&str>, style: &str) -> Asked {
        let mut asked = Asked::new(width.unwrap_or_default(), height.unwrap_or_default());
        let is_silent = asked.width.is_empty() && asked.height.is_empty();
        for (name, value) in style.split(';').filter_map(|rule| rule.split_once(':')) {
            let known = ["zoom", "width", "height"];
            let name = known.into_iter().find(|known| name.trim().eq_ignore_ascii_case(known));
            let Some(name) = name else { continue };
            let value = value.trim().to_ascii_lowercase();
            let value = value.trim_end_matches("!important").trim_end();
            match name {
                "zoom" => asked.zoom = factor(value),
                "width" if is_silent => asked.width = side(value, true).unwrap_or_default(),
                "height" if is_silent => asked.height = side(value, false).unwrap_or_default(),
                _ => {}
            }
        }
        asked
    }

    /// Returns whether the size of the file may have a say in what is written. All that is written
    /// then is made of numbers; anything else stays as the author has it, for the sanitiser to see.
    pub(crate) fn asks_the_file(&self) -> bool {
        let is_known = |side: &str| pixels(side).is_some();
        match (self.width.is_empty(), self.height.is_empty()) {
            (true, true) => true,
            (false, true) => is_known(&self.width),
            (true, false) => is_known(&self.height),
            (false, false) => false,
        }
    }

    /// Width and height to be written, each empty where it is left to the browser; `natural` is the
    /// size of the file.
    pub(crate) fn sides(
        &self,
        natural: impl FnOnce() -> Option<(usize, usize)>,
    ) -> (String, String) {
        let zoom = self.zoom.unwrap_or(1.0);
        let written = |side: f64| format!("{}", (side * zoom).round().clamp(1.0, LARGEST));
        #[expect(clippy::cast_precision_loss, reason = "sizes of pictures are small")]
        let natural = || {
            natural()
                .map(|(width, height)| (width as f64, height as f64))
                .filter(|(width, height)| *width * *height > 0.0)
        };
        match (pixels(&self.width), pixels(&self.height)) {
            (Some(width), Some(height)) => (written(width), written(height)),
            (Some(width), None) if self.height.is_empty() => (
                written(width),
                natural()
                    .map_or_else(String::new, |natural| written(width * natural.1 / natural.0)),
            ),
            (None, Some(height)) if self.width.is_empty() => (
                natural()
                    .map_or_else(String::new, |natural| written(height * natural.0 / natural.1)),
                written(height),
            ),
            (None, None) if self.width.is_empty() && self.height.is_empty() => natural()
                .map_or_else(Default::default, |(width, height)| (written(width), written(height))),
            _ => (self.width.clone(), self.height.clone()),
        }
    }
}

/// The longest side that is written.
const LARGEST: f64 = 20_000.0;

/// A side in pixels.
fn pixels(side: &str) -> Option<f64> {
    let number = side.trim().trim_end_matches("px").parse::<f64>().ok()?;
    (number.is_finite() && number > 0.0).then_some(number)
}

/// `50%`, `0.5`.
fn factor(value: &str) -> Option<f64> {
    let factor = match value.strip_suffix('%') {
        Some(share) => share.trim().parse::<f64>().ok()? / 100.0,
        None => value.parse::<f64>().ok()?,
    };
    (0.01..=10.0).contains(&factor).then_some(factor)
}

/// `300px`, or a share of the column that is not all of it: an editor's layout says that of every
/// picture.
fn side(value: &str, may_be_share: bool) -> Option<String> {
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|number| number.is_finite());
    if let Some(share) = value.strip_suffix('%').filter(|_| may_be_share).and_then(number) {
        return (1.0..100.0).contains(&share).then(|| format!("{}%", share.round()));
    }
    number(value.strip_suffix("px")?)
        .filter(|pixels| (2.0..=LARGEST).contains(pixels))
        .map(|pixels| format!("{}", pixels.round()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_are_written_where_they_are_known() {
        for (width, height, style, wanted) in [
            ("", "", "", "400x200"),
            ("", "", "zoom:50%", "200x100"),
            ("", "", "ZOOM: .25 !important;", "100x50"),
            ("", "", "zoom:33.3%;", "133x67"),
            ("", "", "zoom:0", "400x200"),
            ("", "", "zoom:x; color: red", "400x200"),
            ("300", "", "zoom:50%", "150x75"),
            ("300", "", "", "300x150"),
            ("", "100px", "", "200x100"),
            ("300", "10", "", "300x10"),
            ("50%", "", "", "50%x"),
            ("50%", "", "zoom:50%", "50%x"),
            ("", "", "width:300px", "300x150"),
            ("", "", "width: 40%; height: auto", "40%x"),
            ("", "", "width: 100% !important; height: auto !important", "400x200"),
            ("200", "", "width:300px", "200x100"),
            ("", "", "max-width:100px", "400x200"),
            ("auto", "", "", "autox"),
        ] {
            let (width, height) = Asked::of(
                Some(width).filter(|side| !side.is_empty()),
                Some(height).filter(|side| !side.is_empty()),
                style,
            )
            .sides(|| Some((400, 200)));
            assert_eq!(format!("{width}x{height}"), wanted, "{style}");
        }
        let unknown = |style: &str| Asked::of(None, None, style).sides(|| None);
        assert_eq!(unknown("zoom:50%"), (String::new(), String::new()));
        assert_eq!(unknown("width:300px"), ("300".to_owned(), String::new()));
    }
}
