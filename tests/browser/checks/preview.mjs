// The live preview, `sitegen serve`: what is saved shows in the pages that are open, and nothing else about them changes.
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { axe } from "../axe.mjs";
import { newTab, open, SIZES, withPage } from "../browser.mjs";
import { startPreview, writeSite } from "../preview-server.mjs";
import { eventually, must, test } from "../report.mjs";
import { closeDialog, openSettings } from "../settings.mjs";

export const weight = 5;

// Until a change shows. It takes some 50 ms; machines may be slow.
const PATIENCE = 15000;
const LONG = "/2024/03/01/堤岸长记/";
const SHORT = "/2024/03/02/水尺/";
const SHORT_FILE = "posts/2024-03-02-水尺.md";
const LONG_FILE = "posts/2024-03-01-堤岸长记.md";

export function tasks(world) {
  const { themes } = world;
  const states = [
    { theme: "jian", width: 1440 },
    { theme: "su", width: 390 },
    { theme: "zhi", width: 1440 },
  ];
  const ofJian = [problems, copied, away, tabs, lead, restart, dialogs, gone, fromTheStart, held, belowPath, asBuilt];
  return [
    ...states.filter(({ theme }) => themes.includes(theme)).map((state) => () => edit(world, state)),
    ...(themes.includes("jian") ? ofJian.map((task) => () => task(world)) : []),
  ];
}

