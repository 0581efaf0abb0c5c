// Nothing moves while pictures arrive late and a reader scrolls: the cumulative layout shift stays at or below 0.02.
import { open, SIZES, wheelThrough, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { test } from "../report.mjs";
import { serve } from "../server.mjs";

export const weight = 30;

const MOST = 0.02;
const LATE = 800;

export function tasks({ browser, sites, themes }) {
  return themes.flatMap((theme) => Object.keys(SIZES).map((width) => () => measure(browser, sites[theme].folder, theme, width)));
}

async function measure(browser, folder, theme, width) {
  const site = await serve(folder, { delay: (pathname) => (pathname.startsWith("/pictures/") ? LATE : 0) });
  try {
    for (const name of ["article", "scraped", "home"]) {
      await withPage(browser, { width, remote: LATE }, async (page) => {
        await page.addInitScript(observe);
        await test(`${theme}/${name}/${width}`, `layout shift while scrolling, pictures ${LATE} ms late`, async () => {
          await open(page, site, PAGES[name]);
          await page.waitForTimeout(300);
          await wheelThrough(page);
          await page.waitForTimeout(LATE + 200);
          const { score, worst } = await page.evaluate(() => window.sgShift());
          return score <= MOST ? [] : [`${score.toFixed(3)}, at most ${MOST}; most of it: ${worst}`];
        });
      });
    }
  } finally {
    await site.close();
  }
}

// As in https://web.dev/articles/cls: the worst session of shifts, each at most 1 s after the last, 5 s in all.
function observe() {
  const shifts = [];
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      const moved = entry.sources.map(({ node, previousRect, currentRect }) => {
        const element = node?.nodeType === 1 ? node : node?.parentElement;
        const change = `${Math.round(previousRect.y)}+${Math.round(previousRect.height)} to ${Math.round(currentRect.y)}+${Math.round(currentRect.height)}`;
        return `${element ? window.sgTest.name(element) : "a removed element"} (${change})`;
      });
      shifts.push({ start: entry.startTime, value: entry.value, moved: moved.slice(0, 2).join(", ") });
    }
  }).observe({ type: "layout-shift", buffered: true });
  window.sgShift = () => {
    let score = 0;
    let session = { value: 0, first: 0, last: -Infinity };
    for (const { start, value } of shifts) {
      if (start - session.last > 1000 || start - session.first > 5000) session = { value: 0, first: start };
      session.value += value;
      session.last = start;
      score = Math.max(score, session.value);
    }
    const worst = shifts.toSorted((a, b) => b.value - a.value)[0];
    return { score, worst: worst ? `${worst.value.toFixed(3)} at ${Math.round(worst.start)} ms, ${worst.moved}` : "" };
  };
}
