//! Whatever is edited, in whatever order: a build leaves the tree that a fresh build of the same
//! sources leaves, and says the same.
//!
//! Sequences of edits are drawn at random, the same ones in every run. `PROPTEST_CASES` asks for
//! more of them, `PROPTEST_RNG_SEED` for others.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::strategy::ValueTree;
use proptest::test_runner::{RngSeed, TestRunner};
use rayon::prelude::*;

use crate::{Site, diagnostics, json_lines, text, tree};

/// Names, and the values each can have, the usual one first. An empty value is none: the key, the
/// file or the post is not there.
type Choices = &'static [(&'static str, &'static [&'static str])];
pub(super) type Tree = BTreeMap<String, Vec<u8>>;

/// Keys of `site.yaml`.
const SETTINGS: Choices = &[
    ("title", &["旧文", "新文", "A & B"]),
    ("description", &["一座档案。", ""]),
    ("base_url", &["https://example.org", "https://example.org/sub/", ""]),
    ("language", &["zh-Hans", "en", "zh-TW"]),
    ("timezone", &["Asia/Shanghai", "UTC"]),
    ("author", &["", "编者"]),
    ("theme", &["mine", "jian", "su", "zhi"]),
    (
        "permalink",
        &[
            "/:year/:month/:day/:title/",
            "/:year/:pinyin/",
            "/:title.html",
            "date",
            "/:categories/:rating/:title/",
        ],
    ),
    ("compat", &["none", "jekyll"]),
    ("future", &["hold", "publish"]),
    ("paginate", &["2", "3", "50"]),
    ("reading_speed", &["400", "50"]),
    (
        "feeds",
        &[
            "{limit: 4}",
            "{terms: {content: full, limit: 2}}",
            "{rss: index.xml, json: false, content: summary}",
        ],
    ),
    (
        "taxonomies",
        &[
            "",
            "{tags: {feeds: [atom]}, series: {title: 连载}}",
            "{authors: {folder: author}, categories: false}",
            "{categories: {nested: lists}}",
        ],
    ),
    (
        "markdown",
        &["{liquid: true}", "", "{liquid: true, structure: true}", "{smart_punctuation: true}"],
    ),
    ("security", &["", "{html: strip}", "{html: raw}", "{csp: false}"]),
    ("urls", &["", "{style: explicit}", "{case: sensitive}"]),
    (
        "defaults",
        &[
            "",
            "[{path: posts, values: {author: 众人}}]",
            "[{path: posts/深, values: {noindex: true, lang: en, tags: [深]}}, {path: posts, values: {rating: 1}}]",
        ],
    ),
    ("highlight", &["true", "false"]),
    ("keywords", &["off", "{mode: auto, count: 2, dictionary: words.txt}"]),
    ("nav", &["", "[{title: 关于, url: /about/}]"]),
    ("extra", &["", "{measure: 30, motto: 慢}", "{greeting: 你好, accent: \"#123456\"}"]),
];

/// What a post is made of: its file's name, keys of its front matter, and the pieces of its text.
/// `NN` is the number of the post.
const POST: Choices = &[
    (
        "name",
        &[
            "2023-01-NN-篇NN.md",
            "2024-02-NN-moved-NN.md",
            "深/篇NN.md",
            "深/2023-01-NN_篇NN/index.md",
            "",
        ],
    ),
    ("title", &["第 NN 篇", "人工智能与风 NN", "人工智能与雨 NN", "\"他说“好” NN\"", ""]),
    ("date", &["", "2023-06-01 08:00", "2031-05-05", "2024-01-01T10:00:00+09:00", "昨天"]),
    ("author", &["林间书", "许望舒", "[许望舒, 沈复言]", ""]),
    ("tags", &["[风, 雨]", "[风, 雪]", "[雨, C++]", "风", ""]),
    ("categories", &["", "随笔", "[随笔, 科学]", "[[随笔, 科学], 诗]"]),
    ("series", &["", "四季"]),
    ("description", &["", "另写的摘要。"]),
    ("aliases", &["", "/old/NN.html", "[/old/NN/, /old/x]"]),
    ("cover", &["", "/img/a.png", "图.png"]),
    ("lang", &["", "en"]),
    ("layout", &["", "essay", "none"]),
    ("draft", &["", "true"]),
    ("unlisted", &["", "true"]),
    ("publishDate", &["", "2024-01-05", "2025-01-05"]),
    ("expiryDate", &["", "2024-02-01"]),
    ("slug", &["", "own-NN", "same"]),
    ("noindex", &["", "true"]),
    ("from", &["", "https://paper.example/NN"]),
    ("rating", &["3", "5", ""]),
    (
        "beginning",
        &[
            "风从海上来，一共 NN 次。",
            "雨从山上来，一共 NN 次。",
            "It begins in English.",
            "**第一章**\n\n雨下了一夜。",
        ],
    ),
    ("draft-number", &["1", "2", "3"]),
    (
        "code",
        &[
            "",
            "```json\n[NN, true]\n```",
            "```json\n[NN, null]\n```",
            "```diff\n- a\n+ b\n```",
            "```nope\n+\n```",
        ],
    ),
    (
        "ending",
        &[
            "",
            "又一段。",
            "![图](图.png) <img src=\"../图.png\">",
            "参考资料\n\n[1] 某书",
            "[页](../pages/about.md)，[无](nowhere.md)，{{ site.title }}，$x$。",
        ],
    ),
    ("damage", &["", "no key", "draft true", NOT_UTF8]),
];

/// Stands for bytes that a text of Rust cannot hold.
const NOT_UTF8: &str = "\u{fffd}";

