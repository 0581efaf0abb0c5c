// A site built with `urls: {style: explicit}` can be read from a folder, without a server.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { withPage } from "../browser.mjs";
import { eventually, must, test } from "../report.mjs";
import { choose, closeDialog, look, openSettings } from "../settings.mjs";

export function tasks({ browser, themes, build }) {
  return themes.map(
    (theme) => () =>
      withPage(browser, { width: 1440 }, (page) =>
        test(`${theme}/files`, "home, article, tag and back, from file://", async () => {
          const folder = build(`${theme}-explicit`, theme, "urls: {style: explicit}\n");
          await read(page, folder, theme);
          return page.trouble.found;
        }),
      ),
  );
}

async function read(page, folder, theme) {
  const home = pathToFileURL(path.join(folder, "index.html")).href;
  await page.goto(home);
  await whole(page, folder);
  await follow(page, /\/\d{4}\/\d\d\/\d\d\/[^/]+\/index\.html$/, "a post", folder);
  const article = page.url();
  if (theme === "jian") {
    const before = (await look(page)).paper;
    await openSettings(page);
    await choose(page, "paper", "night");
    await closeDialog(page);
    must((await look(page)).paper !== before, "the settings change nothing");
  }
  await follow(page, /\/tags\/[^/]+\/index\.html$/, "a tag", folder);
  await page.goBack();
  await eventually(() => page.url() === article, "back does not lead to the post");
}

// Clicks the first visible link to a file of the site that matches.
async function follow(page, pattern, what, folder) {
  const handle = await page.evaluateHandle(
    (pattern) =>
      [...document.querySelectorAll("main a[href]")].find(
        (link) => new RegExp(pattern).test(link.pathname) && window.sgTest.visible(link),
      ),
    pattern.source,
  );
  const link = handle.asElement();
  must(link, `${decodeURI(page.url())} has no link to ${what}`);
  const target = await link.evaluate((link) => link.href);
  await link.click();
  await eventually(() => page.url() === target, `the link to ${what} does not open ${decodeURI(target)}`);
  await page.waitForLoadState("load");
  await whole(page, folder);
}

// The style is there, and every link of the site is relative and names a file.
async function whole(page, folder) {
  const root = pathToFileURL(folder).href;
  const problems = await page.evaluate((root) => {
    const problems = [];
    for (const sheet of document.querySelectorAll("link[rel=stylesheet]"))
      if (!sheet.sheet) problems.push(`the style ${sheet.href} is not applied`);
    if (!document.querySelector("link[rel=stylesheet]")) problems.push("there is no style");
    for (const link of document.querySelectorAll("a[href], link[rel~=stylesheet], script[src], img[src]")) {
      const address = link.getAttribute("href") ?? link.getAttribute("src");
      if (/^(https?:\/\/(example\.com|images\.invalid)\/|#|data:)/.test(address)) continue;
      if (/^(\/|[a-z]+:)/.test(address)) problems.push(`${address} is not relative`);
      else if (!new URL(address, location).href.startsWith(root)) problems.push(`${address} leaves the folder`);
      else if (link.localName === "a" && !/\.(html|xml|json|png|svg)$/.test(new URL(address, location).pathname))
        problems.push(`${address} does not name a file`);
    }
    return problems;
  }, root);
  must(problems.length === 0, `${decodeURI(page.url().slice(root.length))}: ${[...new Set(problems)].slice(0, 5).join("; ")}`);
}
