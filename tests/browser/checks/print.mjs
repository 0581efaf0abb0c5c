// On paper there is the text and nothing to press.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  return themes.map(
    (theme) => () =>
      withPage(browser, {}, async (page) => {
        await page.emulateMedia({ media: "print" });
        for (const name of ["article", "tag"]) {
          await open(page, sites[theme], PAGES[name]);
          const seen = await page.evaluate(() => {
            const shown = (selector) => [...document.querySelectorAll(selector)].filter(window.sgTest.visible);
            return {
              chrome: shown("nav, #sg-outline, button, dialog, .para-link").map(window.sgTest.name),
              hidden: [...document.querySelectorAll("h1, .e-content > p:not(:has(img))")]
                .filter((element) => !window.sgTest.visible(element))
                .map(window.sgTest.name),
            };
          });
          await test(`${theme}/${name}`, "print: nothing to press", () => seen.chrome);
          await test(`${theme}/${name}`, "print: the text is there", () => seen.hidden);
        }
      }),
  );
}
