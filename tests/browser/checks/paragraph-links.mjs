// Every paragraph of an article has an address; jian shows it to whoever points at the paragraph.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  const ids = (page) =>
    page.evaluate(() =>
      [...document.querySelectorAll(".e-content > p[id]")]
        .map((paragraph) => paragraph.id)
        .filter((id) => /^p[0-9a-f]{6}/.test(id)),
    );
  return themes.map(
    (theme) => () =>
      withPage(browser, { width: 1440 }, async (page) => {
        await open(page, sites[theme], PAGES.article);
        const found = await ids(page);
        await test(`${theme}/paragraphs/1440`, "paragraphs have ids, each its own", () => {
          must(found.length >= 20, `${found.length} paragraphs have ids`);
          must(new Set(found).size === found.length, "an id is there twice");
        });
        if (theme !== "jian") return;
        await test("jian/paragraphs/1440", "pointing at a paragraph shows its link", async () => {
          for (const id of [found[0], found[5], found.at(-1)]) {
            const paragraph = page.locator(`[id="${id}"]`);
            await paragraph.scrollIntoViewIfNeeded();
            await paragraph.hover({ position: { x: 60, y: 15 } });
            const links = () =>
              page.evaluate(() =>
                [...document.querySelectorAll(".para-link")]
                  .filter(window.sgTest.visible)
                  .map((link) => link.getAttribute("href")),
              );
            await eventually(
              async () => (await links()).includes(`#${id}`),
              async () => `pointing at #${id} shows ${(await links()).join() || "no link"}`,
            );
          }
        });
      }),
  );
}
