use super::*;
use crate::config::Overrides;
use crate::source::Fixture;
use jiff::Timestamp;

fn gather(files: &[(&str, &str)], site: &str) -> (Site, Vec<Diagnostic>) {
    let overrides = Overrides { base_url: None, drafts: false, future: false, now: Timestamp::from_second(1_790_000_000).unwrap() };
    let config = Config::read(site, "site.yaml", &overrides).unwrap();
    Site::gather(&Fixture::new(files.iter().copied()), &config, &Keywords::off(), &Ledger::default(), &mut Draft::nowhere(), None).unwrap()
}

#[test]
fn found_tags_are_spelt_as_others_are() {
    let (site, _) = gather(&[("posts/a.md", "x"), ("posts/b.md", "x"), ("posts/c.md", "---\ntags: [Python]\n---\nx")], "");
    let mut posts = site.posts;
    for (post, tags) in posts.iter_mut().filter(|post| post.terms[0].is_empty()).zip([["python", "GPT"], ["gpt", "GPT"]]) {
        let post = Arc::make_mut(post);
        post.terms[0] = tags.map(str::to_owned).to_vec();
        post.has_found_tags = true;
    }
    spell_alike(&mut posts, 0);
    let mut tags: Vec<String> = posts.iter().map(|post| post.terms[0].join(" ")).collect();
    tags.sort();
    assert_eq!(tags, ["GPT", "Python", "Python GPT"]);
}

#[test]
fn data_of_terms_is_found_by_name() {
    for data in ["甲: {bio: 1}\n乙: {bio: 2}", "- {name: 甲, bio: 1}\n- {bio: 3}\n- {name: 甲, bio: 4}\n- {name: 乙, bio: 2}"] {
        let (site, _) = gather(&[("posts/a.md", "---\ntags: [甲, 乙, 丙]\n---\nx"), ("data/tags.yaml", data)], "");
        let bio = |name: &str| site.term(0, name).unwrap().about.as_ref().map(|about| about["bio"].as_u64().unwrap());
        assert_eq!([bio("甲"), bio("乙"), bio("丙")], [Some(1), Some(2), None], "{data}");
    }
}

#[test]
fn newest_first_and_undated_last() {
    let (site, _) =
        gather(&[("posts/a.md", "x"), ("posts/2020-01-01-b.md", "x"), ("posts/2021-05-01-c.md", "x"), ("posts/2021-05-01-d.md", "x")], "");
    let order: Vec<&str> = site.posts.iter().map(|post| post.source.stem()).collect();
    assert_eq!(order, ["2021-05-01-d", "2021-05-01-c", "2020-01-01-b", "a"]);
    assert_eq!(site.undated, 3..4);
    assert_eq!(site.years.iter().map(|year| (year.year, year.posts.clone())).collect::<Vec<_>>(), [(2021, 0..2), (2020, 2..3)]);
    assert_eq!(site.neighbours(0), Neighbours { newer: None, older: Some(1) });
}

#[test]
fn the_first_keeps_the_address() {
    let (site, diagnostics) =
        gather(&[("posts/2020-01-01-a.md", "x"), ("posts/2021-01-01-a.md", "x"), ("posts/2021-01-01-A.md", "x")], "permalink: /:title/");
    assert_eq!(site.posts.len(), 1);
    assert_eq!(site.posts[0].source.as_str(), "posts/2020-01-01-a.md");
    let collisions: Vec<String> = diagnostics.iter().filter(|d| d.code == "collision").map(|d| d.message.to_string()).collect();
    assert_eq!(collisions.len(), 2);
    assert!(collisions[0].contains("posts/2020-01-01-a.md"));
}

#[test]
fn terms_have_addresses_of_their_own() {
    let (site, diagnostics) =
        gather(&[("posts/2020-01-01-a.md", "---\ntags: [GDP, gdp, C++, 'C#', AI/机器学习, 余凯, 于凯, .., rss.xml]\n---\nx")], "");
    let routes: std::collections::BTreeSet<&str> = site.terms[0].iter().map(|term| term.route.path()).collect();
    assert_eq!(routes.len(), 9);
    assert!(routes.contains("/tags/C++/") && routes.contains("/tags/C#/") && routes.contains("/tags/余凯/"));
    assert!(routes.iter().all(|route| route.matches('/').count() == 3), "{routes:?}");
    assert!(diagnostics.iter().any(|d| d.code == "terms-alike"));
}
