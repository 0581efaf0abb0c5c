//! The page of an article.

use std::io;

use serde::{Deserialize, Serialize};
use tera::Value;

use super::card::{Card, CardBody, LinkedTerm};
use super::catalogue::{Catalogue, Material};
use super::kind::{self, Made, PageKind};
use super::renderer::Renderer;
use super::text;
use crate::plan::{Indexing, Planner, RouteRole};
use crate::post::Post;
use crate::related::Related;
use crate::route::Route;
use crate::site::{Neighbours, PostId, Term};

/// The page of one post.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ArticlePage(PostId);

/// What the page of a post shows.
#[derive(Serialize)]
pub struct ArticleInputs<'e> {
    card: Card<'e>,
    body: CardBody<'e>,
    /// The posts around it; none where its template does not show them.
    neighbours: Option<Around<'e>>,
    /// The related posts; none where its template does not show them.
    related: Vec<RelatedPost<'e>>,
}

/// The posts before and after it: in time, and within its first author's and its source's.
#[derive(Serialize)]
struct Around<'e> {
    in_time: NeighbourPair<'e>,
    /// With the author's name and address.
    author: Option<(&'e str, &'e Route, NeighbourPair<'e>)>,
    /// With the host.
    origin: Option<(&'e str, NeighbourPair<'e>)>,
}

#[derive(Serialize)]
struct NeighbourPair<'e> {
    newer: Option<Card<'e>>,
    older: Option<Card<'e>>,
}

/// A related post and what both have.
#[derive(Serialize)]
struct RelatedPost<'e> {
    card: Card<'e>,
    names: Vec<&'e str>,
    tags: Vec<LinkedTerm<'e>>,
    words: Option<String>,
}

impl<'e> NeighbourPair<'e> {
    fn new(neighbours: Neighbours, of: Catalogue<'e>) -> NeighbourPair<'e> {
        let card = |id: Option<PostId>| id.map(|id| of.card(id));
        NeighbourPair { newer: card(neighbours.newer), older: card(neighbours.older) }
    }

    /// None where there is neither.
    fn if_any(neighbours: Neighbours, of: Catalogue<'e>) -> Option<NeighbourPair<'e>> {
        (neighbours != Neighbours::default()).then(|| NeighbourPair::new(neighbours, of))
    }

    fn values(&self) -> (Option<Value>, Option<Value>) {
        (self.newer.as_ref().map(Card::value), self.older.as_ref().map(Card::value))
    }
}

impl PageKind for ArticlePage {
    type Inputs<'e> = ArticleInputs<'e>;
    const TEMPLATE: Option<&'static str> = Some("post.html");

    fn plan<P: From<Self>>(of: Material<'_>, planner: &mut Planner<'_, P>) {
        for (id, post) in of.site.posts.iter().enumerate() {
            planner.add(
                post.route.clone(),
                RouteRole::Article(id),
                ArticlePage(id),
                Indexing::listed_if(post.in_sitemap && !post.noindex),
            );
        }
    }

    fn inputs<'e>(&self, of: Catalogue<'e>) -> ArticleInputs<'e> {
        let card = of.card(self.0);
        let template = kind::template(self, of.material).map(|name| of.template(&name));
        let shows =
            |variable: &str| template.is_some_and(|template| template.mentions.has(variable));
        ArticleInputs {
            card,
            body: of.body(card),
            neighbours: shows("neighbours").then(|| around(self.0, of)),
            related: if shows("related") { related(self.0, of) } else { Vec::new() },
        }
    }

    fn shows_none_of(&self, posts: &[PostId], of: Catalogue<'_>) -> bool {
        let site = of.material.site;
        let pairs = [
            Some(site.neighbours(self.0)),
            author(self.0, of.material).map(|author| site.neighbours_in(author, self.0)),
            site.neighbours_by_origin(self.0).map(|(_, neighbours)| neighbours),
        ];
        let around = pairs.into_iter().flatten().flat_map(|pair| [pair.newer, pair.older]);
        let related = of.related(self.0);
        let related = related.iter().map(|related| related.post as usize);
        let mut shown = around.flatten().chain(related).chain([self.0]);
        !shown.any(|id| posts.contains(&id))
    }

    fn make<'e>(of: ArticleInputs<'e>, renderer: &mut Renderer<'e>) -> io::Result<Made<'e>> {
        let article = renderer.article(&of.body)?;
        let mut context = text::context("post", &of.card, &article, renderer);
        if let Some(neighbours) = &of.neighbours {
            context.insert("neighbours", &neighbours.view(renderer));
        }
        let related: Vec<RelatedView> =
            of.related.iter().map(|related| related.view(renderer)).collect();
        context.insert("related", &related);
        Ok(Made::View(context))
    }

