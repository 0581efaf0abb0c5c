// zhi is vertical where there is room, horizontal on a phone, and the reader can lay it down.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("zhi")) return [];
  const mode = (page) => page.evaluate(() => getComputedStyle(document.querySelector(".e-content")).writingMode);
  return [true, false].flatMap((javaScriptEnabled) => {
    const how = javaScriptEnabled ? "" : ", without scripts";
    return [
      () =>
        withPage(browser, { width: 1440, javaScriptEnabled }, (page) =>
          test("zhi/article/1440", `vertical, and the control lays it down and up again${how}`, async () => {
            await open(page, sites.zhi, PAGES.article);
            must((await mode(page)) === "vertical-rl", `writing-mode is ${await mode(page)}`);
            const id = await page.evaluate(() => document.querySelector("#zhi-horizontal")?.type);
            must(id === "checkbox", "there is no check box #zhi-horizontal");
            const label = page.locator("label[for=zhi-horizontal], label:has(#zhi-horizontal)").first();
            await label.click();
            await eventually(async () => (await mode(page)) === "horizontal-tb", "the control does not make it horizontal");
            await label.click();
            await eventually(async () => (await mode(page)) === "vertical-rl", "the control does not make it vertical again");
          }),
        ),
      () =>
        withPage(browser, { width: 390, javaScriptEnabled }, (page) =>
          test("zhi/article/390", `horizontal${how}`, async () => {
            await open(page, sites.zhi, PAGES.article);
            must((await mode(page)) === "horizontal-tb", `writing-mode is ${await mode(page)}`);
          }),
        ),
    ];
  });
}
