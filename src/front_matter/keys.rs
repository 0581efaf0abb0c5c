//! The keys that have a meaning here, in one table. Who may see the post is said by more of them
//! (`visibility`), and which keys hold terms besides these is the site's to say (`taxonomies`).

use super::{FrontMatter, Scalar};

/// Keys that mean the same.
pub(super) struct KnownKey {
    /// In lower case, as tools and people call it.
    names: &'static [&'static str],
    pub(super) meaning: KeyMeaning,
    /// Whether a post is known by it: lines of others above a rule (`From: …`) may be a text.
    names_post: bool,
}

/// The field of a text.
pub(super) type TextField = fn(&mut FrontMatter) -> &mut Option<Scalar>;
/// The field of a switch.
pub(super) type SwitchField = fn(&mut FrontMatter) -> &mut Option<bool>;

/// What stands under a key, and where it goes.
#[derive(Clone, Copy)]
pub(super) enum KeyMeaning {
    /// A text; of several names for one thing the first in the file counts.
    Text(TextField),
    /// A switch; what is none may mean something to the theme.
    Switch(SwitchField),
    /// The same, where no other key has said it.
    SwitchOfThemes(SwitchField),
    /// Terms where a taxonomy reads the key, else the theme's.
    Terms,
    /// Terms by taxonomy: Zola's.
    TermsByTaxonomy,
    /// Old addresses, counted from the root.
    AliasesFromRoot,
    /// Old addresses, or other names of a note.
    Aliases,
    /// Hugo's address of the page; elsewhere such a key may hold where the text came from.
    Address,
    Created,
    /// A switch, or a date: Obsidian's Web Clipper.
    Published,
    Draft,
    /// What only `visibility` reads.
    Visibility,
    Breaks,
    Structure,
    /// A picture on top, in themes of other programs.
    Banner,
    /// Instructions to search engines.
    Robots,
}

impl KnownKey {
    const fn new(names: &'static [&'static str], meaning: KeyMeaning) -> KnownKey {
        KnownKey { names, meaning, names_post: false }
    }

    const fn of_posts(names: &'static [&'static str], meaning: KeyMeaning) -> KnownKey {
        KnownKey { names, meaning, names_post: true }
    }
}

const TABLE: [KnownKey; 31] = [
    KnownKey::of_posts(&["title"], KeyMeaning::Text(|found| &mut found.title)),
    KnownKey::of_posts(&["date"], KeyMeaning::Text(|found| &mut found.date)),
    KnownKey::new(
        &["lastmod", "updated", "last_modified_at", "modified"],
        KeyMeaning::Text(|found| &mut found.updated),
    ),
    KnownKey::new(&["created"], KeyMeaning::Created),
    KnownKey::new(&["slug"], KeyMeaning::Text(|found| &mut found.slug)),
    KnownKey::of_posts(&["permalink"], KeyMeaning::Text(|found| &mut found.permalink)),
    KnownKey::new(&["url"], KeyMeaning::Address),
    KnownKey::new(&["redirect_from"], KeyMeaning::AliasesFromRoot),
    KnownKey::new(&["aliases"], KeyMeaning::Aliases),
    KnownKey::of_posts(&["layout"], KeyMeaning::Text(|found| &mut found.layout)),
    KnownKey::new(&["lang"], KeyMeaning::Text(|found| &mut found.lang)),
    KnownKey::new(
        &["description", "summary", "excerpt"],
        KeyMeaning::Text(|found| &mut found.description),
    ),
    KnownKey::new(&["image", "cover"], KeyMeaning::Text(|found| &mut found.cover)),
    KnownKey::new(
        &[
            "banner",
            "cover_image",
            "coverimage",
            "feature_image",
            "featured_image",
            "featuredimage",
            "featureimage",
            "og_image",
            "thumb",
            "thumbnail",
            "top_img",
            "top_image",
        ],
        KeyMeaning::Banner,
    ),
    KnownKey::new(&["from", "source"], KeyMeaning::Text(|found| &mut found.origin)),
    KnownKey::new(&["author", "authors"], KeyMeaning::Terms),
    KnownKey::of_posts(&["tags", "tag"], KeyMeaning::Terms),
    KnownKey::of_posts(&["categories", "category"], KeyMeaning::Terms),
    KnownKey::new(&["taxonomies"], KeyMeaning::TermsByTaxonomy),
    KnownKey::new(&["published"], KeyMeaning::Published),
    KnownKey::new(&["public"], KeyMeaning::Visibility),
    KnownKey::new(&["draft"], KeyMeaning::Draft),
    KnownKey::new(&["noindex"], KeyMeaning::Switch(|found| &mut found.noindex)),
    KnownKey::new(&["robots"], KeyMeaning::Robots),
    // `indexing` is what a generator of Hexo's search calls it.
    KnownKey::new(&["search", "indexing"], KeyMeaning::SwitchOfThemes(|found| &mut found.search)),
    KnownKey::new(&["sitemap"], KeyMeaning::Switch(|found| &mut found.sitemap)),
    KnownKey::new(&["comments"], KeyMeaning::Switch(|found| &mut found.comments)),
    KnownKey::new(&["math"], KeyMeaning::Switch(|found| &mut found.math)),
    // What themes of Hexo and Hugo call it.
    KnownKey::new(&["mathjax", "katex"], KeyMeaning::SwitchOfThemes(|found| &mut found.math)),
    KnownKey::new(&["breaks"], KeyMeaning::Breaks),
    KnownKey::new(&["structure"], KeyMeaning::Structure),
];

/// All names of the table.
pub const KNOWN_KEYS: [&str; count()] = {
    let mut names = [""; count()];
    let (mut key, mut at) = (0, 0);
    while key < TABLE.len() {
        let mut name = 0;
        while name < TABLE[key].names.len() {
            names[at] = TABLE[key].names[name];
            (name, at) = (name + 1, at + 1);
        }
        key += 1;
    }
    names
};

const fn count() -> usize {
    let (mut key, mut count) = (0, 0);
    while key < TABLE.len() {
        count += TABLE[key].names.len();
        key += 1;
    }
    count
}

fn key(name: &str) -> Option<&'static KnownKey> {
    const KEYS: &[KnownKey] = &TABLE;
    KEYS.iter().find(|key| key.names.contains(&name))
}

/// Returns what a name in lower case means.
pub(super) fn meaning(name: &str) -> Option<KeyMeaning> {
    key(name).map(|key| key.meaning)
}

/// Returns whether a post is known by a key of this name in lower case.
pub(super) fn names_post(name: &str) -> bool {
    key(name).is_some_and(|key| key.names_post)
}

/// Returns whether a name in lower case is one for lists of terms.
pub(super) fn names_terms(name: &str) -> bool {
    matches!(meaning(name), Some(KeyMeaning::Terms))
}
