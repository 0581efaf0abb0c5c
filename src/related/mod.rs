//! Related posts: which others share tags or words of the title with a post, and what they share.
//!
//! [`Index`] is made once from all cards; [`Index::of`] answers for one post when its page is
//! rendered. What is rare counts most; nothing is filled up where nothing is shared. Knows no
//! templates.
//!
//! The work for one post is bounded whatever the archive: of each of its rarest terms only the
//! posts nearest in the list are looked at, so that a tag of 50,000 posts costs no more than one of
//! fifty. Numbers are whole throughout: no order of addition, thread or machine can change a list.

mod title;

use std::cmp::Reverse;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::post::Post;
use title::{SharedRun, Title, is_function};

/// Related posts that are shown.
const SHOWN: usize = 5;
/// Terms of a post that are followed, its rarest.
const TERMS: usize = 24;
/// Posts that are looked at for one term: those nearest in the list.
const WINDOW: usize = 64;
/// Posts that are compared word by word.
const SHORTLIST: usize = 16;
/// Shared tags that are named, the rarest.
const TAGS_NAMED: usize = 5;

/// A post that has something in common with another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Related {
    /// Its place in the list of posts.
    pub post: u32,
    /// The tags both have, the rarest first: places in the list of the post asked for, of which so
    /// many count.
    tags: [u16; TAGS_NAMED],
    tags_named: u8,
    /// The longest words that both titles have, as the title of the post asked for writes them.
    pub words: Option<Box<str>>,
}

impl Related {
    /// Returns what both have: the places of tags in the list of the post asked for, and words.
    pub fn shared(&self) -> (&[u16], Option<&str>) {
        (&self.tags[..usize::from(self.tags_named)], self.words.as_deref())
    }

    /// Returns the names of the tags both have; `own` are those of the post asked for.
    pub fn tags<'p>(&self, own: &'p [String]) -> impl Iterator<Item = &'p String> {
        self.tags[..usize::from(self.tags_named)].iter().filter_map(|at| own.get(usize::from(*at)))
    }
}

/// Which posts have which terms. Only terms that two posts share are kept. Numbers of terms: first
/// pairs, then words, then tags.
#[derive(Clone, Debug, Default)]
pub struct Index {
    posts: usize,
    /// The taxonomy of the tags.
    taxonomy: Option<usize>,
    /// Two Han characters side by side in a title.
    pairs: Vec<[char; 2]>,
    /// Words of other scripts in a title.
    words: Vec<Box<str>>,
    tags: Vec<Box<str>>,
    /// For each term its posts, and for each post its terms; both ascending.
    posts_of: Lists,
    terms_of: Lists,
    /// How much each term says, in fifths of a bit: the rarer, the more. A word is worth two pairs,
    /// since its characters are one thing; a tag, which someone chose, is worth three, as many as a
    /// phrase of four characters.
    weights: Vec<u32>,
}

/// Lists of numbers, one after another in one allocation.
#[derive(Clone, Debug, Default)]
struct Lists {
    ends: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    fn get(&self, index: usize) -> &[u32] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.items[start as usize..self.ends[index] as usize]
    }

    fn count(&self, index: usize) -> usize {
        self.get(index).len()
    }

    fn push(&mut self, list: impl Iterator<Item = u32>) {
        self.items.extend(list);
        self.ends.push(narrow(self.items.len()));
    }

    /// Turns the lists round: for each of `count` items, returns the lists that it is in.
    fn turned(&self, count: usize) -> Lists {
        let mut ends = vec![0_u32; count];
        for item in &self.items {
            ends[*item as usize] += 1;
        }
        let mut sum = 0;
        for end in &mut ends {
            // For now where the list starts; filling it moves this to its end.
            (*end, sum) = (sum, sum + *end);
        }
        let mut items = vec![0_u32; self.items.len()];
        for list in 0..self.ends.len() {
            for item in self.get(list) {
                let at = &mut ends[*item as usize];
                items[*at as usize] = narrow(list);
                *at += 1;
            }
        }
        Lists { ends, items }
    }
}

fn narrow(number: usize) -> u32 {
    u32::try_from(number).expect("an archive has fewer than four thousand million terms")
}

/// Terms with their posts, each once.
fn sorted<K: Ord + Send>(mut found: Vec<(K, u32)>) -> Vec<(K, u32)> {
    found.par_sort_unstable();
    found.dedup();
    found
}

