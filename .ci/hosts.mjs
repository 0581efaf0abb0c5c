// Asks the hosts' own programs what they make of `_redirects` and `_headers`: Cloudflare Pages' parser and asset server, Netlify's
// parsers and matcher. A site of hostile addresses is built; every rule must lead on from its own address and from no other, and
// a post must get no rule that is not one of its old addresses. Usage: hosts.mjs SITEGEN TOOLS
import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const [sitegen, tools] = process.argv.slice(2).map((path) => resolve(path));
const require = createRequire(join(tools, 'package.json'));
const work = mkdtempSync(join(tmpdir(), 'sitegen-hosts-'));
process.on('exit', () => rmSync(work, { recursive: true }));

const ORIGIN = 'https://example.org';
// What stands in `redirect_from` of one post each: signs of the hosts' patterns, of their lines and of addresses.
const HOSTILE = [
  '/2:x/01/02/p2/', '/ar:chive/', '/:splat', '/:1/', '/:甲/', '/p/:title/', '/12:30/', '/a:/', '/:/', '/*', '/ta*', '/st*r/', '/tags/*/', '/*/index.html',
  '/with blank/', '/tab%09bed/', '/line%0A/x /evil/ 301', '/line%0D%0A/evil', '/hash%23tag/', '/%23comment', '/question%3Fmark=1', '/per%25cent/', '/%2541/', '/%E7%94%B2/', '/乙/',
  '/brackets[1]{2}/', '/pipe|caret^grave`', "/marks!$&'()+,;=@~_.-/", '/quote"less<more>/', '/UPPER/Case.HTML', '/https:/evil.example/', '/301', '/old.html', '/old/index.html', '/older/index', '/.well-known/x/', '/__proto__',
  '/u2028%E2%80%A8x/', '/LICENSE', `/${'long/'.repeat(180)}`, `/${'字'.repeat(60)}/${'字'.repeat(60)}/${'字'.repeat(60)}/${'字'.repeat(60)}/`, '/nfd/e\u0301/',
];
const TARGETS = ['/posts/plain/', '/posts/:title/p:x/', '/st*r/target/', '/target/index.html', '/target%2523/', '/目标/', '/target/no-slash'];

function write(path, text) {
  mkdirSync(join(work, path, '..'), { recursive: true });
  writeFileSync(join(work, path), text);
}

const quoted = (text) => JSON.stringify(text);
write('site.yaml', `title: hosts\nbase_url: ${ORIGIN}\npermalink: /:year/:month/:day/:title/\n`);
write('static/LICENSE', 'a file\n');
HOSTILE.forEach((old, index) => {
  const target = index < TARGETS.length ? `permalink: ${quoted(TARGETS[index].replace(':title', 't').replace(':x', '%3Ax'))}\n` : '';
  write(`posts/2020-01-02-p${index}.md`, `---\ntitle: P${index}\ntags: ['*', ':x', 'a:b', '甲']\n${target}redirect_from: [${quoted(old)}]\n---\nText of post ${index}.\n`);
});
// 2,100 more than plain ones: hosts stop reading somewhere.
for (let post = 0; post < 3; post += 1) {
  const many = Array.from({ length: 700 }, (_, n) => `/many/${post}/${n}/`);
  write(`posts/2020-01-03-many${post}.md`, `---\ntitle: Many\nredirect_from: [${many}]\n---\nMany.\n`);
}
write('posts/2020-01-04-case.md', '---\ntitle: Case\nredirect_from: [/2020/01/04/CASE/]\n---\nCase.\n');
try {
  execFileSync(sitegen, ['build', '--quiet', '--source', work], { stdio: 'ignore' });
} catch (error) {
  // `/LICENSE` is another file's address, and told of.
  assert.equal(error.status, 1, error);
}
const output = join(work, 'output');
const files = new Set(readdirSync(output, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => '/' + join(entry.parentPath ?? entry.path, entry.name).slice(output.length + 1)));
const redirects = readFileSync(join(output, '_redirects'), 'utf8');
const headers = readFileSync(join(output, '_headers'), 'utf8');
const lines = redirects.trimEnd().split('\n').map((line) => line.split(' '));
assert(lines.every((line) => line.length === 3 && line[2] === '301'));
const pageOf = (name) => readFileSync(join(output, name), 'utf8');

