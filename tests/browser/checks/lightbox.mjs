// The pictures of jian in a dialog: by click and by Enter, arrows to the others, Esc closes, the focus returns.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [390, 1440].map(
    (width) => () =>
      withPage(browser, { width }, async (page) => {
        for (const way of ["click", "Enter"]) {
          await test(`jian/lightbox/${width}`, `opens by ${way}, arrows, Esc, focus`, async () => {
            await open(page, sites.jian, PAGES.article);
            await look(page, way);
            return page.trouble.found;
          });
        }
      }),
  );
}

const shown = (page) =>
  page.evaluate(() => {
    const dialog = document.querySelector("#sg-lightbox");
    if (!dialog?.matches("dialog[open]")) return "";
    const picture = dialog.querySelector("img");
    return picture && window.sgTest.visible(picture) ? new URL(picture.src, location).pathname : "";
  });

async function look(page, way) {
  const picture = page.locator('.e-content img[src*="bridge.png"]');
  await picture.scrollIntoViewIfNeeded();
  if (way === "click") {
    await picture.click();
  } else {
    const focused = await picture.evaluate((picture) => {
      const link = picture.closest("a, button, [tabindex]") ?? picture;
      link.focus();
      return document.activeElement === link;
    });
    must(focused, "neither the picture nor a link around it takes the focus");
    await page.keyboard.press("Enter");
  }
  await eventually(
    async () => (await shown(page)).endsWith("/bridge.png"),
    async () => `#sg-lightbox shows ${(await shown(page)) || "nothing"}; the page is ${page.url()}`,
  );
  must(await page.evaluate(() => document.querySelector("#sg-lightbox").matches(":modal")), "#sg-lightbox is not modal");
  await page.keyboard.press("ArrowRight");
  await eventually(
    async () => (await shown(page)).endsWith("/plan.svg"),
    async () => `after ArrowRight it shows ${await shown(page)}`,
  );
  await page.keyboard.press("ArrowLeft");
  await eventually(
    async () => (await shown(page)).endsWith("/bridge.png"),
    async () => `after ArrowLeft it shows ${await shown(page)}`,
  );
  must(decodeURI(new URL(page.url()).pathname) === PAGES.article, "the arrows left the page");
  await page.keyboard.press("Escape");
  await eventually(() => page.evaluate(() => !document.querySelector("dialog[open]")), "Esc does not close it");
  must(
    await picture.evaluate((picture) => document.activeElement !== document.body && document.activeElement.contains(picture)),
    `the focus does not return to the picture's link but to ${await page.evaluate(() => window.sgTest.name(document.activeElement).slice(0, 60))}`,
  );
}
