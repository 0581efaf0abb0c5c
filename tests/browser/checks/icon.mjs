// A browser asks every site for an icon. Unless a page names one, it asks for /favicon.ico, and a 404 is an error in the console
// that Lighthouse counts. (The driver of these tests does not report that request.)
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { must, test } from "../report.mjs";
import { fileAt } from "../server.mjs";

export function tasks({ browser, sites, themes }) {
  return themes.map(
    (theme) => () =>
      withPage(browser, {}, (page) =>
        test(`${theme}/home`, "the browser finds an icon", async () => {
          await open(page, sites[theme], PAGES.home);
          const icon = await page.evaluate(() => document.querySelector("link[rel~=icon]")?.href);
          if (icon?.startsWith("data:")) return;
          const address = icon ? new URL(icon).pathname : "/favicon.ico";
          must(fileAt(sites[theme].folder, address), `${address} is not there`);
        }),
      ),
  );
}
