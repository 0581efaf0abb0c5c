// The full-text search, on a small site of its own: what is found and what is not, and how it is worked by keys, by hand and by ear.
import path from "node:path";
import { pathToFileURL } from "node:url";
import { axe } from "../axe.mjs";
import { open, SIZES, withPage } from "../browser.mjs";
import { eventually, must, test } from "../report.mjs";
import { serve } from "../server.mjs";
import { buildOf } from "../sites.mjs";

export const weight = 15;

const POSTS = {
  "2023-01-01-hinton": ["辛顿的三十年", "tags: [百度, 人物]\nauthor: 余凯\n", "辛顿在多伦多教书。\n\n一边是神经网络，一边是显卡。"],
  "2023-02-01-kissinger": ["一次停顿", "tags: [人物]\n", "基辛格停下来，又一次停顿。"],
  "2023-03-01-network": ["神经网络入门", "tags: [百度]\n", "这里只说神经网络，一步一步来。"],
  "2023-04-01-apart": ["散步", "", "神经很紧。经网友指出，上网络不容易。"],
  "2022-05-01-english": ["Notes", "lang: en\n", "We talk about machine learning here, and about ChatGPT."],
  "2022-06-01-comma": ["More notes", "lang: en\n", "The machine, learning nothing, stopped."],
  "2022-07-01-bookshop": ["街角", "", "街角有一家旧书店，柜台上放着璎珞。"],
  "2022-08-01-line": ["换行", "", "他们整夜训练\nGPT 模型，直到天亮。"],
  "2022-09-01-markup": ['"<b>粗体</b> 与 <img src=x>"', "", "题目里有标记，也只是字。"],
  "2022-10-01-shi-qiao": ["石桥旧影", "", "石桥在镇子西头。"],
};
for (let n = 1; n <= 13; n++)
  POSTS[`2021-01-${String(n).padStart(2, "0")}-river-${n}`] = [`河流记之${n}`, "tags: [河流]\n", `第 ${n} 次沿着河流走，看见白鹭。`];

const HINTON = "辛顿的三十年";

function files(theme, config = "") {
  const posts = Object.entries(POSTS).map(([name, [title, front, text]]) => [
    `posts/${name}.md`,
    `---\ntitle: ${title}\n${front}---\n\n${text}\n`,
  ]);
  return {
    "site.yaml": `title: 试验\nbase_url: https://example.org\ntimezone: Asia/Shanghai\ntheme: ${theme}\n${config}`,
    ...Object.fromEntries(posts),
  };
}

// What a query finds, by titles in order. With `order`, only the set matters.
const FOUND = [
  ["two characters", "辛顿", [HINTON]],
  ["a phrase whose pieces stand apart elsewhere", "神经网络", ["神经网络入门", HINTON]],
  ["two words", "神经网络 显卡", [HINTON]],
  ["a word that must not be there", "神经网络 -显卡", ["神经网络入门"]],
  ["a full-width minus", "神经网络 －显卡", ["神经网络入门"]],
  ["quotes", '"machine learning"', ["Notes"]],
  ["Chinese quotes", "“machine, learning”", ["More notes"]],
  ["words of a quote apart", "machine learning", ["More notes", "Notes"]],
  ["a part of a word", "gpt", ["换行", "Notes"]],
  ["full-width letters", "ＧＰＴ", ["换行", "Notes"]],
  ["Traditional characters", "舊書店", ["街角"]],
  ["one character", "璎", ["街角"]],
  ["across a line break", "训练GPT模型", ["换行"]],
  ["a tag", "标签:百度", ["神经网络入门", HINTON]],
  ["a tag and a word", "标签：百度 辛顿", [HINTON]],
  ["an author", "作者:余凯", [HINTON]],
  ["a year and a word", "年:2022 石桥", ["石桥旧影"]],
  ["a name of a term", "余凯", [HINTON]],
  ["a title alone", "入门", ["神经网络入门"]],
  ["not across paragraphs", "教书一边", []],
  ["a title with markup", "粗体", ["<b>粗体</b> 与 <img src=x>"]],
  ["signs of regular expressions", ".* [a-z]+ (?=x", []],
];

