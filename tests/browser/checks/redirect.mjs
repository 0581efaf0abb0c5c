// An old address leads to the post, with JavaScript and without.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  return themes.flatMap((theme) =>
    [true, false].map(
      (javaScriptEnabled) => () =>
        withPage(browser, { javaScriptEnabled }, (page) =>
          test(`${theme}/redirect`, `leads to the post ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
            await open(page, sites[theme], PAGES.redirect);
            await eventually(
              () => decodeURI(new URL(page.url()).pathname) === PAGES.article,
              () => `the page is still ${decodeURI(page.url())}`,
            );
          }),
        ),
    ),
  );
}