/// Looks at nearly all that a post can look at.
const OWN_POST: &str = "{% extends \"theme/post.html\" %}{% block main %}{{ super() }}{{ site.posts }}\
    {% for year in site.layout.years %}{{ year.year }}:{{ year.count }} {% endfor %}\
    {% for kin in related %}{{ kin.reason }} {{ kin.post.summary }}{% endfor %}\
    {% if neighbours.older %}{{ neighbours.older.words }}{% endif %}{% include \"colophon.html\" %}{% endblock %}";

/// Files beside the posts. The text of an image is its size.
const FILES: Choices = &[
    (
        "pages/about.md",
        &[
            "---\ntitle: 关于\nrating: 4\n---\n见[首篇](../posts/2023-01-01-篇01.md)。\n",
            "# 关于\n\n改了。\n",
            "",
        ],
    ),
    ("posts/图.png", &["", "60x40", "40x60"]),
    ("posts/深/图.png", &["", "30x40"]),
    (
        "posts/深/_index.md",
        &["", "---\ntitle: 深处\n---\n深处的文字。![图](../图.png)\n", "深处。"],
    ),
    ("pages/index.html", &["", "<p>自己的首页</p>"]),
    ("pages/plain.txt", &["甲", "乙"]),
    ("static/img/a.png", &["60x40", "40x60", "40x600", ""]),
    ("static/img/late.png", &["", "8x8"]),
    ("static/robots.txt", &["", "User-agent: *\n"]),
    ("static/CNAME", &["example.org", "example.net"]),
    (
        "data/authors.yaml",
        &[
            "林间书: {url: https://a.example, bio: 写旧事。}\n",
            "林间书: {bio: 写新事。}\n",
            "- name: 许望舒\n",
            "",
        ],
    ),
    ("data/shelf.yaml", &["a: 1\n", "a: 2\n", ""]),
    ("includes/note.md", &["**{{ include.text }}**", "*{{ include.text }}*", ""]),
    ("words.txt", &["海上来\n", "山上来\n"]),
    (
        "templates/post.html",
        &[OWN_POST, "", "{{ article.html }}", "{{ post.title }} {{ post.extra.rating }}"],
    ),
    (
        "templates/colophon.html",
        &[
            "{{ t.home }} {{ site.generator }}",
            "{{ site.data | json }}",
            "{{ page.title }} {{ site.last_year }}",
        ],
    ),
    (
        "templates/home.html",
        &["", "{% for post in list.posts %}{{ post.title }} {{ post.minutes }}{% endfor %}"],
    ),
    (
        "templates/card.html",
        &[
            "",
            "<li>{{ post.title }} {{ post.groups | json }}</li>",
            "<li>{{ post.summary }}{{ post.cover }}</li>",
        ],
    ),
    (
        "templates/404.html",
        &[
            "",
            "{% for post in newest %}{{ post.href }} {{ post.updated }}{% endfor %}",
            "什么也没有",
        ],
    ),
    (
        "templates/layouts/essay.html",
        &[
            "{% extends \"post.html\" %}",
            "{{ post.title }} {% include \"colophon.html\" %}",
            "{{ article.outline | length }}",
            "",
        ],
    ),
    ("assets/own.css", &["p{}", "q{}", ""]),
    ("assets/style.css", &["", "body{}"]),
    ("assets/words.js.tera", &["// {{ t.home }}", "// {{ language }} {{ options | json }}", ""]),
    ("i18n/zh-Hans.yaml", &["", "home: 门口\narchive: 旧目\n", "home: 院子\narchive: 总目\n"]),
    ("i18n/en.yaml", &["", "home: Door\n"]),
    (
        "themes/mine/theme.yaml",
        &[
            "options: {greeting: {type: text, default: 早}}\n",
            "options: {greeting: {type: text, default: 晚}}\n",
        ],
    ),
    (
        "themes/mine/templates/list.html",
        &[
            "",
            "{{ options.greeting }} {{ list.total }}{% include \"card.html\" %}",
            "{{ page.title }}",
        ],
    ),
    (
        "themes/mine/templates/terms.html",
        &[
            "{% for term in terms %}{{ term.name }} {{ term.count }} {{ term.about | json }}{% endfor %}",
            "",
        ],
    ),
    ("themes/mine/assets/mine.css.tera", &["p{content:\"{{ options.greeting }}\"}", "q{}"]),
    (
        "themes/mine/i18n/zh-Hans.yaml",
        &["count_words: \"{n} 言\"\n", "count_words: \"{n} 个字\"\n"],
    ),
];

/// Edits that end a build or spoil every page of a kind. They are taken back at once, as a keeper
/// would.
const FAULTS: &[Edit] = &[
    Edit::Setting("paginate", "0"),
    Edit::Setting("theme", "nowhere"),
    Edit::File("data/authors.yaml", "a: [", Time::Now),
    Edit::File("i18n/zh-Hans.yaml", "home: [", Time::Now),
    Edit::File("assets/words.js.tera", "{{ nope }}", Time::Now),
    Edit::File("templates/colophon.html", "{% if %}", Time::Now),
    Edit::File("templates/colophon.html", "{{ nope }}", Time::Now),
    Edit::File("templates/post.html", "{{ post.nope }}", Time::Now),
    Edit::File("templates/home.html", "{{ list.nope }}", Time::Now),
    Edit::File("templates/card.html", "{{ post.nope }}", Time::Now),
    Edit::File("templates/redirect.html", "{{ nope }}", Time::Now),
];

/// November 2023, March 2024, and June 2031: before and after the posts with a date in the future.
pub(super) const CLOCKS: &[&str] = &["1700000000", "1710000000", "1940000000"];

const FLAGS: &[Flags] = &[
    &["--drafts"],
    &["--future"],
    &["--base-url", "https://other.example/x/"],
    &["--drafts", "--future"],
];

