//! Style sheets that have changed while open pages were not loaded anew.

/// Old and new hrefs of style sheets since an edition, if nothing else has changed, with the
/// edition that has the new one: a page that was away for a moment may have missed some.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Styles {
    pub(super) since: u64,
    pub(super) pairs: Vec<(String, String, u64)>,
}

impl Styles {
    /// Returns what has changed since the edition `number`, or since an earlier one if only style
    /// sheets had changed before.
    pub(super) fn after(
        before: Option<Styles>,
        number: u64,
        news: Vec<(String, String)>,
    ) -> Styles {
        let Styles { since, mut pairs } =
            before.unwrap_or(Styles { since: number, pairs: Vec::new() });
        for (_, new, edition) in &mut pairs {
            if let Some((_, newer)) = news.iter().find(|(old, _)| old == new) {
                newer.clone_into(new);
                *edition = number + 1;
            }
        }
        pairs.extend(news.into_iter().map(|(old, new)| (old, new, number + 1)));
        pairs.sort();
        pairs.dedup();
        Styles { since, pairs }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(old: &str, new: &str) -> Vec<(String, String)> {
        vec![(old.to_owned(), new.to_owned())]
    }

    /// Whichever edition a page comes from, it is led to the sheet that stands now.
    #[test]
    fn a_page_that_missed_some_is_led_to_the_last_one() {
        let first = Styles::after(None, 7, pair("/a.1.css", "/a.2.css"));
        let second = Styles::after(Some(first), 8, pair("/a.2.css", "/a.3.css"));
        let expected = [("/a.1.css", "/a.3.css", 9), ("/a.2.css", "/a.3.css", 9)];
        let expected =
            expected.map(|(old, new, edition)| (old.to_owned(), new.to_owned(), edition));
        assert_eq!(second, Styles { since: 7, pairs: expected.to_vec() });
    }

    #[test]
    fn sheets_that_stay_keep_their_edition() {
        let first = Styles::after(None, 7, pair("/a.1.css", "/a.2.css"));
        let second = Styles::after(Some(first), 8, pair("/b.1.css", "/b.2.css"));
        assert_eq!(
            second
                .pairs
                .iter()
                .map(|(old, _, edition)| (old.as_str(), *edition))
                .collect::<Vec<_>>(),
            [("/a.1.css", 8), ("/b.1.css", 9)]
        );
    }
}