export function tasks({ browser, folder, binary, themes }) {
  const made = {};
  const site = (theme) => (made[theme] ??= serve(buildOf(binary, path.join(folder, `${theme}-search`), files(theme))));
  const on =
    (theme, what, body, options = {}) =>
    () =>
      withPage(browser, options, (page) =>
        test(`${theme}/search`, what, async () => {
          await body(page, await site(theme));
          return page.trouble.found;
        }),
      );
  const jian = [
    ["nothing of the index is loaded before the field is used", idle],
    ["what is found", found],
    ["absent words and parts without letters are named", named],
    ["markup in a query is text", inert],
    ["a query of 10,000 characters does no harm", long],
    ["the sentence is shown, and the hit leads to its paragraph", sentence],
    ["ten hits, and ten more", more],
    ["order by date", byDate],
    ["the tags of the page are filters", toggles],
    ["an input method is left alone until it is done", composition],
    ["the address holds the query, and back leads to the one before", history],
    ["by keys alone", keys],
    ["/ opens the search on a page, Esc gives the focus back", dialog],
    ["a missing address is asked for by its words", missing],
  ];
  return [
    ...(themes.includes("jian") ? jian.map(([what, body]) => on("jian", what, body)) : []),
    ...themes.flatMap((theme) => [
      on(theme, "finds on its search page", first),
      on(theme, "without JavaScript, lists and a word about it", noScript, { javaScriptEnabled: false }),
      ...Object.keys(SIZES).map((width) => on(theme, `axe with hits, ${width}`, accessible, { width })),
      () =>
        withPage(browser, {}, (page) =>
          test(`${theme}/search`, "finds from a folder, without a server", async () => {
            const built = buildOf(binary, path.join(folder, `${theme}-search-files`), files(theme, "urls: {style: explicit}\n"));
            await page.goto(pathToFileURL(path.join(built, "search", "index.html")).href);
            await ask(page, "神经网络 -显卡");
            await shows(page, ["神经网络入门"]);
            return page.trouble.found;
          }),
        ),
    ]),
  ];
}

const SEARCH = "/search/";
const field = (page) => page.locator("form[data-search] input[name=q]");
const ask = (page, query) => field(page).fill(query);
const status = (page) => page.evaluate(() => document.querySelector(".sg-search-count").textContent);
const notes = (page) => page.evaluate(() => document.querySelector(".sg-search-notes").textContent);
const focused = (page, selector) => page.evaluate((selector) => Boolean(document.activeElement.matches(selector)), selector);

// The titles of the hits, once all of them are checked.
function titles(page) {
  return page.evaluate(() =>
    document.querySelector(".sg-checking") ? undefined : [...document.querySelectorAll(".sg-hits a")].map((link) => link.textContent),
  );
}

async function shows(page, wanted) {
  let seen;
  await eventually(
    async () => {
      seen = await titles(page);
      return seen && seen.join("\n") === wanted.join("\n");
    },
    () => `the hits are ${seen?.join(", ") || "none"}, not ${wanted.join(", ") || "none"}; ${page.url()}`,
    4000,
  );
}

async function first(page, site) {
  await open(page, site, SEARCH);
  await ask(page, "神经网络");
  await shows(page, ["神经网络入门", HINTON]);
  must(/2/.test(await status(page)) || /二/.test(await status(page)), `the status says ${await status(page)}`);
}

const indexRequests = (page) => page.trouble.requests.filter((request) => /\/search\/(data\/|root\.)/.test(request.url()));

async function idle(page, site) {
  await open(page, site, SEARCH);
  await page.waitForTimeout(300);
  must(indexRequests(page).length === 0, `${indexRequests(page)[0]?.url()} is loaded`);
  await field(page).focus();
  await eventually(() => indexRequests(page).length > 0, "the focus loads nothing");
}

async function found(page, site) {
  await open(page, site, SEARCH);
  const problems = [];
  for (const [what, query, wanted] of FOUND) {
    // From nothing each time, or the hits of the query before would be taken for those of this one.
    await ask(page, "");
    await shows(page, []);
    await ask(page, query);
    if (wanted.length === 0) await eventually(async () => (await notes(page)) !== "", `${what}: no note`).catch((e) => problems.push(e.message));
    await shows(page, wanted).catch((error) => problems.push(`${what}: ${error.message}`));
  }
  must(problems.length === 0, problems.join("; "));
}

