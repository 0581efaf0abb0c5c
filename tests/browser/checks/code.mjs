// Each block of code of jian has a button that copies it and says so.
import { open, withPage } from "../browser.mjs";
import { PAGES } from "../pages.mjs";
import { eventually, must, test } from "../report.mjs";

export function tasks({ browser, sites, themes }) {
  if (!themes.includes("jian")) return [];
  return [
    () =>
      withPage(browser, { width: 1440, permissions: ["clipboard-read", "clipboard-write"] }, (page) =>
        test("jian/code/1440", "a button copies the code and says so", async () => {
          await open(page, sites.jian, PAGES.article);
          const buttons = page.locator(".e-content button.copy");
          const codes = await page.evaluate(() =>
            [...document.querySelectorAll(".e-content pre code")].map((code) => code.textContent),
          );
          must((await buttons.count()) === codes.length, `${await buttons.count()} buttons for ${codes.length} blocks`);
          for (const [n, code] of codes.entries()) {
            const live = () =>
              page.evaluate(() =>
                [...document.querySelectorAll("[aria-live], [role=status], [role=alert], output")]
                  .map((element) => element.textContent.trim())
                  .join("|"),
              );
            const before = await live();
            await buttons.nth(n).scrollIntoViewIfNeeded();
            await buttons.nth(n).click();
            await eventually(
              async () => (await page.evaluate(() => navigator.clipboard.readText())).trimEnd() === code.trimEnd(),
              `block ${n + 1} is not what was copied`,
            );
            if (n === 0)
              await eventually(async () => (await live()) !== before && /[^|]/.test(await live()), "nothing is announced");
          }
          return page.trouble.found;
        }),
      ),
  ];
}
