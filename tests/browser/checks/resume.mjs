// jian remembers where a reader stopped and offers to go on there. It never scrolls by itself.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";
import { choose, closeDialog, openSettings } from "../settings.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [390, 1440].map(
    (width) => () =>
      withPage(browser, { width }, async (page) => {
        const site = sites.jian;
        const where = `jian/resume/${width}`;
        let paragraph;
        await test(where, "no offer on a first visit", async () => {
          await open(page, site, PAGES.article);
          await page.waitForTimeout(300);
          must(!(await offered(page)), "#sg-resume is seen");
        });
        await test(where, "an offer after coming back, and no jump", async () => {
          paragraph = await readTo(page, 0.55);
          await open(page, site, PAGES.home);
          await open(page, site, PAGES.article);
          await eventually(() => offered(page), "#sg-resume is not seen");
          must((await page.evaluate(() => scrollY)) === 0, "the page has scrolled by itself");
          const role = await page.evaluate(() => {
            const offer = document.querySelector("#sg-resume");
            return offer.closest("[role=status], [aria-live]") !== null || offer.matches("a[href], button");
          });
          must(role, "#sg-resume is neither a status nor a link");
        });
        await test(where, "the offer leads to the paragraph", () => accept(page, paragraph));
        await test(where, "the offer leads to the paragraph in another size of text too", async () => {
          await page.evaluate(() => scrollTo(0, 0));
          paragraph = await readTo(page, 0.4);
          await open(page, site, PAGES.home);
          await openSettings(page);
          await choose(page, "size", "5");
          await closeDialog(page);
          await open(page, site, PAGES.article);
          await eventually(() => offered(page), "#sg-resume is not seen");
          await accept(page, paragraph);
        });
        await test(where, "no offer for an address with a fragment", async () => {
          await open(page, site, PAGES.home);
          await open(page, site, `${PAGES.article}#余话桥边的人`);
          await page.waitForTimeout(500);
          must(!(await offered(page)), "#sg-resume is seen");
        });
      }),
  );
}

const offered = (page) =>
  page.evaluate(() => window.sgTest.visible(document.querySelector("#sg-resume") ?? document.createElement("p")));

// Scrolls by the wheel to a part of the page; gives the id of a paragraph that is then at the top of the window.
async function readTo(page, part) {
  const target = await page.evaluate((part) => document.documentElement.scrollHeight * part, part);
  await page.mouse.move(200, 400);
  for (let n = 0; n < 100 && (await page.evaluate(() => scrollY)) < target; n++) {
    await page.mouse.wheel(0, 400);
    await page.waitForTimeout(30);
  }
  await page.waitForTimeout(1200); // it may be stored some time after the last scroll
  return page.evaluate(() => {
    const paragraphs = [...document.querySelectorAll(".e-content > p[id]")];
    return paragraphs.find((paragraph) => paragraph.getBoundingClientRect().top >= 0)?.id;
  });
}

async function accept(page, paragraph) {
  must(paragraph, "no paragraph with an id was in the window");
  const inner = page.locator("#sg-resume :is(a, button)");
  await ((await inner.count()) ? inner.first() : page.locator("#sg-resume")).click();
  const top = () => page.evaluate((id) => document.getElementById(id).getBoundingClientRect().top, paragraph);
  const height = page.viewportSize().height;
  await eventually(
    async () => (await top()) > -height / 2 && (await top()) < height,
    async () => `paragraph ${paragraph} is at ${Math.round(await top())} px of a window of ${height} px`,
  );
}