async function named(page, site) {
  await open(page, site, SEARCH);
  for (const [query, note] of [
    ["李光耀", "没有文章含有“李光耀”"],
    ["辛顿 李光耀", "没有文章含有“李光耀”"],
    ["，。", "“，。”里没有可搜的字"],
    ["标签:没有", "没有文章含有“标签:没有”"],
    ["璎珞 辛顿", "没有文章合于“璎珞”、“辛顿”"],
  ]) {
    await ask(page, query);
    await eventually(
      async () => (await notes(page)) === note,
      async () => `of ${query} is said: ${await notes(page)}`,
    );
    await shows(page, []);
  }
}

async function inert(page, site) {
  await open(page, site, `${SEARCH}?q=<img src=x onerror="document.title=1"><b>辛顿</b> ' " 😀`);
  await eventually(async () => (await notes(page)).includes("onerror="), "the query is not named");
  must((await page.locator(".sg-search img, .sg-search b").count()) === 0, "the query became markup");
  await ask(page, "粗体");
  await shows(page, ["<b>粗体</b> 与 <img src=x>"]);
  must((await page.locator(".sg-search img, .sg-search b").count()) === 0, "a title became markup");
  await ask(page, "\ud800辛顿\udc00");
  await shows(page, [HINTON]);
}

async function long(page, site) {
  await open(page, site, SEARCH);
  await ask(page, "辛顿与（".repeat(2500));
  await eventually(async () => (await notes(page)) !== "", "nothing is said");
  must(page.url().length < 12000, `the address has ${page.url().length} characters`);
  await ask(page, "辛顿");
  await shows(page, [HINTON]);
}

async function sentence(page, site) {
  await open(page, site, SEARCH);
  await ask(page, "显卡");
  await shows(page, [HINTON]);
  const hit = await page.evaluate(() => ({
    text: document.querySelector(".sg-hit-text").textContent,
    mark: document.querySelector(".sg-hit-text mark")?.textContent,
    hash: decodeURIComponent(document.querySelector(".sg-hits a").hash),
  }));
  must(hit.text.includes("一边是神经网络，一边是显卡。"), `the sentence is ${hit.text}`);
  must(hit.mark === "显卡", `${hit.mark} is marked`);
  await page.locator(".sg-hits a").click();
  await page.waitForURL(/hinton/);
  const target = await page.evaluate(() => document.querySelector(":target")?.textContent);
  must(target?.includes("显卡"), `the target is ${target}`);
}

async function more(page, site) {
  await open(page, site, SEARCH);
  await ask(page, "河流");
  await shows(page, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4].map((n) => `河流记之${n}`));
  must((await status(page)) === "约 13 篇", `the status says ${await status(page)}`);
  await page.locator(".sg-search-more").click();
  await shows(
    page,
    [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1].map((n) => `河流记之${n}`),
  );
  await eventually(async () => (await status(page)) === "13 篇", "the number stays a guess");
  must(!(await page.locator(".sg-search-more").isVisible()), "there is a button for more");
}

async function byDate(page, site) {
  await open(page, site, SEARCH);
  await ask(page, "停顿 基辛格");
  await shows(page, ["一次停顿"]);
  await ask(page, "百度");
  await shows(page, ["神经网络入门", HINTON]);
  await page.locator(".sg-search-sort button").nth(1).click();
  await shows(page, ["神经网络入门", HINTON]);
  must(page.url().includes("sort=date"), page.url());
  await page.reload();
  await shows(page, ["神经网络入门", HINTON]);
  must((await page.locator('.sg-search-sort [aria-pressed="true"]').textContent()) === "最新", "the order is forgotten");
}

async function toggles(page, site) {
  await open(page, site, SEARCH);
  const button = page.locator("[data-search-filter=tags] button", { hasText: "百度" });
  await button.click();
  await shows(page, ["神经网络入门", HINTON]);
  must((await field(page).inputValue()) === "标签:百度", await field(page).inputValue());
  must((await button.getAttribute("aria-pressed")) === "true", "the button is not pressed");
  await page.locator("[data-search-lists] > summary").click();
  await page.locator("[data-search-filter=authors] button").first().click();
  await shows(page, [HINTON]);
  await page.locator("[data-search-lists] > summary").click();
  await button.click();
  await eventually(async () => (await field(page).inputValue()) === "作者:余凯", "the tag stays in the query");
}

async function composition(page, site) {
  await open(page, site, SEARCH);
  await field(page).focus();
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("Input.imeSetComposition", { text: "xin dun", selectionStart: 7, selectionEnd: 7 });
  await page.waitForTimeout(500);
  must((await notes(page)) === "" && (await status(page)) === "", "what is being composed is searched for");
  await devtools.send("Input.insertText", { text: "辛顿" });
  await shows(page, [HINTON]);
}

