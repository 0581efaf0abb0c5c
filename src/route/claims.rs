//! Who owns which file of the output.

use foldhash::{HashMap, HashMapExt};

use super::{Route, composed, fold_case};

/// The owners of files. Two routes that are one file on some disk cannot both be owned, nor can a
/// file and a folder of one name.
#[derive(Clone, Debug)]
pub struct Claims<T> {
    /// The file as it is spelt, and its owner.
    files: HashMap<String, (String, T)>,
    folders: HashMap<String, T>,
    case: NameCase,
}

/// Whether names that differ in case alone are two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NameCase {
    /// They are one, as on the disks of Windows and macOS.
    Insensitive,
    /// They are two.
    Sensitive,
}

/// Why a file cannot be owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken<T> {
    pub owner: T,
    /// They are two files where case counts.
    pub in_case_only: bool,
}

impl<T: Clone> Claims<T> {
    /// Claims of which none is made yet.
    pub fn new(case: NameCase) -> Claims<T> {
        Claims { files: HashMap::new(), folders: HashMap::new(), case }
    }

    /// Who has the file of `route`, or one that is in its way.
    pub fn owner(&self, route: &Route) -> Option<&T> {
        self.owner_of(&self.key(&composed(&route.file()))).map(|(_, owner)| owner)
    }

    fn key(&self, file: &str) -> String {
        match self.case {
            NameCase::Insensitive => fold_case(file),
            NameCase::Sensitive => file.to_owned(),
        }
    }

    /// Returns the owner of the file that is in the way, and, where that has the very same key, how
    /// it is spelt.
    fn owner_of(&self, key: &str) -> Option<(Option<&str>, &T)> {
        let own = self.files.get(key).map(|(spelt, owner)| (Some(spelt.as_str()), owner));
        let above = || {
            self.unknown_folders(key)
                .find_map(|folder| self.files.get(folder))
                .map(|(_, owner)| (None, owner))
        };
        own.or_else(|| self.folders.get(key).map(|owner| (None, owner))).or_else(above)
    }

    /// Returns the folders of a file that nobody has a file in. Where one folder is known, so are
    /// those above it: no file can have their names any more.
    fn unknown_folders<'k>(&'k self, key: &'k str) -> impl Iterator<Item = &'k str> {
        key.rmatch_indices('/')
            .map(|(at, _)| &key[..at])
            .take_while(|folder| !self.folders.contains_key(*folder))
    }

    /// Takes the file of `route` for `owner`; an error names who has it already.
    pub fn claim(&mut self, route: &Route, owner: T) -> Result<(), Taken<T>> {
        let file = composed(&route.file());
        let key = self.key(&file);
        if let Some((spelt, owner)) = self.owner_of(&key) {
            return Err(Taken {
                owner: owner.clone(),
                in_case_only: spelt.is_some_and(|spelt| spelt != file),
            });
        }
        for folder in self.unknown_folders(&key).map(str::to_owned).collect::<Vec<String>>() {
            self.folders.insert(folder, owner.clone());
        }
        self.files.insert(key, (file, owner));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_file_has_one_owner() {
        let mut claims = Claims::new(NameCase::Insensitive);
        let mut claim = |path: &str, owner| {
            claims.claim(&Route::parse(path).unwrap(), owner).map_err(|taken| taken.owner)
        };
        assert_eq!(claim("/tags/GDP/", 1), Ok(()));
        assert_eq!(claim("/tags/gdp/", 2), Err(1));
        assert_eq!(claim("/caf\u{e9}/", 3), Ok(()));
        assert_eq!(claim("/cafe\u{301}/", 4), Err(3));
        assert_eq!(claim("/stra\u{df}e/", 9), Ok(()));
        assert_eq!(claim("/STRASSE/", 10), Err(9));
        assert_eq!(claim("/1\u{b5}m/", 11), Ok(()));
        assert_eq!(claim("/1\u{3bc}m/", 12), Err(11));
        assert_eq!(claim("/\u{3c3}/", 13), Ok(()));
        assert_eq!(claim("/\u{3c2}/", 14), Err(13));
        assert_eq!(claim("/\u{131}/", 15), Ok(()));
        assert_eq!(claim("/i/", 16), Ok(()));
        assert_eq!(claim("/a.html", 5), Ok(()));
        assert_eq!(claim("/a.html/b/", 6), Err(5));
        assert_eq!(claim("/x.xml/y.html", 7), Ok(()));
        assert_eq!(claim("/x.xml", 8), Err(7));
    }

    #[test]
    fn case_counts_where_the_site_says_so() {
        let route = |path: &str| Route::parse(path).unwrap();
        let mut claims = Claims::new(NameCase::Sensitive);
        assert_eq!(claims.claim(&route("/GDP/"), 1), Ok(()));
        assert_eq!(claims.claim(&route("/gdp/"), 2), Ok(()));
        assert_eq!(claims.claim(&route("/gdp/"), 3), Err(Taken { owner: 2, in_case_only: false }));
        let mut claims = Claims::new(NameCase::Insensitive);
        assert_eq!(claims.claim(&route("/GDP/"), 1), Ok(()));
        assert_eq!(claims.claim(&route("/gdp/"), 2), Err(Taken { owner: 1, in_case_only: true }));
    }
}
