//! The keys that have a meaning here, in one table. Who may see the post is said by more of them
//! (`visibility`), and which keys hold terms besides these is the site's to say (`taxonomies`).

use super::{FrontMatter, Scalar};

/// Keys that mean the same.
pub(super) struct Key {
    /// In lower case, as tools and people call it.
    names: &'static [&'static str],
    pub(super) meaning: Meaning,
    /// Whether a post is known by it: lines of others above a rule (`From: …`) may be a text.
    names_post: bool,
}

/// The field of a text.
pub(super) type TextField = fn(&mut FrontMatter) -> &mut Option<Scalar>;
/// The field of a switch.
pub(super) type SwitchField = fn(&mut FrontMatter) -> &mut Option<bool>;

/// What stands under a key, and where it goes.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
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

impl Key {
    const fn new(names: &'static [&'static str], meaning: Meaning) -> Key {
        Key { names, meaning, names_post: false }
    }

    const fn of_posts(names: &'static [&'static str], meaning: Meaning) -> Key {
        Key { names, meaning, names_post: true }
    }
}

const TABLE: [Key; 30] = [
    Key::of_posts(&["title"], Meaning::Text(|found| &mut found.title)),
    Key::of_posts(&["date"], Meaning::Text(|found| &mut found.date)),
    Key::new(
        &["lastmod", "updated", "last_modified_at", "modified"],
        Meaning::Text(|found| &mut found.updated),
    ),
    Key::new(&["created"], Meaning::Created),
    Key::new(&["slug"], Meaning::Text(|found| &mut found.slug)),
    Key::of_posts(&["permalink"], Meaning::Text(|found| &mut found.permalink)),
    Key::new(&["url"], Meaning::Address),
    Key::new(&["redirect_from"], Meaning::AliasesFromRoot),
    Key::new(&["aliases"], Meaning::Aliases),
    Key::of_posts(&["layout"], Meaning::Text(|found| &mut found.layout)),
    Key::new(&["lang"], Meaning::Text(|found| &mut found.lang)),
    Key::new(&["description", "summary", "excerpt"], Meaning::Text(|found| &mut found.description)),
    Key::new(&["image", "cover"], Meaning::Text(|found| &mut found.cover)),
    Key::new(
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
        Meaning::Banner,
    ),
    Key::new(&["from", "source"], Meaning::Text(|found| &mut found.origin)),
    Key::new(&["author", "authors"], Meaning::Terms),
    Key::of_posts(&["tags", "tag"], Meaning::Terms),
    Key::of_posts(&["categories", "category"], Meaning::Terms),
    Key::new(&["taxonomies"], Meaning::TermsByTaxonomy),
    Key::new(&["published"], Meaning::Published),
    Key::new(&["public"], Meaning::Visibility),
    Key::new(&["draft"], Meaning::Draft),
    Key::new(&["noindex"], Meaning::Switch(|found| &mut found.noindex)),
    Key::new(&["robots"], Meaning::Robots),
    Key::new(&["sitemap"], Meaning::Switch(|found| &mut found.sitemap)),
    Key::new(&["comments"], Meaning::Switch(|found| &mut found.comments)),
    Key::new(&["math"], Meaning::Switch(|found| &mut found.math)),
    // What themes of Hexo and Hugo call it.
    Key::new(&["mathjax", "katex"], Meaning::SwitchOfThemes(|found| &mut found.math)),
    Key::new(&["breaks"], Meaning::Breaks),
    Key::new(&["structure"], Meaning::Structure),
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

fn key(name: &str) -> Option<&'static Key> {
    const KEYS: &[Key] = &TABLE;
    KEYS.iter().find(|key| key.names.contains(&name))
}

/// What a name in lower case means.
pub(super) fn meaning(name: &str) -> Option<Meaning> {
    key(name).map(|key| key.meaning)
}

/// Whether a post is known by a key of this name in lower case.
pub(super) fn names_post(name: &str) -> bool {
    key(name).is_some_and(|key| key.names_post)
}

/// Whether a name in lower case is one for lists of terms.
pub(super) fn names_terms(name: &str) -> bool {
    matches!(meaning(name), Some(Meaning::Terms))
}