const POSTS: usize = 14;
/// The last posts are not there at the beginning.
const AT_FIRST: usize = 12;
pub(super) const EDITS_OF_A_SITE: usize = 12;

/// What happens to a site between two builds.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    /// A key of `site.yaml` gets a value.
    Setting(&'static str, &'static str),
    /// The file of a path gets a text.
    File(&'static str, &'static str, Time),
    /// A piece of a post gets a value. Another name moves its file.
    Post(usize, &'static str, &'static str, Time),
    /// The same bytes at a later time.
    Touch(usize),
    /// All files are copies, of the cache and of the output as well.
    Clone,
    Clock(&'static str),
    Output(Meddling),
    Cache(Harm),
}

/// The time of a file that is written: now, or set back to what it was, as tools that copy do. Such
/// a time says nothing of the bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Time {
    Now,
    Kept,
}

/// What others do in the output folder.
#[derive(Clone, Debug)]
pub(super) enum Meddling {
    Delete(Index),
    Lengthen(Index),
    /// One byte becomes another.
    Alter(Index),
    Clear,
    /// The folder is emptied, and a file put where a page will come.
    Foreign(Index),
}

/// What can become of `.sitegen`.
#[derive(Clone, Debug)]
pub(super) enum Harm {
    Delete,
    Cut(Index, Index),
    Flip(Index, Index),
    /// It is that of another site.
    Swap,
    /// It is as it was after an earlier build.
    Age(Index),
}

pub(super) type Flags = &'static [&'static str];

/// How a site is built after an edit.
#[derive(Clone, Debug, Default)]
pub(super) struct Build {
    flags: Flags,
    /// Two builds run at the same time before the one that is looked at.
    twice: bool,
    /// Another build follows, which has nothing to do.
    again: bool,
}

#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) edit: Edit,
    build: Build,
    taken_back: bool,
}

/// Every value of every table once, and what else can happen a few times, in any order.
pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let flags = prop_oneof![5 => Just(&[][..]), 1 => select(FLAGS)];
    let build = (flags, prop::bool::weighted(0.1), prop::bool::weighted(0.2));
    let build = build.prop_map(|(flags, twice, again)| Build { flags, twice, again });
    let step = |edit| {
        (edit, build.clone(), prop::bool::weighted(0.1))
            .prop_map(|(edit, build, taken_back)| Step { edit, build, taken_back })
    };
    let faults = FAULTS.iter().map(|edit| Step {
        edit: edit.clone(),
        build: Build::default(),
        taken_back: true,
    });
    let steps: Vec<_> = edits()
        .into_iter()
        .map(|edit| step(edit).boxed())
        .chain(faults.map(|step| Just(step).boxed()))
        .collect();
    steps.prop_shuffle()
}

fn edits() -> Vec<BoxedStrategy<Edit>> {
    let pairs = |choices: Choices| {
        choices.iter().flat_map(|(name, values)| values.iter().map(|value| (*name, *value)))
    };
    let time = || prop_oneof![2 => Just(Time::Now), 1 => Just(Time::Kept)];
    let post = |(piece, value)| {
        (0..POSTS, time())
            .prop_map(move |(number, time)| Edit::Post(number, piece, value, time))
            .boxed()
    };
    let file = |(path, text)| time().prop_map(move |time| Edit::File(path, text, time)).boxed();
    let mut edits: Vec<_> = pairs(POST).map(post).chain(pairs(FILES).map(file)).collect();
    edits.extend(pairs(SETTINGS).map(|(key, value)| Just(Edit::Setting(key, value)).boxed()));
    let index = any::<Index>;
    for _ in 0..4 {
        edits.extend([
            (0..POSTS).prop_map(Edit::Touch).boxed(),
            Just(Edit::Clone).boxed(),
            // Neither time nor size tells that this post is another.
            (0..AT_FIRST, select(&["1", "2", "3"][..]))
                .prop_map(|(post, value)| Edit::Post(post, "draft-number", value, Time::Kept))
                .boxed(),
            select(CLOCKS).prop_map(Edit::Clock).boxed(),
            index().prop_map(|file| Edit::Output(Meddling::Delete(file))).boxed(),
            index().prop_map(|file| Edit::Output(Meddling::Lengthen(file))).boxed(),
            index().prop_map(|file| Edit::Output(Meddling::Alter(file))).boxed(),
            Just(Edit::Output(Meddling::Clear)).boxed(),
            index().prop_map(|file| Edit::Output(Meddling::Foreign(file))).boxed(),
            Just(Edit::Cache(Harm::Delete)).boxed(),
            (index(), index()).prop_map(|(file, at)| Edit::Cache(Harm::Cut(file, at))).boxed(),
            (index(), index()).prop_map(|(file, at)| Edit::Cache(Harm::Flip(file, at))).boxed(),
            Just(Edit::Cache(Harm::Swap)).boxed(),
            index().prop_map(|build| Edit::Cache(Harm::Age(build))).boxed(),
        ]);
    }
    edits
}

#[test]
fn edits_leave_what_a_fresh_build_leaves() {
    let mut config = ProptestConfig::default();
    let least =
        if std::env::var_os("PROPTEST_CASES").is_some() { config.cases as usize } else { 1 };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    let drawn_with = config.rng_seed;
    let mut runner = TestRunner::new(config);
    let mut cases: Vec<(u16, Vec<Step>)> = Vec::new();
    while cases.len() < least {
        let steps = steps().new_tree(&mut runner).expect("edits can be drawn").current();
        let sites = vec(any::<u16>(), steps.len())
            .new_tree(&mut runner)
            .expect("sites can be drawn")
            .current();
        cases.extend(sites.into_iter().zip(steps.chunks(EDITS_OF_A_SITE).map(<[Step]>::to_vec)));
    }
    let failed = cases
        .into_par_iter()
        .find_map_first(|(seed, steps)| run(seed, &steps).err().map(|why| (seed, steps, why)));
    if let Some((seed, steps, why)) = failed {
        let (steps, why) = needed(|steps| run(seed, steps), steps, why);
        let steps = steps.iter().map(|step| format!("  {step:?}\n")).collect::<Vec<_>>().concat();
        panic!("PROPTEST_RNG_SEED={drawn_with}, site {seed}, edits:\n{steps}{why}");
    }
}