/// Keeps what at least two posts have.
fn collect<K: Ord, N>(found: &[(K, u32)], lists: &mut Lists, name: impl Fn(&K) -> N) -> Vec<N> {
    let mut names = Vec::new();
    for group in found.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        names.push(name(&group[0].0));
        lists.push(group.iter().map(|(_, post)| *post));
    }
    names
}

/// A post that shares terms with another: their weights, and those of the tags among them.
struct SharedTerms {
    post: usize,
    all: u32,
    tags: u32,
}

/// Returns the posts with the highest score, at most `count`; of equal ones the nearest to `id` in
/// time.
fn best(
    posts: &mut [SharedTerms],
    count: usize,
    id: usize,
    score: fn(&SharedTerms) -> u32,
) -> impl Iterator<Item = &SharedTerms> {
    if posts.len() > count {
        posts.select_nth_unstable_by_key(count, |met| {
            (Reverse(score(met)), met.post.abs_diff(id), met.post)
        });
    }
    posts.iter().take(count)
}

impl Index {
    /// Reads the titles, and the terms of one taxonomy as tags. The order of the posts is that of
    /// time.
    pub fn new(posts: &[Arc<Post>], taxonomy: Option<usize>) -> Index {
        let titles: Vec<Title> = posts.par_iter().map(|post| Title::read(&post.title)).collect();
        let titles = || titles.par_iter().enumerate();
        let pairs = sorted(
            titles()
                .flat_map_iter(|(id, title)| title.pairs().map(move |pair| (pair, narrow(id))))
                .collect(),
        );
        let words = titles().flat_map_iter(|(id, title)| {
            title.words().map(move |word| (Box::<str>::from(word), narrow(id)))
        });
        let words = sorted(words.collect());
        let names = posts.par_iter().enumerate();
        let names = names.flat_map_iter(|(id, post)| {
            tags_of(post, taxonomy).iter().map(move |tag| (tag.as_str(), narrow(id)))
        });
        let names = sorted(names.collect());
        let mut posts_of = Lists::default();
        let pairs = collect(&pairs, &mut posts_of, |pair| *pair);
        let words = collect(&words, &mut posts_of, Clone::clone);
        let tags = collect(&names, &mut posts_of, |tag| Box::<str>::from(*tag));
        posts_of.items.shrink_to_fit();
        let terms_of = posts_of.turned(posts.len());
        let worths = [(1, pairs.len()), (2, words.len()), (3, tags.len())];
        let worths =
            worths.into_iter().flat_map(|(worth, count)| std::iter::repeat_n(worth, count));
        let weights = worths
            .enumerate()
            .map(|(term, worth)| worth * rarity(posts.len(), posts_of.count(term)))
            .collect();
        Index { posts: posts.len(), taxonomy, pairs, words, tags, posts_of, terms_of, weights }
    }

    /// Returns at most five posts related to one, the most alike first. `posts` are those of
    /// [`Index::new`].
    pub fn related_to(&self, id: usize, posts: &[Arc<Post>]) -> Vec<Related> {
        let title = Title::read(&posts[id].title);
        let mut found: Vec<(Reverse<u32>, usize, Related)> = self
            .shortlist(id)
            .into_iter()
            .filter_map(|other| {
                let shared = self.shared(id, other);
                let (in_titles, in_tags) =
                    shared.split_at(shared.partition_point(|term| *term < self.first_tag()));
                let words = if in_titles.is_empty() {
                    None
                } else {
                    self.words_in_common(&title, &Title::read(&posts[other].title))
                };
                let (tags, tags_named) = self.tags_in_common(
                    in_tags,
                    tags_of(&posts[id], self.taxonomy),
                    tags_of(&posts[other], self.taxonomy),
                );
                if tags_named == 0 && words.is_none() {
                    return None;
                }
                let counted = if words.is_some() { &shared[..] } else { in_tags };
                let score = counted.iter().map(|term| self.weight(*term)).sum();
                Some((
                    Reverse(score),
                    other,
                    Related { post: narrow(other), tags, tags_named, words },
                ))
            })
            .collect();
        found.sort_by_key(|(score, other, _)| (*score, other.abs_diff(id), *other));
        found.into_iter().take(SHOWN).map(|(_, _, related)| related).collect()
    }

