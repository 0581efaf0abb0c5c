// The preview's own script: no page that is published has it. It waits for changes, takes over new style sheets, loads the page
// again when it has become another, and shows what is wrong.
(() => {
  'use strict';
  const script = document.currentScript;
  const base = script.src.slice(0, -'/.sitegen/preview.js'.length);
  let edition = Number(script.dataset.edition);
  let page = script.dataset.page;
  let words = {};

  // Where the reader was, for the page that comes after this one. Browsers keep it as well, unless the page was shorter for a
  // moment.
  const place = `sitegen-place ${location.pathname}`;
  const kept = sessionStorage.getItem(place);
  if (kept !== null) {
    sessionStorage.removeItem(place);
    const [x, y] = kept.split(' ').map(Number);
    const restore = () => scrollTo({ left: x, top: y, behavior: 'instant' });
    restore();
    addEventListener('load', restore, { once: true });
  }
  const reload = () => {
    sessionStorage.setItem(place, `${scrollX} ${scrollY}`);
    location.reload();
  };

  // The server names the bytes of each page; the page need not be loaded again where they are the same.
  const isOther = async () => {
    const answer = await fetch(location.pathname + location.search, { method: 'HEAD', cache: 'no-store' });
    return answer.headers.get('etag') !== page;
  };

  const replaced = new WeakMap();
  // Whether all could be: one that another style sheet imports has no link.
  const swap = async (styles) => {
    const done = [];
    const linked = new Set();
    // One that was saved twice may stand there twice, as it was and as it could not be had.
    const made = new Map();
    for (const [before, after] of styles) {
      for (const link of document.querySelectorAll('link[rel~="stylesheet"]')) {
        const url = new URL(link.href);
        if (url.origin !== location.origin || decodeURI(url.pathname) !== decodeURI(before)) continue;
        const twin = made.get(`${after} ${link.media}`);
        if (twin) {
          twin.push(link, ...(replaced.get(link) ?? []));
          continue;
        }
        const next = link.cloneNode();
        next.href = before === after ? `${after}?${edition}` : after;
        // The old one stays until the new one is there, and if that was saved again before it could be had, until the one after it:
        // the page is never bare.
        const old = [link, ...(replaced.get(link) ?? [])];
        replaced.set(next, old);
        made.set(`${after} ${link.media}`, old);
        done.push(new Promise((resolve) => {
          next.onload = () => {
            for (const sheet of old) sheet.remove();
            resolve();
          };
          next.onerror = resolve;
        }));
        link.after(next);
        linked.add(after);
      }
    }
    await Promise.all(done);
    return styles.every(([, after]) => linked.has(after));
  };

  const take = async (news) => {
    words = news.words;
    host.lang = words.language;
    // Only style sheets have changed since the edition that this page is of; these.
    const areStyles = news.styles !== null && edition >= news.since;
    const styles = (news.styles ?? []).filter(([, , since]) => since > edition);
    const isNew = news.edition !== edition;
    edition = news.edition;
    show(news.problems);
    if (!isNew) return;
    if (news.saved && decodeURI(news.saved) !== decodeURI(location.pathname) && document.visibilityState === 'visible') {
      location.assign(news.saved);
    } else if (areStyles && await swap(styles)) {
      const answer = await fetch(location.pathname + location.search, { method: 'HEAD', cache: 'no-store' });
      page = answer.headers.get('etag');
    } else if (await isOther()) {
      reload();
    }
  };
  // One after another: a style sheet may be on its way when the next news comes.
  let turn = Promise.resolve();
  const hear = (news) => { turn = turn.then(() => take(news)).catch(() => {}); };

  // A browser opens six connections to a server. One tab listens for all, and when it is closed another does; where there are no
  // locks (they need a secure context), each listens for itself.
  const channel = new BroadcastChannel(`sitegen ${base}`);
  let last = null;
  let listens = false;
  channel.onmessage = ({ data }) => {
    if (data !== 'hello') hear(data);
    else if (listens && last) channel.postMessage(last);
  };
  const listen = () => {
    listens = true;
    const events = new EventSource(`${base}/.sitegen/events`);
    events.onmessage = ({ data }) => {
      last = JSON.parse(data);
      hear(last);
      channel.postMessage(last);
    };
    events.onerror = () => {
      // A server that has just been started anew may say no once.
      if (events.readyState === EventSource.CLOSED) setTimeout(() => { events.close(); listen(); }, 1000);
    };
  };
  if (navigator.locks) navigator.locks.request(`sitegen ${base}`, () => new Promise(listen));
  else listen();
  channel.postMessage('hello');

  // What is wrong, above the page. A shadow tree, so that neither touches the other's styles.
  const style = new CSSStyleSheet();
  style.replaceSync(`
    :host { all: initial; color-scheme: light dark; }
    .back { position: fixed; inset: 0; box-sizing: border-box; width: 100%; height: 100%; max-width: none; max-height: none; margin: 0;
      border: 0; overflow: auto; overscroll-behavior: contain; padding: 5vh 1rem; background: rgb(0 0 0 / 55%);
      font: 16px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
    .sheet { max-width: 54rem; margin: auto; padding: 1.25rem 1.5rem 1.5rem; border-radius: 10px; border-top: 5px solid #d3302f;
      background: light-dark(#fff, #1d1f23); color: light-dark(#1b1b1b, #e9e9e9); box-shadow: 0 12px 50px rgb(0 0 0 / 40%); }
    header { display: flex; gap: 1rem; justify-content: space-between; align-items: baseline;
      color: light-dark(#5c5c5c, #a9adb4); font-size: .9em; }
    .back::backdrop { background: none; }
    button { font: inherit; color: inherit; background: none; border: 1px solid currentcolor; border-radius: 6px; padding: .1rem .7rem;
      cursor: pointer; white-space: nowrap; }
    h2 { margin: 1.1rem 0 .25rem; font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere; }
    .where { font: .88em/1.5 ui-monospace, "SF Mono", Menlo, Consolas, monospace; color: light-dark(#0b5cad, #79b8ff); overflow-wrap: anywhere; }
    pre { margin: .5rem 0; padding: .6rem .8rem; overflow-x: auto; border-radius: 6px; background: light-dark(#f4f4f5, #121316);
      font: .88em/1.6 ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
    .line { color: light-dark(#6b6b6b, #8b9099); user-select: none; margin-right: 1em; }
    mark { background: light-dark(#ffd9d6, #6b1f1d); color: inherit; border-radius: 2px; padding: 0 1px; }
    mark:empty::after { content: "\\00a0"; }
    .hint { margin: .25rem 0 0; }
    .held { position: fixed; left: 1rem; bottom: 1rem; z-index: 2147483646; padding: .15rem .8rem; border-radius: 99px;
      background: #8a4b00; color: #fff; font: 14px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", sans-serif; pointer-events: none; }
    @media print { :host { display: none; } }
  `);
  const host = document.createElement('sitegen-preview');
  const tree = host.attachShadow({ mode: 'open' });
  tree.adoptedStyleSheets = [style];
  const make = (name, text, ...children) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    element.append(...children);
    return element;
  };
  const named = (name, element) => { element.className = name; return element; };

  let shown = null;
  let dismissed = null;
  const close = () => {
    const back = tree.querySelector('.back');
    // The focus goes back to where it was.
    back?.close();
    back?.remove();
  };
  const show = (problems) => {
    badge();
    const now = problems.length > 0 ? JSON.stringify(problems) : null;
    if (now === shown) return;
    shown = now;
    close();
    // What was mended and breaks again is news.
    if (now === null) dismissed = null;
    if (now === null || now === dismissed) return;
    const dismiss = () => {
      dismissed = now;
      close();
    };
    const button = make('button', words.close);
    button.onclick = dismiss;
    const sheet = named('sheet', make('div', '', make('header', '', make('span', words.kept), button)));
    for (const problem of problems.slice(0, 20)) {
      sheet.append(make('h2', problem.message));
      if (problem.path) {
        const where = problem.line ? `${problem.path}:${problem.line}:${problem.column}` : problem.path;
        sheet.append(named('where', make('div', where)));
      }
      if (problem.line) {
        const line = named('line', make('span', String(problem.line)));
        sheet.append(make('pre', '', line, problem.before, make('mark', problem.marked), problem.after));
      }
      if (problem.hint) sheet.append(named('hint', make('p', problem.hint)));
    }
    if (problems.length > 20) sheet.append(make('p', `… ${problems.length}`));
    // Modal, so that it lies above dialogs of the page, and nothing of the page is reached behind it. It closes on Escape by itself.
    const back = named('back', make('dialog', '', sheet));
    back.setAttribute('role', 'alertdialog');
    back.setAttribute('aria-label', problems[0].message);
    back.oncancel = dismiss;
    tree.append(back);
    attach();
    back.showModal();
  };
  const badge = () => {
    const held = script.dataset.held;
    if (!held || tree.querySelector('.held')) return;
    tree.append(named('held', make('div', words[held])));
    attach();
  };
  const attach = () => { if (!host.isConnected) document.documentElement.append(host); };
})();
