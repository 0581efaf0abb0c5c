// Every page type, in every theme, width and colour scheme: nothing goes wrong, nothing comes from elsewhere, nothing sticks
// out, and axe finds nothing. Leaves a screenshot of each.
import { mkdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { axe } from "../axe.mjs";
import { open, SIZES, withPage } from "../browser.mjs";
import { PAGES, REMOTE_IMAGE } from "../pages.mjs";
import { test } from "../report.mjs";
import { fileAt } from "../server.mjs";

export const weight = 20;

const LONGEST_SCREENSHOT = 4000;

export function tasks({ browser, sites, themes }) {
  const shots = process.env.SCREENSHOTS ?? "target/screenshots";
  mkdirSync(shots, { recursive: true });
  const states = themes.flatMap((theme) => Object.keys(SIZES).map((width) => ({ theme, width })));
  return states.map(
    (state) => () =>
      withPage(browser, state, async (page) => {
        const devtools = await page.context().newCDPSession(page);
        for (const [name, address] of Object.entries(PAGES))
          await look(page, devtools, sites[state.theme], state, name, address, shots);
      }),
  );
}

async function look(page, devtools, site, { theme, width }, name, address, shots) {
  const at = `${theme}/${name}/${width}`;
  page.trouble.forget();
  if (name === "redirect") await stay(page, site, address);
  const expected = name === "404" ? 404 : 200;
  const there = await test(at, `answers ${expected}`, async () => {
    const status = await open(page, site, address);
    return status === expected ? [] : [`status ${status}`];
  });
  if (!there) return;

  await loadPictures(page);
  for (const scheme of ["light", "dark"]) {
    const where = `${at}/${scheme}`;
    await page.emulateMedia({ colorScheme: scheme });
    await test(where, "no horizontal scroll", () =>
      page.evaluate(() => {
        const wide = document.documentElement.scrollWidth;
        return wide <= innerWidth ? [] : [`the page is ${wide} px wide in a window of ${innerWidth} px`];
      }),
    );
    await page.screenshot({ path: path.join(shots, `${theme}-${name}-${width}-${scheme}.png`), ...(await extent(page, width)) });
    // Before axe, which is not the page's own.
    await test(where, "no error, no violation of the policy, no failed request", () => page.trouble.found);
    await test(where, "axe", () => axe(page, devtools));
    page.trouble.found.length = 0;
  }
  await test(at, "no request to another host", () => {
    const urls = page.trouble.requests.map((request) => request.url());
    const problems = urls.filter(
      (url) => !url.startsWith(site.origin) && !url.startsWith("data:") && !(url === REMOTE_IMAGE && name === "article"),
    );
    // Or this test would not see any request.
    if (name === "article" && !urls.includes(REMOTE_IMAGE)) problems.push("the article's own remote image was not asked for");
    return problems;
  });
}

// All of them, the lazy ones below too; one that is blocked does not matter.
function loadPictures(page) {
  return page.evaluate(() => {
    const loaded = [...document.images].map((image) => {
      image.loading = "eager";
      return image.decode().catch(() => {});
    });
    return Promise.all(loaded).then(() => {});
  });
}

// A redirect page is left at once. To look at it, its order to leave is taken out on the way; checks/redirect.mjs follows it.
async function stay(page, site, address) {
  await page.route(site.origin + encodeURI(address), (route) => {
    const file = fileAt(site.folder, encodeURI(address));
    if (!file) return route.continue();
    return route.fulfill({
      contentType: "text/html; charset=utf-8",
      body: readFileSync(file, "utf8").replace(/http-equiv="?refresh"?/i, 'data-x="refresh"'),
    });
  });
}

async function extent(page, width) {
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  if (height <= LONGEST_SCREENSHOT) return { fullPage: true };
  return { fullPage: true, clip: { x: 0, y: 0, width: Number(width), height: LONGEST_SCREENSHOT } };
}
