//! `taxonomies`: by what posts are grouped, and where the groups stand.

use super::feeds::{FeedKind, Feeds};
use crate::route::{Route, UnsafeRoute};
use crate::yaml::{Mistake, NodeContent, Setting};

/// A way to group posts: tags, authors, categories, or the keeper's own.
#[derive(Clone, Debug)]
pub struct Taxonomy {
    /// `tags`, `authors`, `categories` or the keeper's name for it.
    pub name: String,
    /// Title of the index page; the theme's own words where absent.
    pub title: Option<String>,
    /// Front-matter keys, lower case, in order of preference.
    pub keys: Vec<String>,
    pub folder: Route,
    /// Kinds of feed beside each term.
    pub feeds: Vec<FeedKind>,
    pub nested: Nested,
}

/// Whether terms stand below others: `技术/前端` below `技术`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Nested {
    No,
    /// Where a post says so by a list in its list.
    Paths,
    /// A list of names is one path, as in Hexo.
    Lists,
}

const KEYS: [&str; 5] = ["keys", "folder", "title", "feeds", "nested"];

impl Taxonomy {
    /// Reads the taxonomies: those that every site has, as `taxonomies` changes them, and those it
    /// adds.
    pub(super) fn read_all(typed: Setting<'_>, feeds: &Feeds) -> Result<Vec<Taxonomy>, Mistake> {
        let mut taxonomies = vec![
            Taxonomy::new("tags", &["tags", "tag"], feeds),
            Taxonomy::new("authors", &["authors", "author"], feeds),
            Taxonomy::new("categories", &["categories", "category"], feeds),
        ];
        for (name, typed) in typed.each()? {
            let index = taxonomies.iter().position(|taxonomy| taxonomy.name == name);
            match (typed.switch(), index) {
                (Ok(Some(false)), Some(index)) => drop(taxonomies.remove(index)),
                (Ok(Some(false)), None) => {}
                (_, Some(index)) => taxonomies[index].change(typed, feeds)?,
                (_, None) => taxonomies.push(Taxonomy::read(name, typed, feeds)?),
            }
        }
        for (index, taxonomy) in taxonomies.iter().enumerate() {
            if let Some(other) =
                taxonomies[..index].iter().find(|other| other.folder == taxonomy.folder)
            {
                let message = say!(
                    "`{}` and `{}` share the folder {}",
                    &other.name,
                    &taxonomy.name,
                    taxonomy.folder.path()
                );
                return Err(typed.get(&taxonomy.name).mistake(message));
            }
        }
        Ok(taxonomies)
    }

    fn new(name: &str, keys: &[&str], feeds: &Feeds) -> Taxonomy {
        Taxonomy {
            name: name.to_owned(),
            title: None,
            keys: keys.iter().map(|key| (*key).to_owned()).collect(),
            folder: Route::root().below(&format!("{name}/")),
            feeds: feeds.kinds.iter().map(|(kind, _)| *kind).collect(),
            nested: if name == "categories" { Nested::Paths } else { Nested::No },
        }
    }

    /// One of the keeper's own.
    fn read(name: &str, typed: Setting<'_>, feeds: &Feeds) -> Result<Taxonomy, Mistake> {
        if Route::parse(name).is_err() {
            return Err(typed.mistake(say!("`{}` cannot be the name of a taxonomy", name)));
        }
        let mut taxonomy = Taxonomy::new(name, &[&name.to_lowercase()], feeds);
        taxonomy.change(typed, feeds)?;
        Ok(taxonomy)
    }

    /// `true`, or a map of what is to be otherwise.
    fn change(&mut self, typed: Setting<'_>, feeds: &Feeds) -> Result<(), Mistake> {
        if let Ok(Some(_)) = typed.switch() {
            return Ok(());
        }
        let typed = typed.of_keys(&KEYS)?;
        if let Some(keys) = typed.get("keys").texts()? {
            self.keys = keys.iter().map(|key| key.to_lowercase()).collect();
        }
        let folder = typed.get("folder");
        if let Some(path) = folder.text()? {
            self.folder = Route::parse(&format!("/{}/", path.trim_matches('/'))).map_err(
                |UnsafeRoute(why)| folder.mistake(say!("the folder of `{}`: {}", &self.name, why)),
            )?;
        }
        self.title = typed.get("title").text()?.map(str::to_owned);
        self.nested = nested(&typed.get("nested"))?.unwrap_or(self.nested);
        if let Some(kinds) = kinds(&typed.get("feeds"), feeds)? {
            self.feeds = kinds;
        }
        Ok(())
    }
}

fn nested(typed: &Setting<'_>) -> Result<Option<Nested>, Mistake> {
    if let Ok(switch) = typed.switch() {
        return Ok(switch.map(|on| if on { Nested::Paths } else { Nested::No }));
    }
    match typed.text() {
        Ok(Some("lists")) => Ok(Some(Nested::Lists)),
        _ => Err(typed.mistake(say!("`nested` is `true`, `false` or `lists`"))),
    }
}

/// `true`, `false`, or a list of kinds of feed that the site has.
fn kinds(typed: &Setting<'_>, feeds: &Feeds) -> Result<Option<Vec<FeedKind>>, Mistake> {
    if let Ok(switch) = typed.switch() {
        return Ok(switch.filter(|on| !on).map(|_| Vec::new()));
    }
    let Some(NodeContent::List { .. }) = typed.content() else {
        return Err(typed.wrong(say!("`true`, `false` or a list of `rss`, `atom`, `json`")));
    };
    let kind = |item: &Setting<'_>| {
        let word = item.text()?.unwrap_or_default();
        let kind = feeds.kinds.iter().map(|(kind, _)| *kind).find(|kind| kind.word() == word);
        kind.ok_or_else(|| {
            item.mistake(say!(
                "`{}` is not a kind of feed switched on in `feeds` (rss, atom, json)",
                word
            ))
        })
    };
    typed.items()?.iter().map(kind).collect::<Result<Vec<FeedKind>, Mistake>>().map(Some)
}
