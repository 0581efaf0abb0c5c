// A window of 320 px, as at 400 % zoom, and a reader's own spacing of text (WCAG 1.4.10, 1.4.12): nothing sticks out sideways.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { test } from "../report.mjs";

export const weight = 3;

const SPACING =
  "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }";

export function tasks({ browser, sites, themes }) {
  return themes.map(
    (theme) => () =>
      withPage(browser, { viewport: { width: 320, height: 640 } }, async (page) => {
        for (const [name, address] of Object.entries(PAGES)) {
          if (name === "redirect") continue;
          await test(`${theme}/${name}/320`, "no horizontal scroll, with more space in the text neither", async () => {
            await open(page, sites[theme], address);
            const plain = await page.evaluate(() => document.documentElement.scrollWidth);
            const spaced = await page.evaluate((css) => {
              const sheet = new CSSStyleSheet();
              sheet.replaceSync(css);
              document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
              return document.documentElement.scrollWidth;
            }, SPACING);
            return [plain, spaced].filter((wide) => wide > 320).map((wide) => `the page is ${wide} px wide`);
          });
        }
      }),
  );
}
