// Builds the sites, runs the checks, three at a time, and counts. Arguments name checks to run alone: `./run keys settings`.
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { launch } from "./browser.mjs";
import { close, test } from "./report.mjs";
import { serve } from "./server.mjs";
import { build, THEMES } from "./sites.mjs";

const BINARY = process.env.SITEGEN ?? path.resolve(import.meta.dirname, "../../target/release/sitegen");
const chosen = process.argv.slice(2);

const checks = [];
for (const file of readdirSync(path.join(import.meta.dirname, "checks")).sort()) {
  const name = path.basename(file, ".mjs");
  if (chosen.length === 0 || chosen.includes(name)) checks.push({ name, ...(await import(`./checks/${file}`)) });
}
for (const name of chosen) {
  if (!checks.some((check) => check.name === name)) throw new Error(`there is no check ${name}`);
}

const folder = mkdtempSync(path.join(os.tmpdir(), "sitegen-browser-"));
const started = Date.now();
const browser = await launch();
try {
  const sites = {};
  for (const theme of THEMES) {
    await test(theme, "the site is built", async () => {
      const output = build(BINARY, path.join(folder, theme), theme);
      sites[theme] = await serve(output);
    });
  }
  const world = {
    browser,
    sites,
    folder,
    binary: BINARY,
    themes: THEMES.filter((theme) => sites[theme]),
    build: (name, theme, config) => build(BINARY, path.join(folder, name), theme, config),
  };
  // A check gives its tasks: functions that do not depend on each other. The longest come first, so that
  // all lanes end together; much of their time is waiting, so there are more lanes than slow machines have cores.
  const tasks = checks.flatMap((check) =>
    check.tasks(world).map((run) => ({ run, check: check.name, weight: check.weight ?? 1 })),
  );
  tasks.sort((one, other) => other.weight - one.weight);
  const lane = async () => {
    for (let task = tasks.shift(); task; task = tasks.shift()) {
      const { run, check } = task;
      const begun = Date.now();
      try {
        await run();
      } catch (error) {
        await test(check, "the check itself", () => {
          throw error;
        });
      }
      if (process.env.TIMES) console.log(`time  ${check} ${((Date.now() - begun) / 1000).toFixed(1)} s`);
    }
  };
  await Promise.all([lane(), lane(), lane()]);
  for (const site of Object.values(sites)) await site.close();
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${Math.round((Date.now() - started) / 1000)} s`);

process.exit(close());