// A post is edited, then its style sheets, then another post.
function edit(world, { theme, width }) {
  const where = `${theme}/preview/${width}`;
  return preview(world, where, { theme, width, files: { "templates/post.html": TEMPLATE } }, async ({ page, site, server }) => {
    await open(page, server, LONG);
    await middle(page);

    await test(where, "an edit at the end shows, and the reader stays in place", async () => {
      const before = await place(page);
      site.write({ [LONG_FILE]: long({ end: "堤上又添了一句。" }) });
      await shows(page, "堤上又添了一句。");
      await staysAt(page, before);
    });
    await test(where, "an edit of a word shows, and the reader stays in place", async () => {
      const before = await place(page);
      site.write({ [LONG_FILE]: long({ end: "堤上又添了一句。", word: "新堤" }) });
      await shows(page, "新堤");
      await staysAt(page, before);
    });

    await test(where, "many saves in a row end with the last, in place", async () => {
      const before = await place(page);
      for (let n = 1; n <= 20; n++) {
        site.write({ [LONG_FILE]: long({ end: `连存第 ${n} 次。`, word: "新堤" }) });
        await new Promise((resolve) => setTimeout(resolve, n * 10));
      }
      await shows(page, "连存第 20 次。");
      await staysAt(page, before);
    });

    const look = (property) => page.evaluate((name) => getComputedStyle(document.documentElement)[name], property);
    const sheets = () => page.evaluate(() => document.querySelectorAll('link[rel~="stylesheet"]').length);
    // `file` becomes `text`, which gives the root another `property`. Its answer is kept back for a while: a page without it
    // would be seen.
    const restyle = async (file, text, property) => {
      // The text of a page that was just loaded again is there before its styles.
      await loaded(page);
      const [before, old, count] = [await place(page), await look(property), await sheets()];
      await mark(page);
      let letGo;
      const gate = new Promise((resolve) => (letGo = resolve));
      const isSheet = (url) => url.pathname.endsWith(".css");
      await page.route(isSheet, (route) => gate.then(() => route.continue()));
      try {
        site.write({ [file]: text });
        await eventually(async () => (await sheets()) > count, "no new style sheet is asked for", PATIENCE);
        must((await look(property)) === old, "the old style sheet goes before the new one is there");
      } finally {
        letGo();
      }
      await eventually(async () => (await look(property)) !== old, "the new style does not apply", PATIENCE);
      await eventually(async () => (await sheets()) === count, "the old style sheet stays", PATIENCE);
      await page.unroute(isSheet);
      await staysAt(page, before);
      must(await isMarked(page), "the page was loaded again");
    };
    await test(where, "an asset of the site is another style at once, without loading the page again", () =>
      restyle("assets/own.css", outline(2), "outlineColor"),
    );
    await test(where, "so is a style sheet in static/", () => restyle("static/copied.css", caret(2), "caretColor"));
    await test(where, "and once more", () => restyle("static/copied.css", caret(3), "caretColor"));
    await test(where, "so is the theme's own sheet, when the site gets one in its place", async () => {
      const sheet = await page.evaluate(async () => {
        const link = [...document.querySelectorAll('link[rel~="stylesheet"]')].find(({ href }) => /style\.\w+\.css/.test(href));
        return (await fetch(link.href)).text();
      });
      await restyle("assets/style.css", `${sheet}\n:root { column-rule-color: rgb(9, 9, 9) }\n`, "columnRuleColor");
    });

    await test(where, "a style sheet that is gone before it could be had leaves the old one until the next", async () => {
      const [old, count] = [await look("outlineColor"), await sheets()];
      let asked = 0;
      let letGo;
      const gate = new Promise((resolve) => (letGo = resolve));
      // The first is missing, as if it had been saved again meanwhile. When the second is asked for, the page has done with the first.
      await page.route(/assets\/own\.\w+\.css/, async (route) => {
        if (asked++ === 0) return route.fulfill({ status: 404, contentType: "text/css", body: "" });
        await gate;
        return route.continue();
      });
      try {
        site.write({ "assets/own.css": outline(5) });
        await eventually(() => asked === 1, "the first is not asked for", PATIENCE);
        site.write({ "assets/own.css": outline(6) });
        await eventually(() => asked === 2, "the second is not asked for", PATIENCE);
        // The browser says so in its own time, which may be later.
        await eventually(() => page.trouble.found.some((text) => text.includes("404")), "no word of the first", PATIENCE);
        must((await look("outlineColor")) === old, "the page is bare");
      } finally {
        letGo();
        page.trouble.found.length = 0;
      }
      await eventually(async () => (await look("outlineColor")) === "rgb(6, 6, 6)", "the second does not apply", PATIENCE);
      await eventually(async () => (await sheets()) === count, "an old style sheet stays", PATIENCE);
      await page.unroute(/assets\/own\.\w+\.css/);
    });

    await test(where, "an edit of another post does not load the page again", async () => {
      await mark(page);
      const before = await place(page);
      const asked = () => heads(page, server, LONG);
      // Each edit is heard of before the next; after the second question the answer to the first has been acted on.
      for (const n of [1, 2]) {
        const known = asked();
        site.write({ [SHORT_FILE]: short(`改了第 ${n} 次。`) });
        await eventually(() => asked() > known, "the page does not ask whether it is another", PATIENCE);
      }
      must((await served(server, SHORT)).includes("改了第 2 次。"), "the other post is not another");
      await staysAt(page, before);
      must(await isMarked(page), "the page was loaded again");
    });
    await test(where, "styles changed beside another post show too", async () => {
      const old = await look("caretColor");
      site.write({ "static/copied.css": caret(4), [SHORT_FILE]: short("改了第 3 次。") });
      await eventually(async () => (await look("caretColor")) !== old, "the new style does not apply", PATIENCE);
    });
    await test(where, "a change of site.yaml shows", async () => {
      site.write({ "site.yaml": config(theme).replace("渡口预览", "渡口新名") });
      await eventually(async () => /渡口新名/.test(await page.title()), "the site has its old title", PATIENCE);
    });
    if (theme === "jian") {
      await test(where, "a page that was loaded by the preview does not offer to go on reading", async () => {
        await open(page, server, LONG);
        await middle(page);
        site.write({ [LONG_FILE]: long({ end: "再添一句。" }) });
        await shows(page, "再添一句。");
        await loaded(page);
        await page.waitForTimeout(300);
        must(!(await page.evaluate(() => document.querySelector("#sg-resume")?.checkVisibility())), "#sg-resume is seen");
      });
    }
  });
}

const PROBLEMS = [
  {
    what: "front matter that is never closed",
    file: SHORT_FILE,
    broken: "---\ntitle: 水尺\ndate: 2024-03-02\n\n水位三尺。\n",
    place: `${SHORT_FILE}:1:1`,
    line: "---",
    words: "前置信息从这里开始，却没有结束",
    // A post that stands behind the overlay, here as it was.
    behind: "河水很慢。",
  },
  {
    what: "bad YAML in front matter",
    file: SHORT_FILE,
    broken: "---\ntitle: 水尺\ngauge:\n  low: [1, 2\n  high: 3\ndate: 2024-03-02\n---\n\n水位三尺。\n",
    place: `${SHORT_FILE}:5:7`,
    line: "  high: 3",
    words: "不是有效的 YAML",
    behind: "河水很慢。",
  },
  {
    what: "a template with a field that does not exist",
    file: "templates/post.html",
    broken: '{% extends "theme/post.html" %}\n{% block main %}{{ super() }}{{ post.nope }}{% endblock %}\n',
    place: "templates/post.html:2:38",
    line: "{{ post.nope }}",
    words: "nope",
    behind: "河水很慢。",
  },
  {
    what: "a template that cannot be read",
    file: "templates/post.html",
    broken: '{% extends "theme/post.html" %}\n{% block main %}{{ post.title }\n',
    place: "templates/post.html:2:",
    line: "{{ post.title }",
    words: "}}",
    behind: "河水很慢。",
  },
  {
    what: "an unknown key in site.yaml",
    file: "site.yaml",
    broken: `${config("jian")}titel: 渡口\n`,
    place: "site.yaml:5:1",
    line: "titel: 渡口",
    words: "titel",
    behind: "河水很慢。",
  },
];

