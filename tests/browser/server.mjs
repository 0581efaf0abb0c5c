// A static file server on 127.0.0.1, as plain hosts are: index.html for folders, 404.html with status 404 for what is not there.
import { createReadStream, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import path from "node:path";
import zlib from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".xml": "application/xml; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
};

// `delay(pathname)` says how many milliseconds an answer waits. `host` does as a real host:
// texts in brotli, and files with a hash in their names may be kept for ever.
export async function serve(folder, { delay = () => 0, host = false } = {}) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    setTimeout(() => answer(folder, pathname, response, host), delay(pathname));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    folder,
    origin: `http://127.0.0.1:${server.address().port}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

// The file that stands at an address, or none. Takes an address of the site, encoded or not.
export function fileAt(folder, pathname) {
  let decoded;
  try {
    decoded = decodeURIComponent(pathname);
  } catch {
    return undefined;
  }
  const file = path.join(folder, decoded.endsWith("/") ? `${decoded}index.html` : decoded);
  if (!file.startsWith(folder + path.sep)) return undefined;
  return statSync(file, { throwIfNoEntry: false })?.isFile() ? file : undefined;
}

function answer(folder, pathname, response, host) {
  let status = 200;
  let file = fileAt(folder, pathname);
  if (!file) {
    status = 404;
    file = fileAt(folder, "/404.html");
    if (!file) return response.writeHead(404).end();
  }
  const type = TYPES[path.extname(file)] ?? "application/octet-stream";
  const headers = { "content-type": type, "cache-control": "no-store" };
  if (host) headers["cache-control"] = pathname.startsWith("/assets/") ? "public, max-age=31536000, immutable" : "no-cache";
  if (host && /text|json|xml|svg/.test(type)) {
    response.writeHead(status, { ...headers, "content-encoding": "br" });
    response.end(zlib.brotliCompressSync(readFileSync(file)));
  } else {
    response.writeHead(status, headers);
    createReadStream(file).pipe(response);
  }
}
