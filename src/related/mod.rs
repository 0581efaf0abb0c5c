//! Related posts: which others share tags or words of the title with a post, and what they share.
//!
//! [`Index`] is made once from all cards; [`Index::of`] answers for one post when its page is rendered. What is rare counts
//! most; nothing is filled up where nothing is shared. Knows no templates.
//!
//! The work for one post is bounded whatever the archive: of each of its rarest terms only the posts nearest in the list are
//! looked at, so that a tag of 50,000 posts costs no more than one of fifty. Numbers are whole throughout: no order of
//! addition, thread or machine can change a list.

mod title;

use std::cmp::Reverse;

use crate::post::Post;
use title::{Run, Title, is_function};

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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// Its place in the list of posts.
    pub post: usize,
    /// The tags both have, the rarest first.
    pub tags: Vec<String>,
    /// The longest words that both titles have, as the title of the post asked for writes them.
    pub words: Option<String>,
}

/// Which posts have which terms. Only terms that two posts share are kept. Numbers of terms: first pairs, then words, then tags.
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
    /// How much each term says, in fifths of a bit: the rarer, the more. A word is worth two pairs, since its characters are one
    /// thing, and so is a tag, which someone chose.
    weights: Vec<u8>,
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

    /// Who is in which of `count` lists: the lists of the items.
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

/// Sorts what was found, and keeps what at least two posts have.
fn collect<K: Ord, N>(mut found: Vec<(K, u32)>, lists: &mut Lists, name: impl Fn(&K) -> N) -> Vec<N> {
    found.sort_unstable();
    found.dedup();
    let mut names = Vec::new();
    for group in found.chunk_by(|a, b| a.0 == b.0).filter(|group| group.len() > 1) {
        names.push(name(&group[0].0));
        lists.push(group.iter().map(|(_, post)| *post));
    }
    names
}

impl Index {
    /// Reads the titles, and the terms of one taxonomy as tags. The order of the posts is that of time.
    pub fn new(posts: &[Post], taxonomy: Option<usize>) -> Index {
        let (mut pairs, mut words, mut names) = (Vec::new(), Vec::new(), Vec::new());
        for (id, post) in posts.iter().enumerate() {
            let id = narrow(id);
            let title = Title::read(&post.title);
            pairs.extend(title.pairs().map(|pair| (pair, id)));
            words.extend(title.words().map(|word| (Box::<str>::from(word), id)));
            names.extend(tags_of(post, taxonomy).iter().map(|tag| (tag.as_str(), id)));
        }
        let mut posts_of = Lists::default();
        let pairs = collect(pairs, &mut posts_of, |pair| *pair);
        let words = collect(words, &mut posts_of, Clone::clone);
        let tags = collect(names, &mut posts_of, |tag| Box::<str>::from(*tag));
        posts_of.items.shrink_to_fit();
        let terms_of = posts_of.turned(posts.len());
        let rarities = (0..posts_of.ends.len()).map(|term| rarity(posts.len(), posts_of.count(term)));
        let weights = rarities.enumerate().map(|(term, bits)| if term < pairs.len() { bits } else { bits * 2 }).collect();
        Index { posts: posts.len(), taxonomy, pairs, words, tags, posts_of, terms_of, weights }
    }

    /// At most five posts related to one, the nearest kin first; `posts` are those of [`Index::new`].
    pub fn of(&self, id: usize, posts: &[Post]) -> Vec<Related> {
        let title = Title::read(&posts[id].title);
        let mut found: Vec<(Reverse<u32>, usize, Related)> = self
            .shortlist(id)
            .into_iter()
            .filter_map(|other| {
                let shared = self.shared(id, other);
                let (in_titles, in_tags) = shared.split_at(shared.partition_point(|term| *term < self.first_tag()));
                let words = if in_titles.is_empty() { None } else { self.words_in_common(&title, &Title::read(&posts[other].title)) };
                let tags = self.tags_in_common(in_tags, tags_of(&posts[other], self.taxonomy));
                if tags.is_empty() && words.is_none() {
                    return None;
                }
                let counted = if words.is_some() { &shared[..] } else { in_tags };
                let score = counted.iter().map(|term| self.weight(*term)).sum();
                Some((Reverse(score), other, Related { post: other, tags, words }))
            })
            .collect();
        found.sort_by_key(|(score, other, _)| (*score, other.abs_diff(id), *other));
        found.into_iter().take(SHOWN).map(|(_, _, related)| related).collect()
    }

