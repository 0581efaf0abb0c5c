// The single keys of jian: `?` help, `t` outline, `/` search, arrows to the neighbours. They keep out of the way of typing and
// of the browser's own keys, and can be switched off (WCAG 2.1.4).
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";
import { choose, closeDialog, openSettings } from "../settings.mjs";

const ARTICLE = PAGES.article;
const QUESTION = "Shift+Slash"; // where `?` is on most keyboards

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  const site = sites.jian;
  const on =
    (width, what, body, address = ARTICLE) =>
    () =>
      withPage(browser, { width }, (page) =>
        test(`jian/keys/${width}`, what, async () => {
          await open(page, site, address);
          return body(page, site);
        }),
      );
  return [
    on(1440, "? opens the help, Esc closes it, the focus returns", help),
    on(1440, "t leads to the outline", outline),
    on(390, "t leads to the outline", outline),
    on(1440, "/ leads to the search", search),
    on(1440, "/ on the search page leads to its input", searchInput, PAGES.search),
    on(1440, "the arrows lead to the newer and the older post", arrows),
    on(1440, "no key acts while typing", typing, PAGES.tags),
    on(1440, "arrows in the settings do not leave the page", arrowsInSettings),
    on(1440, "no key acts with Ctrl, Alt or Meta", modifiers),
    on(1440, "the keys can be switched off", switchedOff),
  ];
}

const openDialog = (page) => page.evaluate(() => document.querySelector("dialog[open]")?.id ?? "");
const focused = (page, selector) => page.evaluate((selector) => Boolean(document.activeElement.closest(selector)), selector);
const here = (page) => decodeURI(new URL(page.url()).pathname);

async function help(page) {
  // Somewhere in the page, to come back to.
  await page.evaluate(() => document.querySelector("main a[href]").focus());
  await page.keyboard.press(QUESTION);
  await eventually(async () => (await openDialog(page)) === "sg-help", "#sg-help does not open");
  must(await page.evaluate(() => document.querySelector("#sg-help").matches("dialog:modal")), "#sg-help is no modal dialog");
  must(await focused(page, "#sg-help"), "the focus is not in the help");
  await page.keyboard.press("Escape");
  await eventually(async () => !(await openDialog(page)), "Esc does not close the help");
  must(
    await page.evaluate(() => document.activeElement === document.querySelector("main a[href]")),
    "the focus does not return to where it was",
  );
}

async function outline(page) {
  await page.keyboard.press("t");
  await eventually(() => focused(page, "#sg-outline"), "the focus is not in #sg-outline");
  const links = await page.evaluate(() => [...document.querySelectorAll("#sg-outline a")].filter(window.sgTest.visible).length);
  must(links >= 6, `${links} links of the outline are seen`);
}

async function search(page) {
  await page.keyboard.press("/");
  await eventually(
    async () => here(page) === PAGES.search || (await focused(page, "input")),
    "neither the search page nor an input",
  );
}

async function searchInput(page) {
  await page.evaluate(() => document.activeElement.blur());
  await page.keyboard.press("/");
  await eventually(() => focused(page, "main input"), "the input has no focus");
  must((await page.evaluate(() => document.activeElement.value)) === "", "the slash itself is in the input");
}

async function arrows(page, site) {
  for (const [key, rel] of [
    ["ArrowLeft", "prev"],
    ["ArrowRight", "next"],
  ]) {
    await open(page, site, ARTICLE);
    const target = await page.evaluate((rel) => document.querySelector(`main a[rel~=${rel}]`)?.href, rel);
    must(target, `there is no link rel=${rel}`);
    await page.keyboard.press(key);
    await eventually(
      () => page.url() === target,
      () => `${key} leads to ${here(page)}, not to ${decodeURI(target)}`,
    );
  }
}

async function typing(page) {
  const input = page.locator("main input").first();
  await input.click();
  await page.keyboard.type("t?/");
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(200);
  must((await input.inputValue()) === "t?/", `the input holds ${await input.inputValue()}`);
  must(here(page) === PAGES.tags, `the page became ${here(page)}`);
  must(!(await openDialog(page)), `#${await openDialog(page)} opened`);
  must(await focused(page, "main input"), "the input lost the focus");
}

async function arrowsInSettings(page) {
  await openSettings(page);
  await page.evaluate(() => document.querySelector("#sg-settings input[name=size]:checked").focus());
  const before = await page.evaluate(() => document.querySelector("#sg-settings input[name=size]:checked").value);
  await page.keyboard.press("ArrowRight");
  await page.waitForTimeout(300);
  must(here(page) === ARTICLE, `the page became ${here(page)}`);
  const after = await page.evaluate(() => document.querySelector("#sg-settings input[name=size]:checked").value);
  must(before !== after, "the arrow did not choose the next size");
}

async function modifiers(page) {
  for (const modifier of ["Control", "Alt", "Meta"]) {
    for (const key of [QUESTION, "t", "/", "ArrowLeft", "ArrowRight"]) {
      // Some of these are the browser's own, so they are sent to the page alone.
      await page.evaluate(
        ([key, modifier]) =>
          document.body.dispatchEvent(
            new KeyboardEvent("keydown", {
              key,
              ctrlKey: modifier === "Control",
              altKey: modifier === "Alt",
              metaKey: modifier === "Meta",
              bubbles: true,
              cancelable: true,
            }),
          ),
        [key === QUESTION ? "?" : key, modifier],
      );
    }
  }
  await page.waitForTimeout(300);
  await nothingHappened(page);
}

async function switchedOff(page, site) {
  await openSettings(page);
  await choose(page, "keys", false);
  await closeDialog(page);
  for (const reloaded of [false, true]) {
    if (reloaded) await open(page, site, ARTICLE);
    for (const key of [QUESTION, "t", "/", "ArrowLeft", "ArrowRight"]) await page.keyboard.press(key);
    await page.waitForTimeout(300);
    await nothingHappened(page);
  }
}

async function nothingHappened(page) {
  must(here(page) === ARTICLE, `the page became ${here(page)}`);
  must(!(await openDialog(page)), `#${await openDialog(page)} opened`);
  must(!(await focused(page, "#sg-outline")), "the focus went to the outline");
}
