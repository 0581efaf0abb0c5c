// The fore-edge of jian: the section that is being read is marked in the outline.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [
    () =>
      withPage(browser, { width: 1440 }, async (page) => {
        await test("jian/outline/1440", "the section that is read is marked, downwards and upwards", async () => {
          await open(page, sites.jian, PAGES.article);
          const ids = await page.evaluate(() => [...document.querySelectorAll(".e-content h2[id]")].map((heading) => heading.id));
          const problems = [];
          let looked = 0;
          for (const id of [...ids, ...ids.toReversed()]) {
            if (!(await scrollInto(page, id))) continue;
            looked++;
            await eventually(async () => (await marked(page)) === id, "", 1500).catch(async () =>
              problems.push(`while ${id} is read, marked is ${(await marked(page)) || "none"}`),
            );
            if (problems.length === 3) break;
          }
          return looked < 10 ? [...problems, `only ${looked} sections could be looked at`] : problems;
        });
      }),
  ];
}

// Brings a heading to the upper edge of the window, with its section below. Gives whether the page goes so far.
function scrollInto(page, id) {
  return page.evaluate((id) => {
    const heading = document.getElementById(id);
    scrollTo({ top: heading.getBoundingClientRect().top + scrollY - 60, behavior: "instant" });
    return heading.getBoundingClientRect().top < 100;
  }, id);
}

function marked(page) {
  return page.evaluate(() => {
    const links = document.querySelectorAll('#sg-outline a[aria-current="true"], #sg-outline a[aria-current="location"]');
    return [...links].map((link) => decodeURIComponent(link.hash.slice(1))).join();
  });
}
