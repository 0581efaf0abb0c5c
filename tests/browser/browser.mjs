// Opens pages in Chromium, and keeps what went wrong while they were open.
import { chromium, chromiumPath } from "./tools.mjs";
import { REMOTE_IMAGE } from "./pages.mjs";
import { png } from "./png.mjs";

export const SIZES = { 390: { width: 390, height: 844 }, 1440: { width: 1440, height: 900 } };

export function launch() {
  // The sandbox of Chromium does not run as root.
  return chromium.launch({ executablePath: chromiumPath(), chromiumSandbox: process.getuid?.() !== 0 });
}

// Runs `body` with a fresh page, whose storage is empty. `options`: width, scheme, and those of newContext.
// `remote` says what becomes of the image of another host: "block" (the default), or milliseconds after which it arrives.
export async function withPage(browser, { width = 1440, scheme = "light", remote = "block", ...options }, body) {
  const context = await browser.newContext({
    viewport: SIZES[width],
    colorScheme: scheme,
    locale: "zh-CN",
    hasTouch: false,
    ...options,
  });
  context.setDefaultTimeout(4000);
  context.setDefaultNavigationTimeout(15000);
  try {
    return await body(await newTab(context, remote));
  } finally {
    await context.close();
  }
}

// One more page beside those of a context.
export async function newTab(context, remote = "block") {
  const page = await context.newPage();
  page.trouble = await watch(page, remote);
  return page;
}

// Listens for everything that must not happen. Gives the list of it, which `forget` empties.
async function watch(page, remote) {
  const found = [];
  const requests = [];
  await page.route(
    (url) => url.protocol.startsWith("http") && url.hostname !== "127.0.0.1",
    async (route) => {
      if (route.request().url() !== REMOTE_IMAGE || remote === "block") return route.abort("blockedbyclient");
      await new Promise((resolve) => setTimeout(resolve, remote));
      await route.fulfill({ contentType: "image/png", body: png(1000, 640, [120, 120, 130]) }).catch(() => {});
    },
  );
  await page.exposeBinding("sgViolation", (_, text) => found.push(`CSP: ${text}`));
  await page.addInitScript(helpers);
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      window.sgViolation(
        `${event.effectiveDirective} forbids ${event.blockedURI || "inline"} ${event.sourceFile ?? ""}:${event.lineNumber}`,
      ),
    );
  });
  page.on("request", (request) => requests.push(request));
  page.on("console", (message) => {
    if (message.type() !== "error" || message.location().url === REMOTE_IMAGE) return;
    // The address that is asked for on purpose to see the 404 page.
    if (/status of 404/.test(message.text()) && message.location().url === page.url()) return;
    found.push(`console: ${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("requestfailed", (request) => {
    if (request.url() === REMOTE_IMAGE) return;
    // Leaving a page ends what it was still loading.
    if (request.failure()?.errorText === "net::ERR_ABORTED") return;
    found.push(`failed request: ${decodeURI(request.url())} ${request.failure()?.errorText}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest()) {
      found.push(`status ${response.status()}: ${decodeURI(response.url())}`);
    }
  });
  return {
    found,
    requests,
    forget: () => {
      found.length = 0;
      requests.length = 0;
    },
  };
}

// Opens an address of a served site, and waits for its style and scripts.
export async function open(page, site, address) {
  const response = await page.goto(site.origin + encodeURI(address), { waitUntil: "load" });
  return response.status();
}

// Scrolls down by the wheel until nothing moves any more. Vertical text lies in a box of its own, which the wheel moves too.
export async function wheelThrough(page, { step = 160, pause = 100, most = 400 } = {}) {
  const { width, height } = page.viewportSize();
  await page.mouse.move(width / 2, height / 2);
  let still = 0;
  let before = await position(page);
  for (let n = 0; n < most && still < 6; n++) {
    await page.mouse.wheel(0, step);
    await page.waitForTimeout(pause);
    const now = await position(page);
    still = now === before ? still + 1 : 0;
    before = now;
  }
}

// How far the page and the boxes around the text are scrolled.
function position(page) {
  return page.evaluate(() => {
    const places = [scrollX, scrollY];
    for (let box = document.querySelector(".e-content") ?? document.querySelector("main"); box; box = box.parentElement) {
      places.push(box.scrollLeft, box.scrollTop);
    }
    return places.map(Math.round).join();
  });
}

// Helpers for code that runs in a page: `sgTest.visible(element)`.
export function helpers() {
  window.sgTest = {
    visible(element) {
      if (!element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true })) return false;
      const box = element.getBoundingClientRect();
      return box.width > 1 && box.height > 1;
    },
    // What a failing line calls an element.
    name(element) {
      const text = element.textContent.trim().slice(0, 20);
      return `<${element.localName}${element.id ? ` id=${element.id}` : ""}${element.className ? ` class="${element.className}"` : ""}>${text}`;
    },
  };
}
