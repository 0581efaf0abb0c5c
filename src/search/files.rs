//! The files of an index, as `docs/search.md` describes them.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};

use super::fold::table;
use super::volume::IndexVolume;
use crate::digest::Digest;

/// Articles of one file of addresses and titles. A query that shows ten articles reads ten of them
/// at the most: of 32 each, 1 to 2 KB.
pub(super) const GROUP: usize = 32;

/// The folder of all files but the root, below the index's.
pub(super) const DATA: &str = "data/";

/// The version of the format.
const VERSION: u32 = 1;

/// Characters of a file's digest that stand in its name.
const HASH: usize = 6;

/// What is known of an article besides its text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchFields {
    /// Relative to the site's root, percent-encoded but for characters beyond ASCII.
    pub address: String,
    pub title: String,
    /// `2023-04-11`, or empty.
    pub date: String,
    /// The names of its terms, by taxonomy.
    pub terms: Vec<(String, Vec<String>)>,
}

/// An article as a query finds it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ListedArticle {
    pub address: String,
    pub title: String,
    pub date: String,
    /// The names of its terms, by taxonomy.
    pub terms: BTreeMap<String, Vec<String>>,
}

/// What `root.json` says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Root {
    pub version: u32,
    pub docs: u32,
    pub code: bool,
    /// What of an article is searched.
    pub fields: Vec<String>,
    pub fold: Option<String>,
    pub groups: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub texts: Option<String>,
    pub ending: String,
    pub volumes: Vec<RootVolume>,
}

/// A volume in `root.json`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct RootVolume {
    pub first: u32,
    pub docs: u32,
    pub bits: u32,
    pub shards: String,
}

impl Root {
    /// Returns whether it was written by a program that writes as this one reads.
    pub(super) fn is_known(&self) -> bool {
        self.version == VERSION
    }

    /// Returns the name of the file of addresses of the articles of a group.
    pub(super) fn group_file(&self, group: usize) -> Option<String> {
        Some(self.file(&format!("docs-{group}"), nth(&self.groups, group)?))
    }

    /// Returns the name of a shard's file.
    pub(super) fn shard_file(&self, volume: usize, shard: usize) -> Option<String> {
        let hash = nth(&self.volumes.get(volume)?.shards, shard)?;
        Some(self.file(&format!("{volume}-{shard}"), hash))
    }

    fn file(&self, what: &str, hash: &str) -> String {
        format!("{what}-{hash}.{}", self.ending)
    }

    /// Returns all names of files but its own.
    pub(super) fn all_files(&self) -> Vec<String> {
        let files = |hashes: &str, what: &dyn Fn(usize) -> String| -> Vec<String> {
            let all = (0..hashes.len() / HASH).filter_map(|at| Some((at, nth(hashes, at)?)));
            all.map(|(at, hash)| self.file(&what(at), hash)).collect()
        };
        let mut all = files(&self.groups, &|at| format!("docs-{at}"));
        all.extend(files(self.texts.as_deref().unwrap_or_default(), &|at| format!("texts-{at}")));
        for (volume, RootVolume { shards, .. }) in self.volumes.iter().enumerate() {
            all.extend(files(shards, &|at| format!("{volume}-{at}")));
        }
        all.extend(self.fold.clone());
        all
    }
}

/// What the files of an index are named by.
#[derive(Clone, Debug)]
pub(super) struct IndexNames<'a> {
    pub docs: u32,
    pub code: bool,
    pub fields: Vec<String>,
    pub fold: Option<Digest>,
    pub groups: Vec<Digest>,
    /// Where the index is of scripts: the texts.
    pub texts: Option<Vec<Digest>>,
    pub volumes: &'a [IndexVolume],
}

impl IndexNames<'_> {
    pub(super) fn root(&self) -> Root {
        let ending = if self.texts.is_some() { "js" } else { "bin" };
        let volumes = self.volumes.iter().map(|volume| RootVolume {
            first: volume.first,
            docs: volume.docs,
            bits: volume.bits,
            shards: hashes(&volume.shards),
        });
        Root {
            version: VERSION,
            docs: self.docs,
            code: self.code,
            fields: self.fields.clone(),
            fold: self.fold.map(|fold| format!("fold-{}.{ending}", hash(fold))),
            groups: hashes(&self.groups),
            texts: self.texts.as_deref().map(hashes),
            ending: ending.to_owned(),
            volumes: volumes.collect(),
        }
    }

    /// Returns the digests of all files, in the order of [`Root::all_files`].
    pub(super) fn digests(&self) -> impl Iterator<Item = Digest> {
        let shards = self.volumes.iter().flat_map(|volume| &volume.shards);
        let texts = self.texts.iter().flatten();
        self.groups.iter().chain(texts).chain(shards).chain(&self.fold).copied()
    }
}

fn hash(digest: Digest) -> String {
    let mut hash = URL_SAFE_NO_PAD.encode(digest.as_bytes());
    hash.truncate(HASH);
    hash
}

