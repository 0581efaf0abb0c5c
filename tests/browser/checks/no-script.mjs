// Without JavaScript every page can be read, every link leads somewhere, and nothing is shown that would do nothing.
import { readFileSync } from "node:fs";
import { open, SIZES, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { test } from "../report.mjs";
import { fileAt } from "../server.mjs";

export const weight = 5;

export function tasks({ browser, sites, themes }) {
  return themes.flatMap((theme) =>
    Object.keys(SIZES).map(
      (width) => () =>
        withPage(browser, { width, javaScriptEnabled: false }, async (page) => {
          for (const [name, address] of Object.entries(PAGES)) {
            if (name !== "redirect") await look(page, sites[theme], `${theme}/${name}/${width}`, address);
          }
        }),
    ),
  );
}

async function look(page, site, where, address) {
  await open(page, site, address);
  // Code of a test runs even where that of the page does not; the helpers of browser.mjs do not.
  const seen = await page.evaluate(() => {
    const shown = (element) => {
      const box = element.getBoundingClientRect();
      return element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && box.width > 1 && box.height > 1;
    };
    const all = (selector) => [...document.querySelectorAll(selector)];
    const links = all("a[href]");
    return {
      headings: all("h1")
        .filter(shown)
        .map((h1) => h1.textContent.trim()),
      text: [...all("main :is(p, li, h2, h3, td)")]
        .filter(shown)
        .map((element) => element.textContent)
        .join("").length,
      nav: all("nav a[href]").filter(shown).length,
      links: links.map((link) => link.href).filter((href) => href.startsWith(location.origin)),
      // A check box may work by style alone. A form with an address works without scripts.
      dead: all("button, select, textarea, input:not([type=checkbox], [type=radio], [type=hidden])")
        .filter((element) => shown(element) && !element.closest("form[action]"))
        .map((element) => element.outerHTML.slice(0, 100)),
      dialogs: all("dialog, [popover]")
        .filter(shown)
        .map((element) => element.outerHTML.slice(0, 60)),
    };
  });
  await test(where, "without scripts: one h1, and the text is seen", () => {
    const problems = [];
    if (seen.headings.length !== 1 || !seen.headings[0]) problems.push(`${seen.headings.length} visible h1: ${seen.headings}`);
    if (seen.text < 20) problems.push(`only ${seen.text} characters of text are visible in main`);
    return problems;
  });
  await test(where, "without scripts: links of the navigation are seen", () =>
    seen.nav > 0 ? [] : ["no visible link in any nav"],
  );
  await test(where, "without scripts: nothing is shown that needs them", () => [...seen.dead, ...seen.dialogs]);
  // The links do not depend on the width.
  if (page.viewportSize().width > 1000)
    await test(where, "every link of the site leads somewhere", () => broken(site, address, seen.links));
}

// Looks at the files behind the links, which is what the server does, and at the ids behind the fragments.
function broken(site, address, links) {
  const problems = [];
  for (const link of new Set(links)) {
    const url = new URL(link);
    const file =
      fileAt(site.folder, url.pathname) ?? (decodeURI(url.pathname) === address ? fileAt(site.folder, "/404.html") : undefined);
    if (!file) problems.push(`${decodeURI(link)} is not there`);
    else if (url.hash.length > 1 && file.endsWith(".html") && !hasId(file, decodeURIComponent(url.hash.slice(1))))
      problems.push(`${decodeURI(link)} has no such id`);
  }
  return problems;
}

const ids = new Map();
function hasId(file, id) {
  if (!ids.has(file)) {
    const found = readFileSync(file, "utf8").matchAll(/\sid=(?:"([^"]*)"|([^\s>]+))/g);
    ids.set(file, new Set([...found].map(([, quoted, bare]) => quoted ?? bare)));
  }
  return ids.get(file).has(id);
}
