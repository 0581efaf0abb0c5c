// Runs `sitegen serve` on sites of its own: the preview is a process, and is ended and started anew as one.
import { spawn } from "node:child_process";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const running = new Set();
// Whatever becomes of the checks, no server outlives them.
process.on("exit", () => running.forEach((server) => server.kill("SIGKILL")));

// A site below `folder`. `files` are its texts by their paths; null takes a file away.
export function writeSite(folder, files) {
  mkdirSync(folder, { recursive: true });
  const write = (changed) => {
    for (const [name, text] of Object.entries(changed)) {
      const file = path.join(folder, name);
      if (text === null) {
        rmSync(file, { force: true });
      } else {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, text);
      }
    }
  };
  write(files);
  return { folder, write };
}

// Starts the preview of a site, by default at any free port, and waits until it says where. `stop` ends it at once.
export async function startPreview(binary, site, { options = [], port = 0, locale = "zh_CN.UTF-8" } = {}) {
  const server = spawn(binary, ["serve", "--source", site.folder, "--port", String(port), ...options], {
    env: { ...process.env, LC_ALL: locale },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.add(server);
  let said = "";
  const ended = new Promise((resolve) => {
    server.on("close", resolve);
    server.on("error", (error) => {
      said += error.message;
      resolve();
    });
  });
  ended.then(() => running.delete(server));
  const origin = await new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`the preview has not said where it is: ${said}`)), 20000);
    const listen = (piece) => {
      said += piece;
      const address = /^ {2}(http:\/\/127\.0\.0\.1:\d+)\/.*\n/m.exec(said);
      if (!address) return;
      clearTimeout(late);
      resolve(address[1]);
    };
    server.stdout.setEncoding("utf8").on("data", listen);
    server.stderr.setEncoding("utf8").on("data", (piece) => (said += piece));
    ended.then(() => reject(new Error(`the preview has ended: ${said}`)));
  }).catch((error) => {
    server.kill("SIGKILL");
    throw error;
  });
  return {
    origin,
    port: Number(new URL(origin).port),
    said: () => said,
    stop: () => {
      server.kill("SIGKILL");
      return ended;
    },
  };
}