/// The steps that a failure of `run` needs, and how it is with these.
pub(super) fn needed(
    run: impl Fn(&[Step]) -> Result<(), String>,
    mut steps: Vec<Step>,
    mut why: String,
) -> (Vec<Step>, String) {
    let without = |steps: &[Step], at: usize| [&steps[..at], &steps[at + 1..]].concat();
    let fails = |steps: Vec<Step>| run(&steps).err().map(|why| (steps, why));
    while let Some(fewer) = (0..steps.len()).rev().find_map(|at| fails(without(&steps, at))) {
        (steps, why) = fewer;
    }
    (steps, why)
}

fn run(seed: u16, steps: &[Step]) -> Result<(), String> {
    let mut archive = Archive::new(seed);
    archive.build(&Build::default()).map_err(|why| format!("before any edit: {why}"))?;
    assert!(archive.site.tree().len() > 30, "site {seed} is not worth an edit");
    for step in steps {
        if archive.stands(&step.edit) {
            continue;
        }
        let former = archive.apply(&step.edit);
        archive.build(&step.build).map_err(|why| format!("after {:?}: {why}", step.edit))?;
        if let Some(former) = former.filter(|_| step.taken_back) {
            archive.apply(&former);
            archive
                .build(&Build::default())
                .map_err(|why| format!("after {:?} was taken back: {why}", step.edit))?;
        }
    }
    Ok(())
}

