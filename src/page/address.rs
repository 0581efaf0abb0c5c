//! Addresses of pages that other pages lead to.

use crate::route::Route;

/// Returns the address of the archive.
pub(super) fn archive() -> Route {
    Route::root().below("archive/")
}

/// Returns the address of a year.
pub(super) fn year(year: i16) -> Route {
    archive().below(&format!("{year:04}/"))
}

/// Returns the address of a month.
pub(super) fn month(of: i16, month: i8) -> Route {
    year(of).below(&format!("{month:02}/"))
}

/// Returns the address of the posts without a date.
pub(super) fn undated() -> Route {
    archive().below("undated/")
}

/// Returns the address of the search.
pub(super) fn search() -> Route {
    Route::root().below("search/")
}

/// Returns the address of the sitemap.
pub(super) fn sitemap() -> Route {
    Route::root().below("sitemap.xml")
}
