// The reader's settings of jian: they act at once, last, hold on every page, and are there before the first paint.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { must, test } from "../report.mjs";
import { serve } from "../server.mjs";
import { choose, closeDialog, look, openSettings } from "../settings.mjs";

const VALUES = {
  size: ["1", "2", "3", "4", "5"],
  face: ["song", "hei", "kai"],
  leading: ["1", "2", "3"],
  paragraphs: ["gap", "indent"],
  paper: ["paper", "sepia", "night"],
};

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  const site = sites.jian;
  const on = (options, what, body) => () =>
    withPage(browser, options, (page) =>
      test(`jian/settings/${options.width}`, what, async () => {
        await open(page, site, PAGES.article);
        const problems = await body(page, site);
        return [...(problems ?? []), ...page.trouble.found];
      }),
    );
  return [
    ...[390, 1440].map((width) => on({ width }, "each choice changes the text at once", changeAtOnce)),
    on({ width: 1440 }, "the dialog is modal, keeps and returns the focus", focus),
    on({ width: 1440 }, "the choices last over a reload and on other pages", last),
    on({ width: 1440, scheme: "dark" }, "paper=auto follows the system, and a choice overrules it", overrule),
    on({ width: 1440 }, "night is printed in dark ink", printNight),
    on({ width: 1440 }, "what is stored may be broken or forbidden", broken),
    () =>
      withPage(browser, { width: 1440 }, (page) =>
        test("jian/settings/1440", "night is there before the first paint", () => noFlash(page, site.folder)),
      ),
  ];
}

async function changeAtOnce(page) {
  await openSettings(page);
  const problems = [];
  for (const [name, values] of Object.entries(VALUES)) {
    const seen = [];
    for (const value of values) {
      await choose(page, name, value);
      seen.push((await look(page))[name]);
    }
    if (new Set(seen).size < values.length) problems.push(`${name} ${values} look like ${seen}`);
    if (typeof seen[0] === "number" && seen.some((value, n) => n > 0 && !(value > seen[n - 1])))
      problems.push(`${name} does not grow: ${seen}`);
  }
  return problems;
}

async function focus(page) {
  await openSettings(page);
  must(await page.evaluate(() => document.querySelector("#sg-settings").matches(":modal")), "the dialog is not modal");
  must(await page.evaluate(() => Boolean(document.activeElement.closest("#sg-settings"))), "the focus is not in the dialog");
  await closeDialog(page);
  must(await page.evaluate(() => document.activeElement.id === "sg-settings-button"), "the focus does not return to the button");
}

const CHOICE = { size: "5", face: "kai", leading: "3", paragraphs: "indent", paper: "night" };

async function chooseAll(page, choice) {
  await openSettings(page);
  for (const [name, value] of Object.entries(choice)) await choose(page, name, value);
  await closeDialog(page);
}

async function last(page, site) {
  await chooseAll(page, CHOICE);
  const chosen = await look(page);
  const stored = JSON.parse(await page.evaluate(() => localStorage.getItem("sg:settings")));
  for (const [name, value] of Object.entries(CHOICE))
    must(String(stored[name]) === value, `sg:settings holds ${name}: ${stored[name]}, not ${value}`);
  await page.reload();
  same(await look(page), chosen, "after a reload");
  await openSettings(page);
  for (const [name, value] of Object.entries(CHOICE)) {
    must(
      await page.locator(`#sg-settings input[name="${name}"][value="${value}"]`).isChecked(),
      `after a reload the dialog does not show ${name}=${value}`,
    );
  }
  await open(page, site, PAGES.untitled);
  same(await look(page), chosen, "on another post");
  await open(page, site, PAGES.archive);
  const paper = (await look(page)).paper;
  must(paper === chosen.paper, `the archive is on ${paper}, not on ${chosen.paper}`);
}

function same(now, then, where) {
  for (const name of Object.keys(then)) must(now[name] === then[name], `${where}, ${name} is ${now[name]} and was ${then[name]}`);
}

async function overrule(page) {
  const night = (await look(page)).paper;
  await chooseAll(page, { paper: "paper" });
  const paper = (await look(page)).paper;
  must(paper !== night, "paper=paper looks like the dark scheme of the system");
  await chooseAll(page, { paper: "night" });
  must((await look(page)).paper === night, "paper=night does not look like the dark scheme of the system");
  await chooseAll(page, { paper: "auto" });
  must((await look(page)).paper === night, "paper=auto does not follow the system");
  await page.emulateMedia({ colorScheme: "light" });
  must((await look(page)).paper === paper, "paper=auto does not follow the system when it changes");
}

async function printNight(page) {
  await chooseAll(page, { paper: "night" });
  await page.emulateMedia({ media: "print" });
  const ink = await page.evaluate(() => {
    // A colour in any notation, as bytes.
    const canvas = new OffscreenCanvas(1, 1).getContext("2d");
    canvas.fillStyle = getComputedStyle(document.querySelector(".e-content > p")).color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  });
  must(Math.max(...ink) < 128, `the ink is rgb(${ink})`);
}

async function broken(page, site) {
  for (const stored of ["{", "null", "[]", '"night"', '{"size":99,"paper":{"x":1},"face":"<b>"}']) {
    await page.evaluate((stored) => localStorage.setItem("sg:settings", stored), stored);
    await open(page, site, PAGES.article);
    await openSettings(page);
    await closeDialog(page);
  }
  // As with cookies blocked: each use of the storage throws.
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("The operation is insecure.", "SecurityError");
      },
    });
  });
  await open(page, site, PAGES.article);
  const before = (await look(page)).paper;
  await chooseAll(page, { paper: "night" });
  must((await look(page)).paper !== before, "without storage the settings do nothing");
}

// The script arrives late, as on a slow line: a page that paints before it would flash.
async function noFlash(page, folder) {
  let late = 0;
  const site = await serve(folder, { delay: (pathname) => (pathname.endsWith(".js") ? late : 0) });
  try {
    await open(page, site, PAGES.article);
    const day = (await look(page)).paper;
    await chooseAll(page, { paper: "night" });
    const night = (await look(page)).paper;
    must(night !== day, "paper=night changes nothing");
    await page.addInitScript(record);
    late = 400;
    await open(page, site, PAGES.article);
    await page.waitForTimeout(200);
    const { paint, frames } = await page.evaluate(() => window.sgFrames());
    must(paint, "nothing was painted");
    // The frame that was painted first is the last one that began before it.
    const first = Math.max(
      0,
      frames.findLastIndex(({ at }) => at <= paint),
    );
    const flash = frames.slice(first).find(({ paper }) => paper !== night);
    must(!flash, `painted at ${Math.round(paint)} ms, and ${flash?.paper} at ${Math.round(flash?.at)} ms`);
  } finally {
    await site.close();
  }
}

function record() {
  const frames = [];
  const frame = (at) => {
    if (document.body) {
      const paper = [document.documentElement, document.body].map((element) => getComputedStyle(element).backgroundColor);
      frames.push({ at, paper: paper.find((colour) => colour !== "rgba(0, 0, 0, 0)") ?? "none" });
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  window.sgFrames = () => ({ frames, paint: performance.getEntriesByName("first-paint")[0]?.startTime });
}
