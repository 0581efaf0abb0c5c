// Lighthouse, as for a phone, on the main pages of jian: `node tests/browser/lighthouse.mjs`. Prints the four scores and every
// audit below 1. No part of `run`: a busy machine changes the timings, and a test must not fail for that.
// Needs a built program (or SITEGEN=FILE) and Chromium; installs Lighthouse outside of the repository's files.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { PAGES } from "./pages.mjs";
import { serve } from "./server.mjs";
import { build } from "./sites.mjs";

const VERSION = "12.8.2"; // the last one for Node.js before 22
const ROOT = path.resolve(import.meta.dirname, "../..");
const TOOLS = path.join(ROOT, ".ci/tools/lighthouse");
const PROGRAM = path.join(TOOLS, "node_modules/.bin/lighthouse");

if (!existsSync(PROGRAM)) {
  mkdirSync(TOOLS, { recursive: true });
  writeFileSync(path.join(TOOLS, "package.json"), JSON.stringify({ private: true, devDependencies: { lighthouse: VERSION } }));
  execFileSync("npm", ["install", "--silent", "--no-audit", "--no-fund"], { cwd: TOOLS, stdio: "inherit" });
}

const folder = mkdtempSync(path.join(os.tmpdir(), "sitegen-lighthouse-"));
try {
  const theme = process.argv[2] ?? "jian"; // or another theme
  const site = await serve(build(process.env.SITEGEN ?? path.join(ROOT, "target/release/sitegen"), folder, theme), {
    host: true,
  });
  for (const name of ["home", "article", "tag", "archive", "search"]) {
    const { categories, audits } = await lighthouse(site.origin + encodeURI(PAGES[name]));
    const scores = Object.values(categories).map(({ title, score }) => `${title} ${Math.round(score * 100)}`);
    console.log(`${theme}/${name}: ${scores.join(", ")}`);
    // Only what counts in a score.
    const counted = new Set(
      Object.values(categories).flatMap(({ auditRefs }) => auditRefs.filter(({ weight }) => weight > 0).map(({ id }) => id)),
    );
    for (const audit of Object.values(audits)) {
      if (audit.score === null || audit.score >= 1) continue;
      console.log(`  ${counted.has(audit.id) ? "" : "(no weight) "}${audit.id} ${audit.score} ${audit.displayValue ?? ""}`);
      const causes = (audit.details?.items ?? [])
        .map((item) => item.node?.snippet ?? item.sourceLocation?.url ?? item.url)
        .filter(Boolean);
      for (const cause of causes.slice(0, 3)) console.log(`    ${cause.slice(0, 160)}`);
    }
  }
  await site.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function lighthouse(url) {
  const flags = `--headless=new${process.getuid?.() === 0 ? " --no-sandbox" : ""}`;
  return new Promise((resolve, reject) => {
    const program = spawn(PROGRAM, [url, "--quiet", "--output=json", "--output-path=stdout", `--chrome-flags=${flags}`], {
      env: {
        ...process.env,
        CHROME_PATH: process.env.CHROMIUM ?? execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim(),
      },
      stdio: ["ignore", "pipe", "inherit"],
    });
    let output = "";
    program.stdout.setEncoding("utf8");
    program.stdout.on("data", (text) => (output += text));
    program.on("close", (status) =>
      status === 0 ? resolve(JSON.parse(output)) : reject(new Error(`lighthouse ended with ${status}`)),
    );
  });
}
