// Footnotes of jian: a popover on a phone, beside the text where there is room.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

// In the order of their marks; the second and the third are marked in one paragraph, so their notes must make way.
const NOTES = ["下沉约三厘米", "点云文件存了两份", "背后的填土流失", "按一比十绘制", "八点一毫米"];

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [
    () =>
      withPage(browser, { width: 390 }, (page) =>
        test("jian/footnotes/390", "a mark opens its note where the reader is", async () => {
          await open(page, sites.jian, PAGES.article);
          for (const [n, note] of NOTES.entries()) await popover(page, n, note);
        }),
      ),
    () =>
      withPage(browser, { width: 1440 }, (page) =>
        test("jian/footnotes/1440", "the notes stand beside their marks, over nothing", async () => {
          await open(page, sites.jian, PAGES.article);
          await page.waitForTimeout(300);
          return page.evaluate(besideTheText, NOTES);
        }),
      ),
  ];
}

async function popover(page, n, note) {
  const mark = page.locator(".footnote-ref a").nth(n);
  await mark.scrollIntoViewIfNeeded();
  const before = await page.evaluate(() => scrollY);
  await mark.click();
  const text = () =>
    page.evaluate(() =>
      [...document.querySelectorAll("[popover]:popover-open")]
        .filter(window.sgTest.visible)
        .map((element) => element.textContent)
        .join(),
    );
  await eventually(
    async () => (await text()).includes(note),
    async () => `note ${n + 1}: the open popover says ${(await text()) || "nothing"}`,
  );
  must(Math.abs((await page.evaluate(() => scrollY)) - before) < 2, `note ${n + 1}: the page has scrolled`);
  const outside = await page.evaluate(() => {
    const box = document.querySelector("[popover]:popover-open").getBoundingClientRect();
    return box.left < 0 || box.right > innerWidth || box.top < 0 || box.bottom > innerHeight;
  });
  must(!outside, `note ${n + 1}: a part of the popover is outside of the window`);
  await page.keyboard.press("Escape");
  await eventually(
    () => page.evaluate(() => !document.querySelector("[popover]:popover-open")),
    `note ${n + 1}: Esc does not close the popover`,
  );
}

// Runs in the page.
function besideTheText(texts) {
  const problems = [];
  const notes = [...document.querySelectorAll(".sidenote")].filter(window.sgTest.visible);
  const box = (element) => element.getBoundingClientRect();
  const overlap = (a, b) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 1;
  const marks = [...document.querySelectorAll(".footnote-ref")];
  for (const [n, text] of texts.entries()) {
    const note = notes.find((note) => note.textContent.includes(text));
    if (!note) {
      problems.push(`note ${n + 1} is not in the margin`);
      continue;
    }
    const away = Math.abs(box(note).top - box(marks[n]).top);
    if (away > 200) problems.push(`note ${n + 1} is ${Math.round(away)} px away from its mark`);
    if (box(note).left < 0 || box(note).right > innerWidth) problems.push(`note ${n + 1} sticks out of the window`);
  }
  for (const [n, note] of notes.entries()) {
    for (const other of notes.slice(n + 1))
      if (overlap(box(note), box(other)))
        problems.push(`${note.textContent.slice(0, 8)} lies over ${other.textContent.slice(0, 8)}`);
    const outline = document.querySelector("#sg-outline");
    if (outline && window.sgTest.visible(outline) && overlap(box(note), box(outline)))
      problems.push(`the outline lies over ${note.textContent.slice(0, 8)}`);
  }
  // Every line of the text, and every picture.
  const walker = document.createTreeWalker(document.querySelector(".e-content"), NodeFilter.SHOW_TEXT);
  const range = document.createRange();
  const lines = [...document.querySelectorAll(".e-content img, .e-content pre, .e-content table")].map((element) => [
    box(element),
    element.localName,
  ]);
  while (walker.nextNode()) {
    if (walker.currentNode.parentElement.closest(".sidenote") || !walker.currentNode.data.trim()) continue;
    if (!window.sgTest.visible(walker.currentNode.parentElement)) continue;
    range.selectNodeContents(walker.currentNode);
    for (const line of range.getClientRects()) lines.push([line, walker.currentNode.data.trim().slice(0, 8)]);
  }
  for (const note of notes) {
    const under = lines.find(([line]) => overlap(box(note), line));
    if (under) problems.push(`${note.textContent.slice(0, 8)} lies over ${under[1]}`);
  }
  return problems;
}