// What is wrong is shown above the last good page.
function problems(world) {
  const shots = process.env.SCREENSHOTS ?? "target/screenshots";
  mkdirSync(shots, { recursive: true });
  const where = "jian/preview/overlay";
  return preview(world, where, { files: { "templates/post.html": TEMPLATE } }, async ({ page, site, server, good }) => {
    const devtools = await page.context().newCDPSession(page);
    await open(page, server, SHORT);
    await mark(page);
    for (const { what, file, broken, place, line, words, behind } of PROBLEMS) {
      await test(where, `${what} is shown with its place, line and words, above the last good page`, async () => {
        site.write({ [file]: broken });
        await overlay(page);
        const { text, role } = await said(page);
        must(role === "alert" || role === "alertdialog", `its role is ${role}`);
        for (const part of [place, line, words]) must(text.includes(part), `it does not say ${part}, but ${text}`);
        must((await content(page)).includes(behind), "the last good page is not behind it");
      });
      await test(where, `${what}: a page that is loaded anew says the same`, async () => {
        await page.reload();
        await overlay(page);
        must((await said(page)).text.includes(place), `it does not say ${place}`);
        must((await content(page)).includes(behind), "the last good page is not behind it");
        await mark(page);
      });
      await test(where, `${what}: the overlay goes by itself when it is mended`, async () => {
        site.write({ [file]: good[file] });
        await noOverlay(page);
        must(await isMarked(page), "the page was loaded again, though it is as it was");
      });
    }

    const { file, broken } = PROBLEMS[0];
    const again = () => site.write({ [file]: broken });
    await test(where, "Escape closes it", async () => {
      again();
      await overlay(page);
      await page.keyboard.press("Escape");
      await noOverlay(page);
      must((await content(page)).includes("河水很慢。"), "the page is not seen");
    });
    site.write({ [file]: short("水位四尺。") });
    await shows(page, "水位四尺。");
    await test(where, "one that was closed comes back when the same breaks again after it was mended", async () => {
      // Another post, so that this page is not loaded again.
      const asked = () => heads(page, server, SHORT);
      const breakIt = () => site.write({ [LONG_FILE]: long().replace("---\n\n", "") });
      breakIt();
      await overlay(page);
      await page.keyboard.press("Escape");
      await noOverlay(page);
      const known = asked();
      site.write({ [LONG_FILE]: long({ end: "已经修好。" }) });
      await eventually(() => asked() > known, "the page does not hear that it is mended", PATIENCE);
      breakIt();
      await overlay(page).finally(() => site.write({ [LONG_FILE]: long() }));
      await noOverlay(page);
    });
    site.write({ [file]: short("水位五尺。") });
    await shows(page, "水位五尺。");
    await test(where, "its button closes it", async () => {
      again();
      await overlay(page);
      await page.locator("sitegen-preview button").click();
      await noOverlay(page);
    });
    site.write({ [file]: short("水位六尺。") });
    await shows(page, "水位六尺。");
    again();
    await overlay(page);
    await test(where, "its button has the focus, or gets it by one Tab", async () => {
      const focused = () => page.evaluate(() => document.activeElement?.shadowRoot?.activeElement?.localName);
      if ((await focused()) === "button") return;
      await page.keyboard.press("Tab");
      const name = () => page.evaluate(() => window.sgTest.name(document.activeElement));
      must((await focused()) === "button", `the focus is on ${await name()}`);
    });
    await test(where, "all its words are Chinese where the locale is", async () => {
      const { text } = await said(page);
      const latin = text.replace(file, "").match(/[A-Za-z][A-Za-z ]+/g) ?? [];
      return latin.map((words) => `it says ${words.trim()}`);
    });
    for (const [width, size] of Object.entries(SIZES)) {
      await page.setViewportSize(size);
      for (const scheme of ["light", "dark"]) {
        await page.emulateMedia({ colorScheme: scheme });
        const at = `${where}/${width}/${scheme}`;
        await page.screenshot({ path: path.join(shots, `preview-overlay-${width}-${scheme}.png`) });
        await test(at, "axe", () => axe(page, devtools));
        await test(at, "it does not stick out, and its words are in the window", () =>
          page.evaluate(() => {
            const back = document.querySelector("sitegen-preview").shadowRoot.querySelector(".back");
            const right = (element) => element.getBoundingClientRect().right;
            // A long line scrolls in its box.
            const wide = [...back.querySelectorAll(":not(pre > *)")].filter((element) => right(element) > innerWidth + 1);
            return wide.map((element) => `${element.localName} ends at ${right(element)} px`);
          }),
        );
      }
    }
  });
}

