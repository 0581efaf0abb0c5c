// Uses the settings of jian as a reader does.
import { eventually, must } from "./report.mjs";

export async function openSettings(page) {
  must(await page.locator("#sg-settings-button").count(), "there is no #sg-settings-button");
  await page.locator("#sg-settings-button").click();
  await eventually(
    () => page.evaluate(() => document.querySelector("#sg-settings")?.matches("dialog[open]")),
    "#sg-settings does not open",
  );
}

export async function closeDialog(page) {
  await page.keyboard.press("Escape");
  await eventually(() => page.evaluate(() => !document.querySelector("dialog[open]")), "Esc does not close the dialog");
}

// Chooses one of the radio buttons called `name`; of a check box, `value` is true or false. The radio button itself may be hidden
// behind its label, so the label is clicked.
export async function choose(page, name, value) {
  const box = typeof value === "boolean";
  const input = page.locator(`#sg-settings input[name="${name}"]${box ? "" : `[value="${value}"]`}`);
  must((await input.count()) === 1, `${await input.count()} inputs of the settings are ${name}=${value}`);
  if (box && (await input.isChecked()) === value) return;
  const target = await input.evaluateHandle((input) => input.labels?.[0] ?? input);
  await target.asElement().click();
  must((await input.isChecked()) === (box ? value : true), `a click on the label of ${name}=${value} does not choose it`);
}

// How the page looks now.
export function look(page) {
  return page.evaluate(() => {
    const text = document.querySelector(".e-content > p");
    const style = text && getComputedStyle(text);
    const background = [document.documentElement, document.body].map((element) => getComputedStyle(element).backgroundColor);
    return {
      size: style && parseFloat(style.fontSize),
      face: style?.fontFamily,
      leading: style && parseFloat(style.lineHeight) / parseFloat(style.fontSize),
      paragraphs: style && parseFloat(style.textIndent) / parseFloat(style.fontSize),
      paper: background.find((colour) => colour !== "rgba(0, 0, 0, 0)") ?? "none",
    };
  });
}