/// All that a fresh build depends on: the site's files, the clock, the flags, and the files of
/// others.
type Sources = (Tree, &'static str, Flags, Tree);
/// What a fresh build says and leaves.
pub(super) type Fresh = (Report, Tree);

/// A site that is edited, and what is known of it.
pub(super) struct Archive {
    seed: u16,
    pub(super) site: Site,
    pub(super) settings: BTreeMap<&'static str, &'static str>,
    files: BTreeMap<&'static str, &'static str>,
    posts: Vec<BTreeMap<&'static str, &'static str>>,
    clock: &'static str,
    /// Files in the output folder that no build made.
    foreign: Tree,
    /// `.sitegen` after each build.
    caches: Vec<Tree>,
    known: Vec<(Sources, Fresh)>,
}

impl Archive {
    pub(super) fn new(seed: u16) -> Archive {
        let start = |choices: Choices, salt: usize| -> BTreeMap<_, _> {
            let value = |values: &[&'static str], place| {
                *values.get(draw(seed, place) % (2 * values.len())).unwrap_or(&values[0])
            };
            choices
                .iter()
                .zip(salt..)
                .map(|((name, values), place)| (*name, value(values, place)))
                .collect()
        };
        let mut posts: Vec<_> = (0..POSTS).map(|number| start(POST, 100 * number)).collect();
        for (number, post) in posts.iter_mut().enumerate() {
            post.insert("name", if number < AT_FIRST { POST[0].1[0] } else { "" });
            // Too few would be shown at first.
            for piece in ["damage", "unlisted", "publishDate", "expiryDate"] {
                post.insert(piece, "");
            }
        }
        let (mut settings, files) = (start(SETTINGS, 10_000), start(FILES, 20_000));
        // A fresh build loads the dictionary each time, so only edits bring keywords.
        settings.insert("keywords", "off");
        let site = Site::new(&[]);
        let archive = Archive {
            seed,
            site,
            settings,
            files,
            posts,
            clock: CLOCKS[0],
            foreign: Tree::new(),
            caches: Vec::new(),
            known: Vec::new(),
        };
        archive.write_settings();
        for (path, text) in &archive.files {
            archive.write_file(path, text, Time::Now);
        }
        for number in 0..POSTS {
            archive.write_post(number, Time::Now);
        }
        archive
    }

    /// Whether the site is already as the edit would leave it.
    pub(super) fn stands(&self, edit: &Edit) -> bool {
        match edit {
            Edit::Setting(key, value) => self.settings[key] == *value,
            Edit::File(path, text, _) => self.files.get(path).unwrap_or(&"") == text,
            Edit::Post(number, piece, value, _) => {
                self.posts[*number][piece] == *value
                    || (self.posts[*number]["name"].is_empty() && *piece != "name")
            }
            Edit::Clock(clock) => self.clock == *clock,
            Edit::Touch(_) | Edit::Clone | Edit::Output(_) | Edit::Cache(_) => false,
        }
    }

    /// Edits the site, and returns the edit that takes it back, if there is one.
    pub(super) fn apply(&mut self, edit: &Edit) -> Option<Edit> {
        match edit {
            Edit::Setting(key, value) => {
                let former = self.settings.insert(key, value).unwrap_or("");
                self.write_settings();
                Some(Edit::Setting(key, former))
            }
            Edit::File(path, text, time) => {
                let former = self.files.insert(path, text).unwrap_or("");
                self.write_file(path, text, *time);
                Some(Edit::File(path, former, *time))
            }
            Edit::Post(number, piece, value, time) => {
                let path = self.path_of(*number);
                let former = self.posts[*number].insert(piece, value).unwrap_or("");
                self.move_post(path, self.path_of(*number));
                self.write_post(*number, *time);
                Some(Edit::Post(*number, piece, former, *time))
            }
            Edit::Touch(number) => {
                self.write_post(*number, Time::Now);
                None
            }
            Edit::Clone => {
                copy_all(&self.site);
                None
            }
            Edit::Clock(clock) => Some(Edit::Clock(std::mem::replace(&mut self.clock, clock))),
            Edit::Output(meddling) => {
                self.meddle(meddling);
                None
            }
            Edit::Cache(harm) => {
                self.harm(harm);
                None
            }
        }
    }

    fn write_settings(&self) {
        let lines = SETTINGS.iter().map(|(key, _)| (*key, self.settings[key]));
        self.site.write("site.yaml", yaml(lines));
    }

    fn write_file(&self, path: &str, text: &str, time: Time) {
        let bytes = if path.ends_with(".png") { png(text) } else { text.into() };
        self.write(path, (!text.is_empty()).then_some(bytes), time);
    }

    fn write_post(&self, number: usize, time: Time) {
        if let Some(path) = self.path_of(number) {
            self.write(&path, Some(self.post(number)), time);
        }
    }

    fn path_of(&self, number: usize) -> Option<String> {
        let name = self.posts[number]["name"].replace("NN", &format!("{:02}", number + 1));
        (!name.is_empty()).then(|| format!("posts/{name}"))
    }

    fn move_post(&self, from: Option<String>, to: Option<String>) {
        match (from, to) {
            (Some(from), Some(to)) if from != to => {
                self.site.write(&to, "");
                std::fs::rename(self.site.path().join(from), self.site.path().join(to))
                    .expect("the post is there");
            }
            (Some(from), None) => self.site.remove(&from),
            _ => {}
        }
    }

    fn post(&self, number: usize) -> Vec<u8> {
        let post = &self.posts[number];
        let is_key = |name: &str| {
            !["name", "beginning", "draft-number", "code", "ending", "damage"].contains(&name)
        };
        let keys =
            yaml(POST.iter().map(|(key, _)| (*key, post[key])).filter(|(key, _)| is_key(key)));
        let (next, other) = ((number + 1) % POSTS + 1, (number + 5) % POSTS + 1);
        let links = format!(
            "[下篇](2023-01-{next:02}-篇{next:02}.md)、[另篇](/2023/01/{other:02}/篇{other:02}/)、[某篇](深/篇{other:02}.md)"
        );
        let body = format!(
            "{}\n\n第 {} 稿[^1]。见{links}。\n\n![图](/img/a.png)\n\n{}\n\n<b onclick=\"x()\">粗</b> {{% include note.md text=\"好\" %}}\n\n{}\n\n[^1]: 注\n",
            post["beginning"], post["draft-number"], post["code"], post["ending"]
        );
        let damage = post["damage"].replace(NOT_UTF8, "");
        let mut bytes = format!("---\n{keys}{damage}\n---\n{body}")
            .replace("NN", &format!("{:02}", number + 1))
            .into_bytes();
        if post["damage"] == NOT_UTF8 {
            bytes.push(0xff);
        }
        bytes
    }

    /// Writes a file, or removes it.
    fn write(&self, path: &str, bytes: Option<Vec<u8>>, time: Time) {
        let place = self.site.path().join(path);
        let former = std::fs::metadata(&place).and_then(|metadata| metadata.modified()).ok();
        match (bytes, former) {
            (Some(bytes), former) => {
                self.site.write(path, bytes);
                if let Some(former) = former.filter(|_| time == Time::Kept) {
                    let file = std::fs::OpenOptions::new()
                        .write(true)
                        .open(&place)
                        .expect("the file is there");
                    file.set_modified(former).expect("times can be set");
                }
            }
            (None, Some(_)) => self.site.remove(path),
            (None, None) => {}
        }
    }

    fn meddle(&mut self, meddling: &Meddling) {
        let output = self.site.path().join("output");
        let files: Vec<(String, Vec<u8>)> = tree_if_any(&output)
            .into_iter()
            .filter(|(file, _)| !self.foreign.contains_key(file))
            .collect();
        let write = |file: &str, bytes: &[u8]| self.site.write(&format!("output/{file}"), bytes);
        match meddling {
            _ if files.is_empty() => {}
            Meddling::Delete(at) => self.site.remove(&format!("output/{}", at.get(&files).0)),
            Meddling::Lengthen(at) => {
                write(&at.get(&files).0, &[&at.get(&files).1[..], b"more"].concat());
            }
            Meddling::Alter(at) => write(&at.get(&files).0, &flipped(&at.get(&files).1, *at)),
            Meddling::Clear => {
                std::fs::remove_dir_all(output).expect("the folder can be removed");
                self.foreign.clear();
            }
            Meddling::Foreign(at) => {
                self.meddle(&Meddling::Clear);
                self.take_place_of(&at.get(&files).0);
            }
        }
    }

    fn take_place_of(&mut self, file: &str) {
        self.site.write(&format!("output/{file}"), "foreign");
        self.foreign.insert(file.to_owned(), b"foreign".into());
    }

    fn harm(&self, harm: &Harm) {
        let folder = self.site.path().join(".sitegen");
        let files: Vec<(String, Vec<u8>)> = tree_if_any(&folder).into_iter().collect();
        let write = |file: &str, bytes: &[u8]| self.site.write(&format!(".sitegen/{file}"), bytes);
        let replace = |cache: &Tree| {
            let _ = std::fs::remove_dir_all(&folder);
            for (file, bytes) in cache {
                write(file, bytes);
            }
        };
        match harm {
            Harm::Delete => replace(&Tree::new()),
            Harm::Age(at) => replace(at.get(&self.caches)),
            Harm::Swap => {
                let other = Archive { clock: self.clock, ..Archive::new(self.seed ^ 1) };
                command(other.site.path(), other.clock, &[]).output().expect("the program runs");
                replace(&tree_if_any(&other.site.path().join(".sitegen")));
            }
            _ if files.is_empty() => {}
            Harm::Cut(file, at) => {
                let (file, bytes) = file.get(&files);
                write(file, &bytes[..at.index(bytes.len() + 1)]);
            }
            Harm::Flip(file, at) => {
                let (file, bytes) = file.get(&files);
                write(file, &flipped(bytes, *at));
            }
        }
    }

    /// Builds, and compares with a fresh build of the same sources.
    fn build(&mut self, step: &Build) -> Result<(), String> {
        let (due, fresh) = self.fresh(step.flags)?;
        let output = self.site.path().join("output");
        let build =
            || command(self.site.path(), self.clock, step.flags).spawn().expect("the program runs");
        let report =
            |build: Child| Report::of(&build.wait_with_output().expect("the program ends"));
        let before = built(&output);
        if step.twice {
            for build in [build(), build()] {
                report(build).ok();
            }
        }
        let said = report(build())?;
        let found = built(&output);
        if said.status == due.status {
            // A page that differs says more than the sum of bytes in the report.
            compare(&due.tree(fresh, &before, &found), &found)?;
        }
        said.compare(&due)?;
        if step.again {
            let again = report(build())?;
            again.compare(&due).map_err(|why| format!("in a second build: {why}"))?;
            compare(&found, &built(&output)).map_err(|why| format!("in a second build: {why}"))?;
            if (again.written, again.removed) != (0, 0) {
                return Err(format!(
                    "a second build wrote {} files and removed {}",
                    again.written, again.removed
                ));
            }
        }
        self.caches.push(tree_if_any(&self.site.path().join(".sitegen")));
        Ok(())
    }

    /// Builds into an empty folder, with `.sitegen` put aside. Sources that were there before, as
    /// when an edit is taken back, are not built again.
    pub(super) fn fresh(&mut self, flags: Flags) -> Result<Fresh, String> {
        let mut sources = tree(self.site.path());
        sources.retain(|path, _| !path.starts_with("output/"));
        let sources = (sources, self.clock, flags, self.foreign.clone());
        if let Some((_, known)) = self.known.iter().find(|(of, _)| *of == sources) {
            return Ok(known.clone());
        }
        let aside = Site::new(&[]);
        let output = aside.path().join("output");
        for (file, bytes) in &self.foreign {
            aside.write(&format!("output/{file}"), bytes);
        }
        let caches = [self.site.path(), aside.path()].map(|folder| folder.join(".sitegen"));
        let is_kept = std::fs::rename(&caches[0], &caches[1]).is_ok();
        let said = command(self.site.path(), self.clock, flags)
            .arg("-o")
            .arg(&output)
            .output()
            .expect("the program runs");
        let _ = std::fs::remove_dir_all(&caches[0]);
        if is_kept {
            std::fs::rename(&caches[1], &caches[0]).expect("the cache can be put back");
        }
        let fresh = (Report::of(&said)?, built(&output));
        self.known.push((sources, fresh.clone()));
        Ok(fresh)
    }
}

fn command(site: &Path, clock: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sitegen"));
    command.args(["build", "--format", "json", "-s"]).arg(site).args(flags);
    command
        .env("SOURCE_DATE_EPOCH", clock)
        .env("LC_ALL", "C")
        .env("RUST_BACKTRACE", "0")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a build said, without what it did to get there.
#[derive(Clone)]
pub(super) struct Report {
    pub(super) status: Option<i32>,
    lines: Vec<serde_json::Value>,
    written: u64,
    removed: u64,
}

impl Report {
    fn of(output: &Output) -> Result<Report, String> {
        if !matches!(output.status.code(), Some(0..=2)) {
            return Err(format!("{}: {}", output.status, text(&output.stderr)));
        }
        let mut report = Report {
            status: output.status.code(),
            lines: json_lines(&output.stdout),
            written: 0,
            removed: 0,
        };
        let is_of_cache = |line: &serde_json::Value| {
            line["path"].as_str().is_some_and(|path| path.starts_with(".sitegen/"))
        };
        let notes = report.lines.extract_if(.., |line| is_of_cache(line)).collect::<Vec<_>>();
        if let Some(line) = notes.iter().find(|line| line["severity"] != "note") {
            return Err(format!(
                "a cache is a shortcut only, and all that can be said of it is a note: {line}"
            ));
        }
        if let Some(summary) = report
            .lines
            .iter_mut()
            .find(|line| line["type"] == "summary")
            .and_then(serde_json::Value::as_object_mut)
        {
            let mut take =
                |key| summary.remove(key).and_then(|value| value.as_u64()).unwrap_or_default();
            (report.written, report.removed) = (take("files_written"), take("files_removed"));
            let said = take("notes") - notes.len() as u64;
            summary.insert("notes".to_owned(), said.into());
            summary.retain(|key, _| !["files_unchanged", "seconds"].contains(&key.as_str()));
        }
        Ok(report)
    }

    fn compare(&self, due: &Report) -> Result<(), String> {
        if self.status != due.status {
            return Err(format!("exit status {:?}, not {:?}", self.status, due.status));
        }
        let lines = |report: &Report| {
            report
                .lines
                .iter()
                .map(serde_json::Value::to_string)
                .collect::<Vec<_>>()
                .join("\n")
                .into_bytes()
        };
        compare(
            &Tree::from([("the report".to_owned(), lines(due))]),
            &Tree::from([("the report".to_owned(), lines(self))]),
        )
    }

    /// The tree that is due where a fresh build leaves `fresh`.
    fn tree(&self, mut fresh: Tree, before: &Tree, found: &Tree) -> Tree {
        if self.status == Some(2) {
            // Nothing was built, so everything stands.
            return before.clone();
        }
        if !diagnostics(&self.lines, "template").is_empty() {
            // A page whose template fails keeps its last good file, which a fresh build does not
            // have.
            let kept = before.iter().filter(|(file, bytes)| {
                !fresh.contains_key(*file) && found.get(*file) == Some(bytes)
            });
            let kept: Tree = kept.map(|(file, bytes)| (file.clone(), bytes.clone())).collect();
            fresh.extend(kept);
            // The record names what is kept.
            fresh.insert(RECORD.to_owned(), found.get(RECORD).cloned().unwrap_or_default());
        }
        fresh
    }
}

/// The list of files that sitegen made, part of the tree.
const RECORD: &str = ".sitegen-files";

fn built(output: &Path) -> Tree {
    let mut files = tree_if_any(output);
    files.extend(std::fs::read(output.join(RECORD)).ok().map(|record| (RECORD.to_owned(), record)));
    files
}

fn tree_if_any(folder: &Path) -> Tree {
    if folder.exists() { tree(folder) } else { Tree::new() }
}

/// The first file that differs, from shortly before the first byte that does.
fn compare(due: &Tree, found: &Tree) -> Result<(), String> {
    let files: BTreeSet<&String> = due.keys().chain(found.keys()).collect();
    for file in files {
        match (due.get(file), found.get(file)) {
            (Some(due), Some(found)) if due != found => {
                let at = due.iter().zip(found).take_while(|(one, other)| one == other).count();
                let near =
                    |bytes: &[u8]| text(&bytes[at.saturating_sub(60)..(at + 140).min(bytes.len())]);
                return Err(format!(
                    "{file} differs at byte {at}\ndue:   …{}\nfound: …{}",
                    near(due),
                    near(found)
                ));
            }
            (Some(_), None) => return Err(format!("{file} is missing")),
            (None, Some(_)) => return Err(format!("{file} is left over")),
            _ => {}
        }
    }
    Ok(())
}

/// A number that looks random, the same for the same seed and place.
fn draw(seed: u16, place: usize) -> usize {
    let mixed =
        (usize::from(seed) ^ (place + 1).wrapping_mul(0x9e37_79b9)).wrapping_mul(0x85eb_ca6b);
    (mixed ^ (mixed >> 15)).wrapping_mul(0xc2b2_ae35) >> 13
}

fn flipped(bytes: &[u8], at: Index) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if !bytes.is_empty() {
        let at = at.index(bytes.len());
        bytes[at] ^= 1;
    }
    bytes
}

fn yaml<'a>(entries: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    entries
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}: {value}\n"))
        .collect::<Vec<_>>()
        .concat()
}