// A page with a dialog of its own open.
function dialogs(world) {
  const where = "jian/preview/dialog";
  return preview(world, where, { locale: "en_US.UTF-8" }, async ({ page, site, server, good }) => {
    await open(page, server, SHORT);
    await test(where, "an overlay in English on a Chinese page says that it is English", async () => {
      site.write({ [SHORT_FILE]: PROBLEMS[0].broken });
      await overlay(page);
      const { text, lang } = await said(page);
      must(text.includes("the front matter that opens here is never closed"), `it says ${text}`);
      must(lang === "en", `its language is ${lang}`);
    });
    site.write({ [SHORT_FILE]: good[SHORT_FILE] });
    await noOverlay(page);
    await openSettings(page);
    await test(where, "what is wrong is shown above an open dialog of the page, and can be closed", async () => {
      site.write({ [SHORT_FILE]: PROBLEMS[0].broken });
      await overlay(page);
      const above = await page.evaluate(() => document.elementFromPoint(innerWidth / 2, innerHeight * 0.05 + 40)?.localName);
      must(above === "sitegen-preview", `the page's <${above}> lies above it`);
      await page.locator("sitegen-preview button").click();
      await noOverlay(page);
    });
    site.write({ [SHORT_FILE]: good[SHORT_FILE] });
    await noOverlay(page);
    await closeDialog(page).catch(() => {});
  });
}

// A site that is broken when the preview begins.
function fromTheStart(world) {
  const where = "jian/preview/broken";
  const broken = { "templates/post.html": PROBLEMS[2].broken };
  const isOurs = (text) => /status (of )?500/.test(text);
  return preview(world, where, { files: broken, allowed: isOurs }, async ({ page, site, server }) => {
    await test(where, "a page that cannot be made says why in its place", async () => {
      const status = await open(page, server, SHORT);
      must(status === 500, `status ${status}`);
      const text = await page.evaluate(() => document.body.textContent);
      for (const part of ["templates/post.html:2:38", "nope"]) must(text.includes(part), `it does not say ${part}, but ${text}`);
    });
    await test(where, "and becomes the page when it is mended", async () => {
      site.write({ "templates/post.html": TEMPLATE_PLAIN });
      await shows(page, "河水很慢。");
    });
    const name = "posts/2024-03-09-新篇.md";
    const whole = "---\ntitle: 新篇\ndate: 2024-03-09\n---\n\n新的一篇。\n";
    await test(where, "a post that was never looked at and is broken now says why in its place", async () => {
      site.write({ [name]: whole });
      await eventually(async () => (await served(server, "/")).includes("新篇"), "no new post", PATIENCE);
      site.write({ [name]: whole.replace("---\n\n", "") });
      await overlay(page);
      const status = await open(page, server, "/2024/03/09/新篇/");
      must(status === 500, `status ${status}`);
      const text = await page.evaluate(() => document.body.textContent);
      must(text.includes(`${name}:1:1`), `it says ${text}`);
      await overlay(page);
    });
    await test(where, "and is there when it is mended", async () => {
      site.write({ [name]: whole });
      await shows(page, "新的一篇。");
      await noOverlay(page);
    });
  });
}