async function history(page, site) {
  const query = () => new URL(page.url()).searchParams.get("q");
  await open(page, site, SEARCH);
  await field(page).focus();
  await page.keyboard.type("辛");
  await eventually(() => query() === "辛", "the address does not hold the query");
  await page.keyboard.type("顿");
  await shows(page, [HINTON]);
  await page.keyboard.press("Enter");
  await field(page).press("Control+a");
  await page.keyboard.type("璎");
  await shows(page, ["街角"]);
  await page.goBack();
  await shows(page, [HINTON]);
  must((await field(page).inputValue()) === "辛顿", "the field does not follow");
  await page.goBack();
  await eventually(async () => query() === null && (await field(page).inputValue()) === "", `back leads to ${page.url()}`);
  await page.goForward();
  await shows(page, [HINTON]);
  must((await page.evaluate(() => localStorage.length + sessionStorage.length)) === 0, "something is stored");
}

async function keys(page, site) {
  await open(page, site, SEARCH);
  await page.keyboard.press("/");
  must(await focused(page, "main [name=q]"), "/ does not lead to the field");
  await page.keyboard.type("神经网络");
  await shows(page, ["神经网络入门", HINTON]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  must(await focused(page, ".sg-hits li:nth-child(2) a"), "the arrows do not lead to the second hit");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowUp");
  must(await focused(page, "main [name=q]"), "the arrows do not lead back to the field");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Escape");
  must(await focused(page, "main [name=q]"), "Esc does not lead back to the field");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(/network/);
}

async function dialog(page, site) {
  await open(page, site, "/");
  must(!page.trouble.requests.some((request) => /\/search\.\w+\.js/.test(request.url())), "the script is there before it is asked for");
  await page.evaluate(() => document.querySelector("main a[href]").focus());
  await page.keyboard.press("/");
  await eventually(() => focused(page, "#sg-search input"), "the field of the dialog has no focus");
  await page.keyboard.type("辛顿");
  await shows(page, [HINTON]);
  must(await page.evaluate(() => document.querySelector("#sg-search").matches("dialog:modal")), "it is no modal dialog");
  must(new URL(page.url()).search === "", "the address of the page changed");
  const problems = await axe(page, await page.context().newCDPSession(page));
  must(problems.length === 0, problems.join("; "));
  await page.keyboard.press("Escape");
  await eventually(() => page.evaluate(() => !document.querySelector("dialog[open]")), "Esc does not close the dialog");
  must(await focused(page, "main a[href]"), "the focus does not return");
  await page.locator("#sg-search-link").click();
  await eventually(() => focused(page, "#sg-search input"), "the link does not open the dialog");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\/\?q=/);
  await shows(page, [HINTON]);
}

async function missing(page, site) {
  await open(page, site, "/archives/石桥旧影.html");
  await shows(page, ["石桥旧影"]);
  await open(page, site, "/2020/01/02/没有这样的一篇/");
  await page.waitForTimeout(500);
  must((await notes(page)) === "" && (await status(page)) === "" && (await field(page).inputValue()) === "", "a guess that finds nothing is shown");
}

async function noScript(page, site) {
  await open(page, site, SEARCH);
  const seen = await page.evaluate(() => ({
    text: document.querySelector("main").textContent,
    tags: document.querySelectorAll("main a[href*='/tags/']").length,
    years: document.querySelectorAll("main a[href*='/archive/2']").length,
    action: document.querySelector("form[data-search]").action,
  }));
  must(/JavaScript|脚本/.test(seen.text), "nothing says that the search needs JavaScript");
  must(seen.tags > 2 && seen.years > 2, `${seen.tags} tags and ${seen.years} years`);
  must(new URL(seen.action).pathname === SEARCH, seen.action);
}

async function accessible(page, site) {
  const devtools = await page.context().newCDPSession(page);
  await open(page, site, `${SEARCH}?q=河流`);
  await eventually(async () => (await titles(page))?.length === 10, "no hits");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    must(wide <= 0, `${colorScheme}: ${wide} px too wide`);
    const problems = await axe(page, devtools);
    must(problems.length === 0, `${colorScheme}: ${problems.join("; ")}`);
  }
}
