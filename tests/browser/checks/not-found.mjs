// The 404 page of jian suggests the post whose address is nearest to what was asked for.
import { open, withPage } from "../browser.mjs";
import { NEAR_404, PAGES } from "../pages.mjs";
import { eventually, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [PAGES[404], NEAR_404.replace("04/11", "04/12"), NEAR_404.slice(0, -1) + ".html"].map(
    (address) => () =>
      withPage(browser, {}, (page) =>
        test("jian/404", `${address} suggests ${NEAR_404}`, async () => {
          await open(page, sites.jian, address);
          const links = () =>
            page.evaluate(() =>
              [...document.querySelectorAll("#sg-suggestions a[href]")]
                .filter(window.sgTest.visible)
                .map((link) => decodeURI(link.pathname)),
            );
          await eventually(
            async () => (await links()).includes(NEAR_404),
            async () => `the suggestions are ${(await links()).join() || "none"}`,
          );
          return page.trouble.found;
        }),
      ),
  );
}