// Several tabs of one browser.
function tabs(world) {
  const where = "jian/preview/tabs";
  return preview(world, where, {}, async ({ page: first, site, server }) => {
    const listening = new Map();
    const isEvents = (request) => new URL(request.url()).pathname === "/.sitegen/events";
    const count = (page) => {
      page.on("request", (request) => isEvents(request) && listening.set(request, page));
      for (const end of ["requestfailed", "requestfinished"]) page.on(end, (request) => listening.delete(request));
    };
    const second = await newTab(first.context());
    count(first);
    count(second);
    const one = async () => {
      await eventually(() => listening.size === 1, () => `${listening.size} tabs listen`, PATIENCE);
      return [...listening.values()][0];
    };
    let listener;
    await test(where, "one tab alone listens", async () => {
      await open(first, server, LONG);
      must((await one()) === first, "the first tab does not listen");
      await open(second, server, SHORT);
      // The second tab waits for its turn.
      await eventually(
        () => second.evaluate(async () => (await navigator.locks.query()).pending.length === 1),
        "the second tab does not wait for its turn",
        PATIENCE,
      );
      must((await one()) === first, "the second tab listens too");
    });
    await test(where, "both change", async () => {
      site.write({ [LONG_FILE]: long({ end: "两处都改。" }), [SHORT_FILE]: short("两处都改。") });
      await Promise.all([shows(first, "两处都改。"), shows(second, "两处都改。")]);
      listener = await one();
    });
    await test(where, "only one listens afterwards", async () => {
      const states = () => first.evaluate(() => navigator.locks.query());
      await eventually(
        async () => {
          const { held, pending } = await states();
          return held.length === 1 && pending.length === 1;
        },
        async () => `the tabs are ${JSON.stringify(await states())}`,
        PATIENCE,
      );
      listener = await one();
    });
    await test(where, "a tab without a connection of its own shows what is wrong", async () => {
      const other = listener === first ? second : first;
      site.write({ "site.yaml": PROBLEMS.at(-1).broken });
      await overlay(other);
      await overlay(listener);
      site.write({ "site.yaml": config("jian") });
      await noOverlay(other);
    });
    await test(where, "when the one that listens is closed, the other hears of changes", async () => {
      const other = listener === first ? second : first;
      await listener.close();
      listening.forEach((page, request) => page === listener && listening.delete(request));
      const text = "只剩一处。";
      site.write({ [LONG_FILE]: long({ end: text }), [SHORT_FILE]: short(text) });
      await shows(other, text);
      must((await one()) === other, "it does not listen");
    });
  });
}