    /// Returns the posts that promise most, by the terms that lead to them.
    fn shortlist(&self, id: usize) -> Vec<usize> {
        let mut terms: Vec<u32> = self.terms_of.get(id).to_vec();
        terms.sort_by_key(|term| (self.posts_of.count(*term as usize), *term));
        terms.truncate(TERMS);
        let mut met: Vec<(u32, u32, u32)> = Vec::with_capacity(terms.len() * 16);
        for term in terms {
            let weight = self.weight(term);
            let as_tag = if term >= self.first_tag() { weight } else { 0 };
            met.extend(
                nearest(self.posts_of.get(term as usize), narrow(id))
                    .iter()
                    .map(|post| (*post, weight, as_tag)),
            );
        }
        met.sort_unstable();
        let mut posts: Vec<SharedTerms> = met
            .chunk_by(|a, b| a.0 == b.0)
            .map(|group| SharedTerms {
                post: group[0].0 as usize,
                all: group.iter().map(|(_, weight, _)| *weight).sum(),
                tags: group.iter().map(|(_, _, as_tag)| *as_tag).sum(),
            })
            .filter(|met| met.post != id)
            .collect();
        // Scattered pairs of a title may promise much and turn out to be no words; a tag is sure.
        let by_tags = best(&mut posts, SHORTLIST / 2, id, |met| met.tags);
        let mut chosen: Vec<usize> =
            by_tags.filter(|met| met.tags > 0).map(|met| met.post).collect();
        chosen.extend(best(&mut posts, SHORTLIST, id, |met| met.all).map(|met| met.post));
        chosen.sort_unstable();
        chosen.dedup();
        chosen
    }

    /// Returns the terms that two posts have, ascending.
    fn shared(&self, one: usize, other: usize) -> Vec<u32> {
        let mut others = self.terms_of.get(other);
        let mut shared = Vec::new();
        for term in self.terms_of.get(one) {
            while let Some((first, rest)) = others.split_first()
                && first < term
            {
                others = rest;
            }
            if others.first() == Some(term) {
                shared.push(*term);
            }
        }
        shared
    }

    fn first_tag(&self) -> u32 {
        narrow(self.pairs.len() + self.words.len())
    }

    fn weight(&self, term: u32) -> u32 {
        self.weights[term as usize]
    }

    /// Returns the places of shared tags among a post's `own`, the rarest first, and how many they
    /// are; none that most posts have.
    fn tags_in_common(
        &self,
        shared: &[u32],
        own: &[String],
        others: &[String],
    ) -> ([u16; TAGS_NAMED], u8) {
        let mut names: Vec<(usize, usize, &str)> = shared
            .iter()
            .map(|term| {
                let name = &*self.tags[(term - self.first_tag()) as usize];
                let at = others.iter().position(|tag| tag == name).unwrap_or(others.len());
                (self.posts_of.count(*term as usize), at, name)
            })
            .filter(|(count, _, _)| *count <= (self.posts / 2).max(20))
            .collect();
        names.sort_unstable();
        let places = names
            .into_iter()
            .filter_map(|(_, _, name)| u16::try_from(own.iter().position(|tag| tag == name)?).ok());
        let (mut named, mut count) = ([0; TAGS_NAMED], 0);
        for (slot, place) in named.iter_mut().zip(places) {
            *slot = place;
            count += 1;
        }
        (named, count)
    }

    /// Returns the longest words that two titles share and that say something.
    fn words_in_common(&self, title: &Title, other: &Title) -> Option<Box<str>> {
        let mut best: Option<(usize, SharedRun)> = None;
        for run in title.runs_shared_with(other) {
            let is_longer =
                |run: SharedRun| best.is_none_or(|(longest, _)| title.width(run) > longest);
            if !is_longer(run) {
                continue;
            }
            let run = title.trimmed(other, run, |pair| self.posts_joining(pair));
            if is_longer(run) && self.says_something(title, run) {
                best = Some((title.width(run), run));
            }
        }
        best.map(|(_, run)| title.text(run).into())
    }

    /// Returns whether words that two titles share are a reason to read one after the other: two
    /// Han characters that are rare, three or more that are no commonplace, or a word of another
    /// script.
    fn says_something(&self, title: &Title, run: SharedRun) -> bool {
        let rare = (self.posts / 100).max(3);
        let uncommon = (self.posts / 10).max(20);
        let is_word = title.words_of(run).any(|word| {
            let at = self.words.binary_search_by(|known| (**known).cmp(word));
            at.is_ok_and(|at| self.posts_of.count(self.pairs.len() + at) <= uncommon)
        });
        let pairs: Vec<Option<usize>> =
            title.pairs_of(run).map(|pair| self.posts_with(pair?)).collect();
        is_word
            || pairs.split(Option::is_none).any(|stretch| match stretch.iter().flatten().min() {
                None => false,
                Some(rarest) if stretch.len() == 1 => *rarest <= rare,
                // The name of a series stands first in all its titles, however many they are.
                Some(rarest) => *rarest <= uncommon || run.starts_both(),
            })
    }