    fn layout<'e>(&self, of: Material<'e>) -> Option<&'e str> {
        of.site.posts[self.0].layout.as_deref()
    }

    fn bodies<'e>(&self, of: Material<'e>) -> Vec<&'e Post> {
        vec![&of.site.posts[self.0]]
    }

    fn weight(&self, of: Material<'_>) -> u64 {
        u64::from(of.site.posts[self.0].length.words)
    }
}

/// Returns the first author of a post.
fn author(id: PostId, of: Material<'_>) -> Option<&Term> {
    let index = of.config.taxonomy("authors")?;
    of.site.term(index, of.site.posts[id].terms[index].first()?)
}

fn around(id: PostId, of: Catalogue<'_>) -> Around<'_> {
    let site = of.material.site;
    let author = author(id, of.material).and_then(|term| {
        Some((
            term.name.as_str(),
            &term.route,
            NeighbourPair::if_any(site.neighbours_in(term, id), of)?,
        ))
    });
    let origin = site
        .neighbours_by_origin(id)
        .and_then(|(host, neighbours)| Some((host, NeighbourPair::if_any(neighbours, of)?)));
    Around { in_time: NeighbourPair::new(site.neighbours(id), of), author, origin }
}

fn related(id: PostId, of: Catalogue<'_>) -> Vec<RelatedPost<'_>> {
    let Material { site, config, .. } = of.material;
    let taxonomy = config.taxonomy("tags");
    let own = taxonomy.map_or(&[][..], |taxonomy| &site.posts[id].terms[taxonomy]);
    let related = |related: Related| {
        let names: Vec<&str> = related.tags(own).map(String::as_str).collect();
        let link = |name: &&str| Some(of.linked_term(taxonomy?, site.term_id(taxonomy?, name)?));
        // Not its place, which changes for all when a post comes.
        let card = of.card(related.post as usize);
        RelatedPost {
            card,
            tags: names.iter().filter_map(link).collect(),
            names,
            words: related.words.map(String::from),
        }
    };
    of.related(id).into_iter().map(related).collect()
}

impl Around<'_> {
    fn view(&self, renderer: &Renderer<'_>) -> NeighboursView {
        let series = |name: &str, href: Option<String>, pair: &NeighbourPair<'_>| {
            let (newer, older) = pair.values();
            SeriesView { name: name.to_owned(), href, newer, older }
        };
        let (newer, older) = self.in_time.values();
        NeighboursView {
            newer,
            older,
            author: self.author.as_ref().map(|(name, route, pair)| {
                series(name, Some(renderer.config.base.href(route)), pair)
            }),
            origin: self.origin.as_ref().map(|(host, pair)| series(host, None, pair)),
        }
    }
}

impl RelatedPost<'_> {
    fn view(&self, renderer: &Renderer<'_>) -> RelatedView {
        RelatedView {
            post: self.card.value(),
            tags: self.tags.iter().map(LinkedTerm::value).collect(),
            reason: self.reason(renderer),
            words: self.words.clone(),
        }
    }

    /// `同标签 余凯、谷歌；标题同有“人工智能”`.
    fn reason(&self, renderer: &Renderer<'_>) -> String {
        let joined = || self.names.join(&renderer.theme.word("list_and"));
        let tags = (!self.names.is_empty())
            .then(|| renderer.phrase("related_tags", &[("tags", joined())]));
        let words =
            self.words.clone().map(|words| renderer.phrase("related_words", &[("words", words)]));
        let parts: Vec<String> = tags.into_iter().chain(words).collect();
        parts.join(&renderer.theme.word("related_and"))
    }
}

/// `neighbours`.
#[derive(Debug, Serialize)]
struct NeighboursView {
    newer: Option<Value>,
    older: Option<Value>,
    author: Option<SeriesView>,
    origin: Option<SeriesView>,
}

/// Neighbours within one author or source.
#[derive(Debug, Serialize)]
struct SeriesView {
    name: String,
    href: Option<String>,
    newer: Option<Value>,
    older: Option<Value>,
}

/// A related post, what it shares with this one, and that in a sentence.
#[derive(Debug, Serialize)]
struct RelatedView {
    post: Value,
    /// A list of the card's own links to terms.
    tags: Vec<Value>,
    words: Option<String>,
    reason: String,
}