// Files that are copied as they are.
function copied(world) {
  const where = "jian/preview/static";
  const square = (fill) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="9" height="9" fill="${fill}"/></svg>\n`;
  const files = {
    "templates/post.html": TEMPLATE,
    "static/copied.css": '@import "deep.css";\n',
    "static/deep.css": caret(1),
    "static/图.svg": square("black"),
    [SHORT_FILE]: short("![图](/图.svg)"),
  };
  return preview(world, where, { files }, async ({ page, site, server }) => {
    await open(page, server, SHORT);
    const caretColour = () => page.evaluate(() => getComputedStyle(document.documentElement).caretColor);
    await test(where, "a picture that is another is seen in the open page", async () => {
      const fill = () =>
        page.evaluate(() => {
          const image = document.querySelector(".e-content img");
          const canvas = document.createElement("canvas");
          const context = canvas.getContext("2d");
          context.drawImage(image, 0, 0);
          return context.getImageData(3, 3, 1, 1).data.join();
        });
      const old = await eventually(async () => (await fill()) !== "0,0,0,0" && fill(), "no picture", PATIENCE);
      // As large as it was: the page's own bytes are the same.
      site.write({ "static/图.svg": square("red") });
      await eventually(async () => (await fill()) !== old, "the page shows the old picture", PATIENCE);
    });
    await test(where, "a style sheet that another one imports is seen in the open page", async () => {
      const old = await caretColour();
      site.write({ "static/deep.css": caret(2) });
      await eventually(async () => (await caretColour()) !== old, "the page has the old style", PATIENCE);
    });
  });
}

const isLostConnection = (text) => /\.sitegen\/events/.test(text) && /ERR_(CONNECTION|INCOMPLETE|EMPTY|SOCKET)/.test(text);

// The preview is ended and started anew.
function restart(world) {
  const where = "jian/preview/restart";
  return preview(world, where, { allowed: isLostConnection }, async (stage) => {
    const { page, site, server } = stage;
    await open(page, server, SHORT);
    await heard(page);
    await test(where, "an open page finds the preview again, and shows what is saved then", async () => {
      page.isHeard = false;
      site.write({ [SHORT_FILE]: short("先改一次。") });
      await shows(page, "先改一次。");
      await heard(page);
      await mark(page);
      const asked = () => heads(page, server, SHORT);
      const known = asked();
      await stage.again();
      await heard(page);
      site.write({ [LONG_FILE]: long({ end: "别处改了。" }) });
      await eventually(() => asked() > known, "the page does not hear", PATIENCE);
      must(await isMarked(page), "the page was loaded again, though it is as it was");
      site.write({ [SHORT_FILE]: short("又改一次。") });
      await shows(page, "又改一次。");
    });
  });
}

// A post is saved while there is no preview.
function away(world) {
  const where = "jian/preview/away";
  return preview(world, where, { allowed: isLostConnection }, async (stage) => {
    const { page, site, server } = stage;
    await open(page, server, SHORT);
    await heard(page);
    await test(where, "an edit made while the preview was away shows when it is back", async () => {
      await stage.again(() => site.write({ [SHORT_FILE]: short("不在时改的。") }));
      await heard(page);
      await eventually(async () => (await content(page)).includes("不在时改的。"), "the page does not change", PATIENCE);
    });
  });
}

// A post goes away and comes back.
function gone(world) {
  const where = "jian/preview/gone";
  // The page asks whether it is another, and the answer is that it is not there.
  const allowed = (text) => /status (of )?404/.test(text) && decodeURI(text).includes(SHORT);
  return preview(world, where, { allowed }, async ({ page, site, server, good }) => {
    await open(page, server, SHORT);
    await test(where, "a post that is deleted is the page of what is missing", async () => {
      site.write({ [SHORT_FILE]: null });
      const [, title] = /<title>(.*?)<\/title>/.exec(await served(server, "/没有/"));
      await eventually(async () => (await page.title()) === title, async () => `the title is ${await page.title()}`, PATIENCE);
      must(!(await content(page)).includes("河水很慢。"), "the post is still there");
      must(decodeURI(new URL(page.url()).pathname) === SHORT, `the address is ${page.url()}`);
    });
    await test(where, "and is the post when it is back", async () => {
      site.write({ [SHORT_FILE]: good[SHORT_FILE] });
      await shows(page, "河水很慢。");
    });
  });
}

// --navigate
function lead(world) {
  const where = "jian/preview/navigate";
  return preview(world, where, { options: ["--navigate"] }, async ({ page, site, server }) => {
    await open(page, server, LONG);
    const at = () => decodeURI(new URL(page.url()).pathname);
    await test(where, "saving another post leads to it", async () => {
      await heard(page);
      site.write({ [SHORT_FILE]: short("领到这里。") });
      await eventually(() => at() === SHORT, () => `the page is ${at()}`, PATIENCE);
      await shows(page, "领到这里。");
    });
    await test(where, "saving it again stays there, in place", async () => {
      site.write({ [SHORT_FILE]: short("还在这里。") });
      await shows(page, "还在这里。");
      must(at() === SHORT, `the page is ${at()}`);
    });
    await test(where, "a reader who goes elsewhere is left alone until the next save", async () => {
      await open(page, server, LONG);
      await heard(page);
      await mark(page);
      site.write({ [LONG_FILE]: long({ end: "就地改。" }) });
      await shows(page, "就地改。");
      must(at() === LONG, `the page is ${at()}`);
    });
  });
}

// --prod
function asBuilt(world) {
  const where = "jian/preview/prod";
  return preview(world, where, { options: ["--prod"] }, async ({ page, site, server }) => {
    const output = `${site.folder}-built`;
    const { status, stderr } = spawnSync(world.binary, ["build", "-q", "-s", site.folder, "-o", output], { encoding: "utf8" });
    must(status === 0, stderr);
    await test(where, "every file is what build writes, byte for byte", async () => {
      const files = readdirSync(output, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== ".sitegen-files")
        .map((entry) => path.relative(output, path.join(entry.parentPath ?? entry.path, entry.name)));
      for (const needed of ["index.html", "404.html", "tags/index.html", "rss.xml", "atom.xml", "feed.json", "sitemap.xml"]) {
        must(files.includes(needed), `there is no ${needed}`);
      }
      const differ = [];
      for (const file of files) {
        const address = `/${file.replace(/(^|\/)index\.html$/, "$1")}`;
        const answer = await fetch(server.origin + encodeURI(address));
        const bytes = Buffer.from(await answer.arrayBuffer());
        if (answer.status !== 200) differ.push(`${address}: status ${answer.status}`);
        else if (!bytes.equals(readFileSync(path.join(output, file)))) differ.push(`${address} differs`);
      }
      const missing = await fetch(`${server.origin}/${encodeURI("没有/")}`);
      if (missing.status !== 404) differ.push(`a missing address: status ${missing.status}`);
      const bytes = Buffer.from(await missing.arrayBuffer());
      if (!bytes.equals(readFileSync(path.join(output, "404.html")))) differ.push("a missing address is not 404.html");
      return differ;
    });
    await test(where, "a page does not change by itself, and does when it is loaded again", async () => {
      await open(page, server, SHORT);
      await mark(page);
      site.write({ [SHORT_FILE]: short("照旧。") });
      await eventually(async () => (await served(server, SHORT)).includes("照旧。"), "the preview does not change", PATIENCE);
      must((await isMarked(page)) && !(await content(page)).includes("照旧。"), "the page has changed");
      const asked = page.trouble.requests.map((request) => request.url()).filter((url) => url.includes(".sitegen"));
      must(asked.length === 0, `the page asks for ${asked}`);
      await page.reload();
      await shows(page, "照旧。");
    });
  });
}

// Posts that readers do not see yet.
function held(world) {
  const where = "jian/preview/held";
  const shots = process.env.SCREENSHOTS ?? "target/screenshots";
  const files = {
    "posts/2024-03-05-草稿.md": "---\ntitle: 草稿一篇\ndate: 2024-03-05\ndraft: true\n---\n\n还没写完。\n",
    "posts/2098-01-01-将来.md": "---\ntitle: 将来一篇\ndate: 2098-01-01\n---\n\n还没到日子。\n",
  };
  return preview(world, where, { options: ["--drafts"], files }, async ({ page, server }) => {
    const devtools = await page.context().newCDPSession(page);
    const badge = page.locator("sitegen-preview .held");
    for (const [address, name, word] of [
      ["/2024/03/05/草稿/", "draft", "草稿"],
      ["/2098/01/01/将来/", "future", "未来|将来|日期"],
    ]) {
      await test(where, `a ${name} says that it is one`, async () => {
        await open(page, server, address);
        await badge.waitFor({ timeout: PATIENCE });
        const text = await badge.textContent();
        must(new RegExp(word).test(text), `the badge says ${text}`);
      });
      for (const [width, size] of Object.entries(SIZES)) {
        await page.setViewportSize(size);
        for (const scheme of ["light", "dark"]) {
          await page.emulateMedia({ colorScheme: scheme });
          await page.screenshot({ path: path.join(shots, `preview-${name}-${width}-${scheme}.png`) });
          await test(`${where}/${name}/${width}/${scheme}`, "axe", () => axe(page, devtools));
        }
      }
    }
    await test(where, "another post has no badge", async () => {
      await open(page, server, SHORT);
      await heard(page);
      must((await badge.count()) === 0, "it has a badge");
    });
  });
}

// A site below a path of its host, with links that name files.
function belowPath(world) {
  const where = "jian/preview/path";
  const files = {
    "site.yaml": `${config("jian").replace("example.org", "example.org/文库")}urls:\n  style: explicit\n`,
    "templates/post.html": TEMPLATE,
  };
  return preview(world, where, { files }, async ({ page, site, server }) => {
    await test(where, "edits and styles show below a path, with links that name files", async () => {
      await open(page, server, `/文库${SHORT}index.html`);
      site.write({ [SHORT_FILE]: short("路径之下。") });
      await shows(page, "路径之下。");
      await loaded(page);
      await mark(page);
      for (const [file, text, property] of [
        ["assets/own.css", outline(2), "outlineColor"],
        ["static/copied.css", caret(2), "caretColor"],
      ]) {
        const look = () => page.evaluate((name) => getComputedStyle(document.documentElement)[name], property);
        const old = await look();
        site.write({ [file]: text });
        await eventually(async () => (await look()) !== old, `${file} does not apply`, PATIENCE);
      }
      must(await isMarked(page), "the page was loaded again");
    });
  });
}

// Runs `body` with the preview of a site and an empty page, ends both, and looks at what went wrong in the page. `files` lie over
// those of every site here; `allowed` says which troubles belong to what is tested.
function preview(world, where, { theme = "jian", width = 1440, options = [], locale, files = {}, allowed = () => false }, body) {
  const good = { ...basis(theme), ...files };
  return withPage(world.browser, { width }, async (page) => {
    page.on("response", (response) => (page.isHeard ||= response.url().endsWith("/.sitegen/events") && response.ok()));
    // To work on the script without building the program anew.
    const script = process.env.PREVIEW;
    if (script) await page.context().route("**/.sitegen/preview.js", (route) => route.fulfill({ path: script }));
    const site = writeSite(path.join(world.folder, where.replaceAll("/", "-")), good);
    let server = await startPreview(world.binary, site, { options, locale });
    try {
      const again = async (meanwhile = () => {}) => {
        await server.stop();
        await meanwhile();
        page.isHeard = false;
        const { port } = server;
        server = await startPreview(world.binary, site, { options, locale, port });
        must(server.port === port, `the preview is at ${server.port} instead of ${port}`);
      };
      await body({ page, site, server, good, again });
      for (const tab of page.context().pages()) await untroubled(where, tab, server, allowed);
    } finally {
      await server.stop();
    }
  });
}

async function untroubled(where, page, server, allowed) {
  await test(where, "no error, no violation of the policy, no failed request", () =>
    page.trouble.found.filter((text) => !allowed(text)),
  );
  await test(where, "no request to another host", () => {
    const urls = page.trouble.requests.map((request) => request.url());
    return urls.filter((url) => !url.startsWith(`${server.origin}/`) && !/^(data|about):/.test(url));
  });
}

const TEMPLATE_PLAIN = '{% extends "theme/post.html" %}\n';
const TEMPLATE = `${TEMPLATE_PLAIN}{% block head %}{{ super() }}<link rel="stylesheet" href="{{ href(path="/copied.css") }}">
<link rel="stylesheet" href="{{ asset(name="own.css") }}">{% endblock %}
`;
const outline = (n) => `:root { outline-color: rgb(${n}, ${n}, ${n}) }\n`;
const caret = (n) => `:root { caret-color: rgb(${n}, ${n}, ${n}) }\n`;

function config(theme) {
  return `title: 渡口预览\nbase_url: https://example.org\ntimezone: Asia/Shanghai\ntheme: ${theme}\n`;
}