    /// The posts that promise most, by the terms that lead to them.
    fn shortlist(&self, id: usize) -> Vec<usize> {
        let mut terms: Vec<u32> = self.terms_of.get(id).to_vec();
        terms.sort_by_key(|term| (self.posts_of.count(*term as usize), *term));
        terms.truncate(TERMS);
        let mut met: Vec<(u32, u32)> = Vec::with_capacity(terms.len() * 16);
        for term in terms {
            let weight = self.weight(term);
            met.extend(nearest(self.posts_of.get(term as usize), narrow(id)).iter().map(|post| (*post, weight)));
        }
        met.sort_unstable();
        let sum = |group: &[(u32, u32)]| (Reverse(group.iter().map(|(_, weight)| *weight).sum::<u32>()), group[0].0 as usize);
        let mut posts: Vec<(Reverse<u32>, usize)> = met.chunk_by(|a, b| a.0 == b.0).map(sum).filter(|(_, post)| *post != id).collect();
        let rank = |(score, post): &(Reverse<u32>, usize)| (*score, post.abs_diff(id), *post);
        if posts.len() > SHORTLIST {
            posts.select_nth_unstable_by_key(SHORTLIST, rank);
            posts.truncate(SHORTLIST);
        }
        posts.into_iter().map(|(_, post)| post).collect()
    }

    /// The terms that two posts have, ascending.
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
        u32::from(self.weights[term as usize])
    }

    /// The names of shared tags, the rarest first; none that most posts have.
    fn tags_in_common(&self, shared: &[u32], tags: &[String]) -> Vec<String> {
        let mut names: Vec<(usize, usize, &str)> = shared
            .iter()
            .map(|term| {
                let name = &*self.tags[(term - self.first_tag()) as usize];
                let at = tags.iter().position(|tag| tag == name).unwrap_or(tags.len());
                (self.posts_of.count(*term as usize), at, name)
            })
            .filter(|(count, _, _)| *count <= (self.posts / 2).max(20))
            .collect();
        names.sort_unstable();
        names.into_iter().take(TAGS_NAMED).map(|(_, _, name)| name.to_owned()).collect()
    }

    /// The longest words that two titles share and that say something.
    fn words_in_common(&self, title: &Title, other: &Title) -> Option<String> {
        let mut best: Option<(usize, Run)> = None;
        for run in title.runs_shared_with(other) {
            let is_longer = |run: Run| best.is_none_or(|(longest, _)| title.width(run) > longest);
            if !is_longer(run) {
                continue;
            }
            let run = title.trimmed(other, run, |pair| self.posts_joining(pair));
            if is_longer(run) && self.says_something(title, run) {
                best = Some((title.width(run), run));
            }
        }
        best.map(|(_, run)| title.text(run).to_owned())
    }

    /// Whether words that two titles share are a reason to read one after the other: two Han characters that are rare, three or
    /// more that are no commonplace, or a word of another script.
    fn says_something(&self, title: &Title, run: Run) -> bool {
        let rare = (self.posts / 100).max(3);
        let uncommon = (self.posts / 10).max(20);
        let is_word = title.words_of(run).any(|word| {
            let at = self.words.binary_search_by(|known| (**known).cmp(word));
            at.is_ok_and(|at| self.posts_of.count(self.pairs.len() + at) <= uncommon)
        });
        let pairs: Vec<Option<usize>> = title.pairs_of(run).map(|pair| self.posts_with(pair?)).collect();
        is_word
            || pairs.split(Option::is_none).any(|stretch| match stretch.iter().flatten().min() {
                None => false,
                Some(rarest) if stretch.len() == 1 => *rarest <= rare,
                // The name of a series stands first in all its titles, however many they are.
                Some(rarest) => *rarest <= uncommon || run.starts_both(),
            })
    }

    /// The number of titles with a pair, where there are two and it says something.
    fn posts_with(&self, pair: [char; 2]) -> Option<usize> {
        self.pairs.binary_search(&pair).ok().map(|at| self.posts_of.count(at))
    }

    /// The number of titles that join two characters to a word, as far as is known.
    fn posts_joining(&self, pair: [char; 2]) -> usize {
        self.posts_with(pair).unwrap_or(usize::from(!is_function(pair)))
    }
}

fn tags_of(post: &Post, taxonomy: Option<usize>) -> &[String] {
    taxonomy.map_or(&[], |index| &post.terms[index])
}

/// The posts of a term that stand nearest to one of them, as many before as after.
fn nearest(posts: &[u32], id: u32) -> &[u32] {
    let at = posts.partition_point(|post| *post < id);
    let start = at.saturating_sub(WINDOW / 2).min(posts.len().saturating_sub(WINDOW));
    &posts[start..posts.len().min(start + WINDOW)]
}

/// log2(of / with) in fifths, by whole numbers alone, so that it is the same on every machine; 1 to 125.
fn rarity(of: usize, with: usize) -> u8 {
    let power = |number: usize| u128::from(narrow(number).clamp(1, 1 << 25)).pow(5);
    (power(of) / power(with)).max(2).ilog2() as u8
}
