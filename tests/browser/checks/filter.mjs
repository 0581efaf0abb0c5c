// Typing in the index of tags leaves the terms that match, and says how many.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

const WORD = "渡船";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [390, 1440].map(
    (width) => () =>
      withPage(browser, { width }, (page) =>
        test(`jian/tags/${width}`, "typing filters the terms, and a status says how many", async () => {
          await open(page, sites.jian, PAGES.tags);
          await filter(page);
          return page.trouble.found;
        }),
      ),
  );
}

async function filter(page) {
  const input = page.locator("main input:is([type=search], [type=text], :not([type]))").first();
  must(await input.count(), "there is no input");
  // The terms that are seen; a term may be listed twice, by its number of posts and by its initial.
  const terms = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("main a[href]")]
        .filter(window.sgTest.visible)
        .map((link) => decodeURI(link.pathname))
        .filter((path) => /^\/(tags|authors|categories)\/[^/]+\/$/.test(path)),
    );
  const status = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("main :is([aria-live], [role=status], output)")]
        .map((element) => element.textContent.trim())
        .join(" "),
    );
  const all = await terms();
  must(all.length > 5, `${all.length} terms are listed`);
  await input.click();
  await page.keyboard.type(WORD);
  await eventually(async () => (await terms()).length < all.length, "nothing is filtered");
  const left = await terms();
  must(left.includes(`/tags/${WORD}/`), `the tag ${WORD} is not seen; left are ${left}`);
  must(
    left.every((path) => path.includes(WORD)),
    `left are ${left}`,
  );
  const numbers = [left.length, new Set(left).size].map(String);
  await eventually(
    async () => ((await status()).match(/\d+/g) ?? []).some((number) => numbers.includes(number)),
    async () => `the status says ${(await status()) || "nothing"}, and seen are ${numbers.join(" or ")}`,
  );
  await input.fill("没有这个词");
  await eventually(async () => (await terms()).length === 0, "terms that do not match are seen");
  await input.fill("");
  await eventually(
    async () => (await terms()).length === all.length,
    async () => `${(await terms()).length} of ${all.length} terms are seen when the input is empty again`,
  );
}