// The address at which a host shows a file.
const address = (file) => new URL(encodeURI(file.replace(/(^|\/)index\.html$/, '$1')).replace(/[?#]/g, encodeURIComponent), ORIGIN).pathname;
// The old addresses as a browser asks for them, and the post that each belongs to.
const old = new Map(HOSTILE.map((path, index) => [new URL(path, ORIGIN).pathname, `P${index}`]));
old.set('/2020/01/04/CASE/', 'Case');
for (let n = 0; n < 2100; n += 1) old.set(`/many/${Math.floor(n / 700)}/${n % 700}/`, 'Many');
// `[` and `|` are asked for as a link has them: as they are, or encoded as in the rules.
const decoded = new Set([...old.keys()].map(decodeURIComponent));
const isOld = (path) => decoded.has(decodeURIComponent(path));
const ofRules = new Map(lines.map(([from, to]) => [from, to]));

// Cloudflare Pages.
writeFileSync(join(work, 'cloudflare.ts'), ['metadata-generator/parseRedirects', 'metadata-generator/parseHeaders', 'metadata-generator/createMetadataObject', 'asset-server/handler'].map((module) => `export * from '@cloudflare/pages-shared/${module}';`).join('\n'));
await require('esbuild').build({ entryPoints: [join(work, 'cloudflare.ts')], outfile: join(work, 'cloudflare.mjs'), bundle: true, format: 'esm', platform: 'node', nodePaths: [join(tools, 'node_modules')], logLevel: 'error' });
const cloudflare = await import(pathToFileURL(join(work, 'cloudflare.mjs')));
const parsed = { redirects: cloudflare.parseRedirects(redirects), headers: cloudflare.parseHeaders(headers) };
const tooMany = parsed.redirects.invalid.filter(({ message }) => message.startsWith('Maximum number of static rules'));
assert.deepEqual(parsed.redirects.invalid.length, tooMany.length, JSON.stringify(parsed.redirects.invalid[0]));
assert.equal(parsed.redirects.rules.length, 2000);
assert.deepEqual(parsed.headers.invalid, []);
const metadata = cloudflare.createMetadataObject(parsed);
assert.equal(Object.keys(metadata.redirects.rules).length, 0, 'no rule is a pattern');

async function ask(path) {
  const response = await cloudflare.generateHandler({
    request: new Request(ORIGIN + path),
    metadata,
    logError: (error) => assert.fail(error),
    findAssetEntryForPath: async (file) => (files.has(file) ? file : null),
    getAssetKey: (file) => encodeURIComponent(file),
    negotiateContent: () => ({ encoding: null }),
    fetchAsset: async (key, file = decodeURIComponent(key)) => ({ body: pageOf(file), contentType: file.endsWith('.html') ? 'text/html' : 'text/plain' }),
  });
  const location = response.headers.get('location');
  return { status: response.status, location: location && new URL(location, ORIGIN).pathname, headers: response.headers, body: await response.text() };
}

// What is shown at an address, after what the host and the page there lead on to.
async function shown(path, steps = 0) {
  assert(steps < 4, `${path} goes round`);
  const answer = await ask(path);
  if (answer.location) return shown(answer.location, steps + 1);
  const next = answer.body.match(/http-equiv="?refresh"? content="0; ?url=([^"]+)"/);
  return next ? shown(new URL(next[1].replaceAll('&amp;', '&'), ORIGIN).pathname, steps + 1) : answer;
}

let asked = 0;
for (const file of files) {
  const path = address(file);
  const answer = await ask(path);
  asked += 1;
  if (answer.status === 301) assert(ofRules.has(path) && isOld(path), `${path} is taken by a rule`);
  else assert([200, 308].includes(answer.status), `${path}: ${answer.status}`);
  // Named by what is in them.
  if (file.startsWith('/assets/') || file.startsWith('/search/data/')) assert.match(answer.headers.get('cache-control'), /immutable/);
  else assert.doesNotMatch(answer.headers.get('cache-control') ?? '', /immutable/, path);
  assert(answer.status !== 200 || answer.headers.get('content-security-policy'), path);
}
for (const [path, post] of old) {
  // Control characters make no address, and the file's owner keeps it.
  if (/%0[9AD]/.test(path) || path === '/LICENSE') {
    assert(!ofRules.has(path), path);
    continue;
  }
  const { status, body } = await shown(path);
  assert(status === 200 && body.includes(`<title>${post} `), `${path} leads to no ${post}`);
}
for (const [from] of lines) assert(isOld(from), `${from} is no old address`);
// Near an old address there is nothing: not with another word for a part of it, and not below it.
const near = (path) => [path.replace(/:\w+/, 'word'), path.replace(/%3A\w+/, 'word'), path.replace(/\*|%2A/, 'word'), `${path}below/`, `${path}x`];
for (const path of [...old.keys()].flatMap(near).filter((path) => !old.has(path) && !files.has(path))) {
  const { status, location } = await ask(path);
  assert(status !== 301, `${path} is led to ${location}`);
}

// Netlify.
const { parseAllRedirects } = await import(pathToFileURL(require.resolve('@netlify/redirect-parser')));
const { parseAllHeaders } = await import(pathToFileURL(require.resolve('@netlify/headers-parser')));
const netlify = {
  redirects: await parseAllRedirects({ redirectsFiles: [join(output, '_redirects')], configRedirects: [], minimal: false }),
  headers: await parseAllHeaders({ headersFiles: [join(output, '_headers')], configHeaders: [], minimal: false }),
};
for (const { errors } of Object.values(netlify)) assert.deepEqual(errors, []);
assert.deepEqual(netlify.redirects.redirects.map(({ from, to, status, force, query }) => [from, to, status, force, query]), lines.map(([from, to]) => [from, to, 301, false, {}]));
const matcher = await require('netlify-redirector').parsePlain(redirects, {});
const match = (path) => matcher.match({ scheme: 'https', host: 'example.org', path, query: '', getHeader: () => '', getCookie: () => '' });
// To Netlify a slash at the end makes no other address.
const slashed = (path) => (path.endsWith('/') ? path : `${path}/`);
const slashedRules = new Map(lines.map(([from, to]) => [slashed(from), to]));
for (const path of [...[...files].map(address), ...old.keys(), ...[...old.keys()].flatMap(near)]) {
  assert.equal(match(path)?.to, slashedRules.get(slashed(path)), path);
}
for (const { forRegExp, values } of netlify.headers.headers) {
  const taken = [...files].filter((file) => forRegExp.test(address(file)));
  const isOfOne = taken.length === 1 && taken[0].startsWith('/assets/');
  const ofSearch = [...files].filter((file) => file.startsWith('/search/data/'));
  const isOfSearch = taken.length === ofSearch.length && ofSearch.every((file) => taken.includes(file));
  assert(taken.length === files.size || ((isOfOne || isOfSearch) && values['Cache-Control']), String(forRegExp));
}
console.log(`${lines.length} redirects and ${netlify.headers.headers.length} rules of headers mean the same to Cloudflare Pages and Netlify; ${asked} addresses asked for`);