/// As much of a PNG as says its size, such as `60x40`.
fn png(size: &str) -> Vec<u8> {
    let (width, height) = size.split_once('x').unwrap_or(("1", "1"));
    let number = |text: &str| text.parse::<u32>().expect("a number").to_be_bytes();
    [
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
        &number(width)[..],
        &number(height)[..],
        b"\x08\x02\0\0\0\0\0\0\0",
    ]
    .concat()
}

/// A page that went and comes again finds somebody else's file in its place, in every build.
#[test]
fn the_place_of_a_page_that_comes_again_may_be_taken() {
    let mut archive = Archive::new(1);
    let with_drafts = Build { flags: &["--drafts"], again: true, ..Build::default() };
    assert_eq!(archive.build(&with_drafts), Ok(()));
    assert_eq!(archive.build(&Build::default()), Ok(()));
    let [drafts, published] = [0, 1].map(|build| &archive.known[build].1.1);
    let gone = drafts
        .keys()
        .find(|file| !published.contains_key(*file))
        .expect("a draft has a page")
        .clone();
    archive.take_place_of(&gone);
    archive.known.clear();
    assert_eq!(archive.build(&with_drafts), Ok(()));
    assert_eq!(diagnostics(&archive.known[0].1.0.lines, "output-foreign").len(), 1, "{gone}");
}