function basis(theme) {
  return {
    "site.yaml": config(theme),
    [LONG_FILE]: long(),
    [SHORT_FILE]: short("河水很慢。"),
    "posts/2024-03-03-渡船.md": "---\ntitle: 渡船\ndate: 2024-03-03\ntags: [渡口, 旧闻]\n---\n\n船在对岸。\n",
    "assets/own.css": outline(1),
    "static/copied.css": caret(1),
  };
}

function short(text) {
  return `---\ntitle: 水尺\ndate: 2024-03-02\ntags: [水文]\n---\n\n${text}\n`;
}

// Long enough to be scrolled in every theme and width.
function long({ word = "旧堤", end = "到此为止。" } = {}) {
  const paragraphs = Array.from(
    { length: 80 },
    (_, n) =>
      `第 ${n + 1} 处，${n === 45 ? word : "堤脚"}。守堤的人每天记三次水位，早上一次，中午一次，天黑之前再记一次。` +
      "图纸上没有标出这一处，只好自己画一张。",
  );
  return `---\ntitle: 堤岸长记\ndate: 2024-03-01\ntags: [渡口]\n---\n\n${paragraphs.join("\n\n")}\n\n${end}\n`;
}

// Leaves a mark in the page that does not outlive it.
const mark = (page) => page.evaluate(() => void (window.sgMark = true));
const isMarked = (page) => page.evaluate(() => window.sgMark === true);

