// What the first visit of a page costs. Prints a table, and holds the themes to their budgets.
import { readFileSync } from "node:fs";
import zlib from "node:zlib";
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { test } from "../report.mjs";
import { fileAt } from "../server.mjs";

const KB = 1024;
const LIMITS = { css: 14 * KB, js: 6 * KB, requests: 3, fonts: 0 };
// The search page has a script more. Together they fit into the first packets of a connection.
const SEARCH = { ...LIMITS, js: 16 * KB, requests: 4, search: 14 * KB };
const SU = { rawCss: 2 * KB, js: 0 };

export function tasks({ browser, sites, themes }) {
  return [
    async () => {
      const rows = [];
      for (const theme of themes) {
        for (const name of ["article", "home", "tag", "archive", "search"])
          rows.push(await measure(browser, sites[theme], theme, name));
      }
      console.log("bytes in brotli         html    css     js  requests  fonts");
      for (const { where, html, css, js, requests, fonts } of rows) {
        console.log(
          where.padEnd(20) +
            [html, css, js].map((bytes) => String(bytes).padStart(7)).join("") +
            String(requests).padStart(10) +
            String(fonts).padStart(7),
        );
      }
      for (const row of rows) await test(row.where, "budget", () => over(row));
    },
  ];
}

function over({ where, rawCss, ...row }) {
  const problems = [];
  const isSearch = where.endsWith("/search");
  for (const [what, limit] of Object.entries(isSearch ? SEARCH : LIMITS))
    if (row[what] > limit) problems.push(`${what}: ${row[what]}, at most ${limit}`);
  if (where.startsWith("su/")) {
    if (rawCss > SU.rawCss) problems.push(`css, not compressed: ${rawCss}, at most ${SU.rawCss}`);
    if (row.js > SU.js && !isSearch) problems.push(`js: ${row.js}, at most ${SU.js}`);
  }
  return problems;
}

async function measure(browser, site, theme, name) {
  return withPage(browser, {}, async (page) => {
    await open(page, site, PAGES[name]);
    const sum = { where: `${theme}/${name}`, html: 0, css: 0, js: 0, rawCss: 0, search: 0, requests: 0, fonts: 0 };
    for (const request of page.trouble.requests) {
      const kind = { document: "html", stylesheet: "css", script: "js" }[request.resourceType()];
      if (request.resourceType() === "font") sum.fonts++;
      if (request.resourceType() === "image" || request.url().startsWith("data:")) continue;
      sum.requests++;
      const file = fileAt(site.folder, new URL(request.url()).pathname);
      if (!kind || !file) continue;
      const bytes = readFileSync(file);
      const size = zlib.brotliCompressSync(bytes).length; // quality 11 is the default
      sum[kind] += size;
      if (kind === "html" || /\/search\./.test(file)) sum.search += size;
      if (kind === "css") sum.rawCss += bytes.length;
    }
    return sum;
  });
}
