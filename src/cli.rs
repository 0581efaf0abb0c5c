//! The command line: what can be typed. What it means is decided in `command`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// A static-site generator for archives of Chinese long-form articles.
#[derive(Debug, Parser)]
#[command(name = "sitegen", version, propagate_version = true, max_term_width = 100)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,

    /// When to use colour
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: Color,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Build the site into `output/`
    #[command(visible_alias = "b")]
    Build(BuildArgs),
    /// Preview the site in a browser, where every change shows at once
    #[command(visible_alias = "s")]
    Serve(ServeArgs),
    /// Find everything that is wrong: links, images, feeds, front matter, limits of hosts
    Check(CheckArgs),
    /// Begin a post with its front matter filled in
    New(NewArgs),
    /// Begin a site
    Init(InitArgs),
    /// List every post with its address, date, authors, tags and problems
    List(ListArgs),
    /// Search the built site as its readers do
    Search(SearchArgs),
    /// Suggest tags for posts
    #[command(subcommand)]
    Tags(TagsCommand),
    /// Print the completions for a shell, or the manual page
    Completions(CompletionsArgs),
}

#[derive(Debug, Subcommand)]
pub enum TagsCommand {
    /// Suggest tags for posts without tags, or for the posts named
    Suggest(SuggestArgs),
}

/// Where the site is.
#[derive(Clone, Debug, Args)]
pub struct SiteArgs {
    /// The site's folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// The configuration file [default: site.yaml in the site's folder]
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The address the site is published under, with any sub-path
    #[arg(short, long, value_name = "URL")]
    pub base_url: Option<String>,
    /// Include drafts
    #[arg(short = 'D', long)]
    pub drafts: bool,
    /// Publish now what waits for its date: `future: hold` of site.yaml, `publishDate` of a post
    #[arg(short = 'F', long)]
    pub future: bool,
}

/// How much is said.
#[derive(Debug, Args)]
pub struct VerbosityArgs {
    /// Print errors only
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Print every warning and note
    #[arg(short, long)]
    pub verbose: bool,
}

#[derive(Debug, Args)]
pub struct BuildArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// Where to build: a folder that nothing of the site is read from, nor one around it [default:
    /// output in the site's folder]
    #[arg(short, short_alias = 'd', long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// Forget what earlier builds knew, and write every file
    #[arg(long)]
    pub fresh: bool,
    /// Name the files that would be made, changed and removed, and write nothing
    #[arg(short = 'n', long)]
    pub dry_run: bool,
    /// Go on where fewer than half of the last build's posts are left, and remove the pages of the
    /// others
    #[arg(long)]
    pub allow_removal: bool,
    /// Make warnings fail the build
    #[arg(long)]
    pub strict: bool,
    /// Print what each stage took: time, time of all cores, bytes
    #[arg(long)]
    pub timings: bool,
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// The port, or the first free one after it
    #[arg(short, long, value_name = "PORT", default_value_t = 4000)]
    pub port: u16,
    /// Let other devices in: at this address of the machine, or without one at all of them
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "0.0.0.0")]
    pub host: Option<std::net::IpAddr>,
    /// Open the site in the browser
    #[arg(short = 'O', long)]
    pub open: bool,
    /// Lead open pages to the post that was saved
    #[arg(long)]
    pub navigate: bool,
    /// Show exactly what `build` writes: nothing is added to pages, and they do not reload by
    /// themselves
    #[arg(long, conflicts_with = "navigate")]
    pub prod: bool,
}

#[derive(Debug, Args)]
pub struct CheckArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// Also ask other sites whether the links to them still lead somewhere
    #[arg(long)]
    pub external: bool,
    /// Make warnings fail the check
    #[arg(long)]
    pub strict: bool,
    /// Let errors in posts pass: each costs its own post, and all else can be published
    #[arg(long, conflicts_with = "strict")]
    pub spare_posts: bool,
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

#[derive(Debug, Args)]
pub struct NewArgs {
    /// The post's title
    #[arg(value_name = "TITLE")]
    pub title: String,
    /// The site's folder
    #[arg(short, long, value_name = "DIR", default_value = ".")]
    pub source: PathBuf,
    /// The configuration file [default: site.yaml in the site's folder]
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Its tags, separated by commas
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub tags: Vec<String>,
    /// Its author [default: `author` of site.yaml]
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// Make it a draft
    #[arg(long)]
    pub draft: bool,
}

#[derive(Debug, Args)]
pub struct InitArgs {
    /// The new site's folder
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// The language of the site and of what is said in it [default: that of the machine]
    #[arg(long, value_name = "LANG")]
    pub lang: Option<SiteLanguage>,
}

#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// For what
    #[arg(value_name = "SHELL")]
    pub shell: Completion,
}

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// The form of the list
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: ListFormat,
    /// Only posts with this tag
    #[arg(long, value_name = "NAME")]
    pub tag: Option<String>,
    /// Only posts of this author
    #[arg(long, value_name = "NAME")]
    pub author: Option<String>,
    /// With the visible text of each post that readers can search, for a search server of your own;
    /// only as JSON
    #[arg(long)]
    pub text: bool,
    /// Only posts of this year
    #[arg(long, value_name = "YEAR")]
    pub year: Option<i16>,
}

#[derive(Debug, Args)]
pub struct SearchArgs {
    /// What to look for, as readers type it
    #[arg(value_name = "QUERY", required = true)]
    pub query: Vec<String>,
    #[command(flatten)]
    pub site: SiteArgs,
    /// The built site [default: output in the site's folder]
    #[arg(short, short_alias = 'd', long, value_name = "DIR")]
    pub output: Option<PathBuf>,
    /// How many hits to show [default: 10, and all as JSON]
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// Which hits come first
    #[arg(long, value_name = "ORDER", default_value = "relevance")]
    pub sort: SearchOrder,
    /// The form of the answer
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// Which hits come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SearchOrder {
    Relevance,
    Date,
}

#[derive(Debug, Args)]
pub struct SuggestArgs {
    /// Posts, with or without tags, by their path in the current or the site's folder [default: all
    /// posts without tags]
    #[arg(value_name = "FILES")]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub site: SiteArgs,
    #[command(flatten)]
    pub verbosity: VerbosityArgs,
    /// Write the tags into the front matter of posts that have none; nothing else in them changes
    #[arg(long)]
    pub write: bool,
    /// How many tags for each post, 1 to 50 [default: `keywords.count` of site.yaml, or 5]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=50))]
    pub count: Option<u8>,
    /// The form of the list
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: ReportFormat,
}

/// What `completions` prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Completion {
    Bash,
    Elvish,
    Fish,
    #[value(name = "powershell")]
    PowerShell,
    Zsh,
    /// The manual page, sitegen.1
    Man,
}

/// The languages that a site can begin in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SiteLanguage {
    #[value(name = "zh-Hans")]
    Simplified,
    #[value(name = "zh-Hant")]
    Traditional,
    #[value(name = "en")]
    English,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    Human,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ListFormat {
    Table,
    Json,
    Csv,
}