fn posts(count: usize) -> Site {
    let site =
        Site::new(&[("site.yaml", "title: 档案\nbase_url: https://example.org\nkeywords: auto\n")]);
    for number in 0..count {
        let tags =
            if number % 7 == 0 { "" } else { ["tags: [风, 雨]\n", "tags: [雪]\n"][number % 2] };
        let front = format!("title: 第 {number} 篇\nauthor: 作者{}\n{tags}", number % 5);
        let body = format!(
            "风从海上来，雨从山上来，这一篇是第 {number} 篇，写的是海上的风。\n\n{}\n\n结尾一。\n",
            "山上的雨下了一夜。".repeat(20)
        );
        site.write(
            &format!("posts/2023-{:02}-{:02}-篇{number}.md", number % 12 + 1, number % 28 + 1),
            format!("---\n{front}---\n{body}"),
        );
    }
    site
}

/// Nothing is written but what shows the edit.
#[test]
fn an_edit_writes_only_what_shows_it() {
    let site = posts(30);
    let build = || site.build(0).pop().expect("a summary");
    build();
    let before = site.tree();
    // A word of the same length, below the summary, in a post that the feeds hold.
    let path = site.path().join("posts/2023-12-24-篇23.md");
    let post =
        std::fs::read_to_string(&path).expect("the post is there").replace("结尾一", "结尾二");
    std::fs::write(path, post).expect("posts can be written");
    let summary = build();
    let after = site.tree();
    site.run("build", &["--fresh"]);
    assert_eq!(compare(&site.tree(), &after), Ok(()));
    let differ: Vec<&String> =
        after.keys().filter(|file| before.get(*file) != after.get(*file)).collect();
    let (search, pages): (Vec<&String>, Vec<&String>) =
        differ.iter().partition(|file| file.starts_with("search/"));
    assert!(before.len() == after.len() && (1..=6).contains(&pages.len()), "{pages:?}");
    // Of the search its root, and the shard of the characters that came and went.
    assert!(search.len() == 2 && search[1] == "search/root.json", "{search:?}");
    assert_eq!(summary["files_written"], differ.len(), "{differ:?}");
    assert_eq!(summary["files_removed"], 1);
}

