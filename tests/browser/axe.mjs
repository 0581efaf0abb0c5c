// What the accessibility checker finds in a page as it is now.
import { axeSource } from "./tools.mjs";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

// axe comes in through the debugger, so the page's policy need not be switched off.
export async function axe(page, devtools) {
  const loaded = await devtools.send("Runtime.evaluate", { expression: axeSource });
  if (loaded.exceptionDetails) return [loaded.exceptionDetails.text];
  const violations = await page.evaluate(async (tags) => {
    const result = await window.axe.run(document, { runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return result.violations.map(({ id, nodes }) => {
      const [{ target, html, failureSummary }] = nodes;
      return {
        id,
        count: nodes.length,
        target: target.join(" "),
        html: html.slice(0, 160),
        why: failureSummary.split("\n")[1]?.trim(),
      };
    });
  }, RULES);
  return violations.map(({ id, count, target, html, why }) => `${id} (${count} times) at ${target}: ${html} ${why}`);
}