const content = (page) => page.evaluate(() => document.querySelector(".e-content")?.textContent ?? "");

const shows = (page, text) =>
  eventually(async () => (await content(page)).includes(text), `the page does not show ${text}`, PATIENCE);

const loaded = (page) =>
  eventually(() => page.evaluate(() => document.readyState === "complete"), "the page does not load", PATIENCE);

// Waits until the preview has answered a page that listens.
const heard = (page) => eventually(() => page.isHeard, "the page does not listen", PATIENCE);

// How often the page has asked whether it is another.
const heads = (page, server, address) =>
  page.trouble.requests.filter(
    (request) => request.method() === "HEAD" && request.url() === server.origin + encodeURI(address),
  ).length;

const served = async (server, address) => (await fetch(server.origin + encodeURI(address))).text();

// The overlay, when it is seen.
const overlay = (page) => page.locator("sitegen-preview .back").waitFor({ timeout: PATIENCE });
const noOverlay = (page) => page.locator("sitegen-preview .back").waitFor({ state: "detached", timeout: PATIENCE });

const said = (page) =>
  page.evaluate(() => {
    const back = document.querySelector("sitegen-preview").shadowRoot.querySelector(".back");
    const lang = (back.closest("[lang]") ?? back.getRootNode().host.closest("[lang]")).lang;
    return { text: back.textContent, role: back.getAttribute("role"), lang };
  });

// Scrolls to the middle of the long post, wherever its box is.
async function middle(page) {
  await page.evaluate(() => {
    document.querySelectorAll(".e-content > p")[40].scrollIntoView({ block: "start", inline: "start", behavior: "instant" });
  });
  const { first, size } = await page.evaluate(() => {
    const { left, top } = document.querySelector(".e-content > p").getBoundingClientRect();
    return { first: [left, top], size: [innerWidth, innerHeight] };
  });
  must(first[1] < 0 || first[0] > size[0] || first[0] < 0, "the post is not scrolled");
}

// Where a paragraph in the middle is seen.
const place = (page) =>
  page.evaluate(() => {
    const { left, top } = document.querySelectorAll(".e-content > p")[40].getBoundingClientRect();
    return [left, top];
  });

async function staysAt(page, [left, top]) {
  let now;
  await eventually(
    async () => {
      now = await place(page);
      return Math.abs(now[0] - left) <= 2 && Math.abs(now[1] - top) <= 2;
    },
    () => `a paragraph was at ${Math.round(left)}, ${Math.round(top)} and is at ${now.map(Math.round).join(", ")}`,
    PATIENCE,
  );
}