/// Puts a copy in the place of each file of a site, as a clone and a restored cache do: no stamp is
/// what it was.
fn copy_all(site: &Site) {
    let cache = tree_if_any(&site.path().join(".sitegen")).into_iter();
    let cache = cache.map(|(file, bytes)| (format!(".sitegen/{file}"), bytes));
    for (path, bytes) in tree(site.path()).into_iter().chain(cache) {
        site.remove(&path);
        site.write(&path, bytes);
    }
}

/// What is known of a clone is known by its bytes: nothing is parsed, and nothing is written but the
/// edit that came with it.
#[test]
fn a_clone_is_known_by_its_bytes() {
    let site = posts(20);
    site.write("static/own.txt", "x");
    site.until_stamps_count();
    site.build(0);
    let built = site.tree();
    let said = |mut report: Vec<serde_json::Value>| {
        let mut summary = report.pop().expect("a summary");
        let written = summary["files_written"].take();
        for key in ["files_unchanged", "seconds"] {
            summary[key].take();
        }
        (written, report, summary)
    };
    // Whoever reads a card finds that it is damaged, and says so.
    let cards = std::fs::read(site.path().join(".sitegen/cards")).expect("cards are kept");
    site.write(".sitegen/cards", &cards[1..]);
    site.until_stamps_count();
    let before = said(site.build(0));
    for _ in 0..2 {
        copy_all(&site);
        site.until_stamps_count();
        assert_eq!(said(site.build(0)), before);
        assert_eq!(said(site.build(0)), before, "its stamps were written down");
    }
    assert_eq!(compare(&built, &site.tree()), Ok(()));
    site.write(".sitegen/cards", cards);
    copy_all(&site);
    site.write("posts/2024-01-01-新.md", "新的一篇。");
    let (written, ..) = said(site.build(0));
    let after = site.tree();
    let differ = after.iter().filter(|(file, bytes)| built.get(*file) != Some(*bytes)).count();
    assert_eq!(written, differ);
    site.run("build", &["--fresh"]);
    assert_eq!(compare(&site.tree(), &after), Ok(()));
}

/// A build that was ended between the two files of its ledger leaves one of other readings: it costs
/// time, and nothing is said.
#[test]
fn a_ledger_of_other_readings_is_none() {
    let site = posts(8);
    site.build(0);
    let [former, ledger] = [".sitegen/cards", ".sitegen/ledger"]
        .map(|file| std::fs::read(site.path().join(file)).expect("a ledger was written"));
    for number in [1, 2, 3] {
        site.write(&format!("posts/2023-0{0}-0{0}-篇{number}.md", number + 1), "改了。");
    }
    let report = site.build(0);
    let (built, cards) = (site.tree(), std::fs::read(site.path().join(".sitegen/cards")));
    assert_ne!(cards.expect("cards were written"), former);
    site.write(".sitegen/cards", former);
    site.remove("output/index.html");
    let without_summary = |report: &[serde_json::Value]| report[..report.len() - 1].to_vec();
    assert_eq!(without_summary(&site.build(0)), without_summary(&report));
    assert_eq!(compare(&built, &site.tree()), Ok(()));
    // The cards came, and the ledger did not.
    site.write(".sitegen/ledger", ledger);
    assert_eq!(without_summary(&site.build(0)), without_summary(&report));
    assert_eq!(compare(&built, &site.tree()), Ok(()));
}

/// A cache that was damaged is passed over with a note, once.
#[test]
fn a_damaged_cache_is_a_note() {
    const CODE: &str = "---\ntitle: 代码\ntags: [雪]\n---\n看：\n\n```rust\nlet x = 1;\n```\n";
    let site = posts(8);
    site.write("posts/2023-12-31-代码.md", CODE);
    // Files that were written a moment before a build are looked into by the next one anyway.
    site.until_stamps_count();
    site.build(0);
    let (built, cache) = (site.tree(), tree(&site.path().join(".sitegen")));
    assert_eq!(
        cache.keys().collect::<Vec<_>>(),
        ["bodies", "cards", "code", "keywords", "ledger", "posts", "search"]
    );
    // `posts` is a number that is compared with, or not.
    for (file, bytes) in cache.iter().filter(|(file, _)| *file != "posts") {
        let path = format!(".sitegen/{file}");
        let notes = || {
            site.build(0)
                .iter()
                .filter(|line| line["path"] == path.as_str() && line["severity"] == "note")
                .count()
        };
        // In the midst of what is kept of the search stands what only other changes look into.
        let middle = (file != "search").then_some(bytes.len() / 2);
        for at in [0, bytes.len() - 1].into_iter().chain(middle) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            site.write(&path, damaged);
            // The others are looked into where the ledger does not answer first.
            match file.as_str() {
                "ledger" => {}
                "cards" => site.remove("output/index.html"),
                // Its files are looked into where they are not there.
                "search" => std::fs::remove_dir_all(site.path().join("output/search/data"))
                    .expect("it is there"),
                _ => site.remove(".sitegen/ledger"),
            }
            // Code is looked into where its body is not known.
            if file == "code" {
                site.remove(".sitegen/bodies");
            }
            assert_eq!(notes(), 1, "{path} at {at}");
            assert_eq!(compare(&built, &site.tree()), Ok(()), "{path} at {at}");
            assert_eq!(notes(), 0, "{path} is written anew");
        }
    }
}
