// The Tab key: the skip link comes first and works, everything that can be pressed is reached, and its focus is seen.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

export const weight = 4;

const MOST_STOPS = 400;

export function tasks({ browser, sites, themes }) {
  return themes.flatMap((theme) => [
    ...["article", "home"].map(
      (name) => () =>
        withPage(browser, { width: 1440 }, (page) =>
          test(`${theme}/${name}/1440`, "the skip link comes first and leads to main", () =>
            skip(page, sites[theme], PAGES[name]),
          ),
        ),
    ),
    ...[
      ["article", 1440],
      ["article", 390],
      ["tag", 1440],
      ["search", 390],
    ].map(
      ([name, width]) =>
        () =>
          withPage(browser, { width }, (page) =>
            test(`${theme}/${name}/${width}`, "Tab reaches everything, and shows where it is", async () => {
              await open(page, sites[theme], PAGES[name]);
              return walk(page);
            }),
          ),
    ),
  ]);
}

async function skip(page, site, address) {
  await open(page, site, address);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => {
    const link = document.activeElement;
    const target = link.hash && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    const box = link.getBoundingClientRect();
    return {
      name: window.sgTest.name(link),
      toMain: Boolean(target?.matches("main, main *")),
      seen: window.sgTest.visible(link) && box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight,
    };
  });
  must(first.toMain, `the first stop is ${first.name}, no link to main`);
  must(first.seen, "the focused skip link is not seen");
  await page.keyboard.press("Enter");
  // Either main has the focus, or the next stop lies in it.
  const inMain = () => page.evaluate(() => Boolean(document.activeElement.closest("main")));
  if (await inMain()) return;
  await page.keyboard.press("Tab");
  must(await inMain(), "after the skip link the focus is not in main");
}

async function walk(page) {
  await page.evaluate(() => {
    const reached = new Set();
    const problems = [];
    let last;
    // What a focus ring may be drawn on: the element, or the label beside a radio button that is not seen itself.
    const ring = (element) =>
      [element, ...(element.labels ?? []), element.nextElementSibling, element.parentElement]
        .filter(Boolean)
        .map((part) => getComputedStyle(part))
        .map((style) => `${style.outlineStyle === "none" ? "" : `${style.outline} ${style.outlineOffset}`} ${style.boxShadow} `)
        .join();
    const covered = (element) => {
      const boxes = [...element.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
      if (boxes.length === 0) return false;
      return !boxes.some((box) => {
        const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
        return top && (element.contains(top) || [...(element.labels ?? [])].some((label) => label.contains(top)));
      });
    };
    // Called after each Tab. Gives whether the way goes on.
    window.sgTest.stop = () => {
      const element = document.activeElement;
      if (last && last.ring === ring(last.element)) problems.push(`the focus is not seen on ${window.sgTest.name(last.element)}`);
      last = undefined;
      if (element === document.body || element === document.documentElement || reached.has(element)) return false;
      reached.add(element);
      last = { element, ring: ring(element) };
      return true;
    };
    window.sgTest.covered = () => covered(last.element);
    window.sgTest.complain = () =>
      problems.push(`something covers ${window.sgTest.name(last.element)}, or it is outside of the window`);
    window.sgTest.walked = () => {
      for (const element of document.querySelectorAll("a[href], button, summary, input, select, textarea, [tabindex='0']")) {
        if (reached.has(element) || element.disabled || element.closest("[inert]") || !window.sgTest.visible(element)) continue;
        // Of radio buttons of one name the arrow keys reach the others.
        if (element.type === "radio" && [...reached].some((other) => other.type === "radio" && other.name === element.name))
          continue;
        problems.push(`Tab does not reach ${window.sgTest.name(element)}`);
      }
      return { problems, stops: reached.size };
    };
  });
  for (let n = 0; n < MOST_STOPS; n++) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(() => window.sgTest.stop()))) break;
    // The page may take a while to scroll there.
    await eventually(async () => !(await page.evaluate(() => window.sgTest.covered())), "", 800).catch(() =>
      page.evaluate(() => window.sgTest.complain()),
    );
  }
  const { problems, stops } = await page.evaluate(() => window.sgTest.walked());
  return stops < 5 ? [`only ${stops} stops`, ...problems] : problems;
}