/// Returns whether a file of this name holds these bytes.
pub(super) fn names(name: &str, bytes: &[u8]) -> bool {
    name.rsplit_once('.').is_some_and(|(name, _)| name.ends_with(&hash(Digest::of(bytes))))
}

fn hashes(digests: &[Digest]) -> String {
    digests.iter().map(|digest| hash(*digest)).collect()
}

fn nth(hashes: &str, at: usize) -> Option<&str> {
    hashes.get(at * HASH..(at + 1) * HASH)
}

/// Returns a file as a script of `name`, for pages on a disk: they may read nothing else.
pub(super) fn script(name: &str, bytes: &[u8]) -> Vec<u8> {
    let name = name.strip_prefix(DATA).unwrap_or(name);
    let name = name.rsplit_once('.').map_or(name, |(name, _)| name);
    // Texts are JSON already.
    let value = if name == "root" || name.starts_with("texts-") {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        format!("\"{}\"", STANDARD.encode(bytes))
    };
    format!("sitegenSearch(\"{name}\",{value})\n").into_bytes()
}

/// Returns what a [`script`] holds.
pub(super) fn of_script(bytes: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(bytes).ok()?.trim_end();
    let (_, value) = text.strip_suffix(')')?.split_once(',')?;
    match value.strip_prefix('"').and_then(|value| value.strip_suffix('"')) {
        Some(value) => STANDARD.decode(value).ok(),
        None => Some(value.as_bytes().to_vec()),
    }
}

/// Returns the file of addresses of some articles.
pub(super) fn group(articles: &[SearchFields]) -> Vec<u8> {
    let rows: Vec<_> = articles
        .iter()
        .map(|fields| {
            let SearchFields { address, title, date, terms } = fields;
            let terms: BTreeMap<&str, &[String]> =
                terms.iter().map(|(taxonomy, names)| (&**taxonomy, &**names)).collect();
            (address, title, date, terms)
        })
        .collect();
    compressed(&serde_json::to_vec(&rows).expect("texts are JSON"))
}

/// Reads what [`group`] wrote.
pub(super) fn listed(bytes: &[u8]) -> Option<Vec<ListedArticle>> {
    serde_json::from_slice(&decompressed(bytes)?).ok()
}

/// Returns the file of Traditional characters.
pub(super) fn fold() -> Vec<u8> {
    let (traditional, simplified): (Vec<u16>, Vec<u16>) = table().into_iter().unzip();
    let before = [0].into_iter().chain(traditional.iter().copied());
    let apart: Vec<u16> =
        traditional.iter().zip(before).map(|(here, before)| here - before).collect();
    let bytes = [apart, simplified].map(|row| row.into_iter().map(u16::to_be_bytes).collect());
    let rows = bytes.iter().flat_map(|row: &Vec<[u8; 2]>| {
        (0..2).flat_map(|at| row.iter().map(move |bytes| bytes[at]))
    });
    compressed(&rows.collect::<Vec<u8>>())
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    /// The best that miniz has; the files are small.
    const LEVEL: u8 = 9;
    miniz_oxide::deflate::compress_to_vec_zlib(bytes, LEVEL)
}

fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    /// Of 32 articles with long lists of terms.
    const MOST: usize = 1 << 26;
    miniz_oxide::inflate::decompress_to_vec_zlib_with_limit(bytes, MOST).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_and_scripts_come_back() {
        let fields = SearchFields {
            address: "2023/04/11/%E9%A2%98/".into(),
            title: "</script>\"题".into(),
            date: "2023-04-11".into(),
            terms: vec![
                ("tags".into(), vec!["百度".into()]),
                ("authors".into(), vec!["余凯".into()]),
            ],
        };
        let bytes = group(&[fields]);
        let back = of_script(&script("docs-0-abc.js", &bytes)).unwrap();
        assert_eq!(back, bytes);
        let article = &listed(&back).unwrap()[0];
        assert_eq!((&*article.title, &*article.terms["authors"][0]), ("</script>\"题", "余凯"));
        assert_eq!(article.terms["tags"], ["百度"]);
        assert_eq!(of_script(&script("root.js", b"{}")).unwrap(), b"{}");
    }

    #[test]
    fn names_are_in_the_order_of_their_digests() {
        let digest = |text: &str| Digest::of(text);
        let volume =
            IndexVolume { first: 0, docs: 3, bits: 1, shards: vec![digest("a"), digest("b")] };
        let names = IndexNames {
            docs: 3,
            code: false,
            fields: Vec::new(),
            fold: Some(digest("f")),
            groups: vec![digest("g")],
            texts: None,
            volumes: &[volume],
        };
        let root = names.root();
        let files = root.all_files();
        let hashes = names.digests().map(hash);
        assert!(files.iter().zip(hashes).all(|(file, hash)| file.contains(&hash)), "{files:?}");
        assert_eq!(files.len(), 4);
        assert_eq!(root.shard_file(0, 1).as_ref(), Some(&files[2]));
        assert_eq!((root.group_file(0).as_ref(), root.group_file(1)), (Some(&files[0]), None));
    }
}