    /// Returns the number of titles with a pair, where there are two and it says something.
    fn posts_with(&self, pair: [char; 2]) -> Option<usize> {
        self.pairs.binary_search(&pair).ok().map(|at| self.posts_of.count(at))
    }

    /// Returns the number of titles that join two characters to a word, as far as is known.
    fn posts_joining(&self, pair: [char; 2]) -> usize {
        self.posts_with(pair).unwrap_or_else(|| usize::from(!is_function(pair)))
    }
}

fn tags_of(post: &Post, taxonomy: Option<usize>) -> &[String] {
    taxonomy.map_or(&[], |index| &post.terms[index])
}

/// Returns the posts of a term that stand nearest to one of them, as many before as after.
fn nearest(posts: &[u32], id: u32) -> &[u32] {
    let at = posts.partition_point(|post| *post < id);
    let start = at.saturating_sub(WINDOW / 2).min(posts.len().saturating_sub(WINDOW));
    &posts[start..posts.len().min(start + WINDOW)]
}

/// log2(of / with) in fifths, by whole numbers alone, so that it is the same on every machine; 1 to
/// 125.
fn rarity(of: usize, with: usize) -> u32 {
    let power = |number: usize| u128::from(narrow(number).clamp(1, 1 << 25)).pow(5);
    (power(of) / power(with)).max(2).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, Overrides};
    use crate::keywords::Keywords;
    use crate::post::{self, PostKind, ReadingOutcome};
    use crate::source::SourcePath;

    fn cards<'a>(posts: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Vec<Arc<Post>> {
        let overrides = Overrides { base_url: None, drafts: false, future: false };
        let config = Config::read("", "site.yaml", &overrides).unwrap();
        let reading = post::read(
            &SourcePath::new("posts/a.md"),
            b"x",
            PostKind::Article,
            &config,
            jiff::Timestamp::UNIX_EPOCH,
            &Keywords::off(),
            &mut |_, _| {},
        );
        let ReadingOutcome::Ready(card) = reading.outcome else { panic!() };
        let make = |(title, tags): (&str, &[&str])| {
            let mut card = (*card).clone();
            card.title = title.to_owned();
            card.terms[0] = tags.iter().map(|tag| (*tag).to_owned()).collect();
            card
        };
        posts.into_iter().map(make).map(Arc::new).collect()
    }

    /// Posts related to the first: place, tags, words.
    fn related(posts: &[(&str, &[&str])]) -> Vec<(usize, String, String)> {
        let posts = cards(posts.iter().copied());
        let found = Index::new(&posts, Some(0)).related_to(0, &posts);
        let tags = |related: &Related| {
            related.tags(&posts[0].terms[0]).cloned().collect::<Vec<String>>().join("、")
        };
        found
            .iter()
            .map(|related| {
                (
                    related.post as usize,
                    tags(related),
                    related.words.as_deref().unwrap_or_default().to_owned(),
                )
            })
            .collect()
    }

    fn row(post: usize, tags: &str, words: &str) -> (usize, String, String) {
        (post, tags.to_owned(), words.to_owned())
    }

    #[test]
    fn a_rare_tag_counts_most() {
        let found = related(&[
            ("甲", &["谷歌", "余凯"]),
            ("乙", &["谷歌"]),
            ("丙", &["谷歌"]),
            ("丁", &["余凯", "谷歌"]),
            ("戊", &["余凯"]),
            ("己", &["谷歌"]),
            ("庚", &["别的"]),
        ]);
        // 余凯 is in three of seven, 谷歌 in five; equals stand by nearness.
        assert_eq!(
            found,
            [
                row(3, "余凯、谷歌", ""),
                row(4, "余凯", ""),
                row(1, "谷歌", ""),
                row(2, "谷歌", ""),
                row(5, "谷歌", "")
            ]
        );
    }

    #[test]
    fn scattered_pairs_of_titles_do_not_crowd_out_tags() {
        let names = ["苹果", "手机", "电池", "充电"];
        let lists: Vec<String> =
            (0..20).map(|n| [0, 1, 2, 3].map(|at| names[(at * 3 + n) % 4]).join("、")).collect();
        let mut posts: Vec<(&str, &[&str])> = vec![("电池、苹果、充电、手机", &["数码"])];
        posts.extend(lists.iter().map(|title| (title.as_str(), &[][..])));
        posts.extend(["甲", "乙", "丙", "丁", "戊", "己"].map(|title| (title, &["数码"][..])));
        let found = related(&posts);
        assert_eq!(found.len(), 5);
        assert!(found.iter().all(|(_, tags, _)| tags == "数码"), "{found:?}");
    }

    #[test]
    fn titles_count_by_words_that_say_something() {
        let found = related(&[
            ("人工智能是怎样回来的", &[]),
            ("谈谈人工智能", &[]),
            ("输入法是怎样回来的", &[]),
            ("为什么是怎样的", &[]),
            ("智者", &[]),
            ("人工湖", &[]),
        ]);
        assert_eq!(found, [row(1, "", "人工智能"), row(5, "", "人工")]);
        let found = related(&[
            ("ChatGPT 与搜索", &[]),
            ("用 chatgpt 写信", &[]),
            ("2023 与搜寻", &[]),
            ("2023", &[]),
        ]);
        assert_eq!(found, [row(1, "", "ChatGPT")]);
    }

    #[test]
    fn nothing_in_common_is_nothing_related() {
        assert_eq!(related(&[("甲", &["天"]), ("乙", &["地"]), ("丙", &[])]), []);
        assert_eq!(related(&[("甲", &[])]), []);
        // Nor does a tag that most posts have relate them, unless they are few.
        let same = |count: usize| cards((0..count).map(|_| ("", &["杂文"][..])));
        let posts = same(100);
        assert_eq!(Index::new(&posts, Some(0)).related_to(50, &posts), []);
        let posts = same(5);
        assert_eq!(Index::new(&posts, Some(0)).related_to(0, &posts).len(), 4);
        assert_eq!(Index::new(&posts, None).related_to(0, &posts), []);
        // A phrase of every second title relates them where it is the name of a series, and stands
        // first.
        let half = |phrase: fn(usize) -> String| {
            let titles: Vec<String> =
                (0..100).map(|n| if n % 2 == 0 { phrase(n) } else { String::new() }).collect();
            let posts = cards(titles.iter().map(|title| (title.as_str(), &[][..])));
            Index::new(&posts, None).related_to(50, &posts).len()
        };
        assert_eq!((half(|n| format!("{n} 何去何从")), half(|n| format!("何去何从 {n}"))), (0, 5));
    }

    /// Of a series the nearest volumes, however many there are.
    #[test]
    fn a_series_is_related_by_its_name() {
        let titles: Vec<String> = (0..400)
            .map(|n| if n % 2 == 0 { format!("全唐詩選 {n:03}") } else { format!("雜記·{n}") })
            .collect();
        let posts = cards(titles.iter().map(|title| (title.as_str(), &[][..])));
        let found = Index::new(&posts, Some(0)).related_to(200, &posts);
        assert_eq!(
            found.iter().map(|related| related.post).collect::<Vec<_>>(),
            [198, 202, 196, 204, 194]
        );
        assert!(found.iter().all(|related| related.words.as_deref() == Some("全唐詩選")));
    }

    /// Only posts near in the list are looked at where a term has many, but what they share is
    /// counted in full.
    #[test]
    fn frequent_terms_are_followed_near_by() {
        let tags = |n: usize| -> &[&str] {
            match n {
                0 | 900 => &["常", "稀"],
                1..1_000 => &["常"],
                _ => &[],
            }
        };
        let posts = cards((0..2_000).map(|n| ("", tags(n))));
        let found = Index::new(&posts, Some(0)).related_to(0, &posts);
        let tags: Vec<&str> = found[0].tags(&posts[0].terms[0]).map(String::as_str).collect();
        assert_eq!((found[0].post, tags, found[0].words.as_deref()), (900, vec!["稀", "常"], None));
        assert_eq!(found[1..].iter().map(|related| related.post).collect::<Vec<_>>(), [1, 2, 3, 4]);
        assert_eq!(nearest(&[1, 2, 3], 2), [1, 2, 3]);
        let many: Vec<u32> = (0..1_000).collect();
        assert_eq!(nearest(&many, 500), &many[468..532]);
        assert_eq!((nearest(&many, 0), nearest(&many, 999)), (&many[..64], &many[936..]));
    }

    #[test]
    fn rarity_is_a_whole_number() {
        assert_eq!((rarity(10, 10), rarity(10, 5), rarity(1 << 20, 1)), (1, 5, 100));
        assert_eq!(rarity(1 << 30, 1), 125);
    }
}
