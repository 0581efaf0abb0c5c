// The reader's choice of horizontal text, and hands for the vertical strip: wheel, keys, leaf number. The page works without it.
(function () {
  'use strict';
  var main = document.getElementById('zhi-main');
  var box = document.getElementById('zhi-horizontal');
  var folio = document.querySelector('.zhi-folio');
  if (!main || !box) return;

  // Storage throws where the reader forbids it.
  function recall(store, key) { try { return window[store].getItem(key); } catch (e) { return null; } }
  function keep(store, key, value) { try { window[store].setItem(key, value); } catch (e) { /* not remembered */ } }

  var choice = recall('localStorage', 'sg:zhi');
  if (choice) box.checked = choice === 'horizontal';

  function vertical() { return getComputedStyle(main).writingMode === 'vertical-rl'; }
  function calm() { return matchMedia('(prefers-reduced-motion: reduce)').matches; }

  var signs = '〇一二三四五六七八九';
  function han(n) {
    if (n > 99) return String(n).replace(/\d/g, function (d) { return signs[d]; });
    var tens = Math.floor(n / 10), ones = n % 10;
    return (tens > 1 ? signs[tens] : '') + (tens ? '十' : '') + (ones || !tens ? signs[ones] : '');
  }

  // Lists in several pages have a number from the template; everything else counts the leaves of the strip.
  var fixed = folio.textContent.trim();
  var zh = /^zh/.test(document.querySelector('.zhi-head').lang);
  function turn() {
    if (fixed || !vertical()) return;
    var n = Math.floor(-main.scrollLeft / main.clientWidth + 0.5) + 1;
    folio.textContent = folio.dataset.leaf.replace('{n}', zh ? han(n) : n);
  }

  // Only what scrolls takes a place in the order of Tab.
  function settle() {
    main.tabIndex = vertical() ? 0 : -1;
    document.querySelectorAll('.e-content pre, .e-content .table-scroll').forEach(function (el) {
      if (el.scrollWidth > el.clientWidth || el.scrollHeight > el.clientHeight) el.tabIndex = 0;
      else el.removeAttribute('tabindex');
    });
    turn();
  }

  box.addEventListener('change', function () {
    keep('localStorage', 'sg:zhi', box.checked ? 'horizontal' : 'vertical');
    settle();
  });

  var waiting = false;
  main.addEventListener('scroll', function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; turn(); });
  }, { passive: true });
  addEventListener('resize', settle);

  // A wheel turned down goes on to the left, unless something under it scrolls by itself in that direction.
  addEventListener('wheel', function (event) {
    if (event.ctrlKey || event.shiftKey || !event.deltaY || Math.abs(event.deltaX) > Math.abs(event.deltaY) || !vertical()) return;
    for (var el = event.target; el && el !== main && el.parentElement; el = el.parentElement) {
      if (el.scrollHeight > el.clientHeight + 1 && /auto|scroll/.test(getComputedStyle(el).overflowY) &&
          (event.deltaY < 0 ? el.scrollTop > 0 : el.scrollTop + el.clientHeight < el.scrollHeight - 1)) return;
    }
    var unit = event.deltaMode === 1 ? 36 : event.deltaMode === 2 ? main.clientWidth : 1;
    main.scrollBy({ left: -event.deltaY * unit, behavior: 'instant' });
    event.preventDefault();
  }, { passive: false });

  // The arrows work by themselves while the strip has the focus; here they do so from the start, and the keys for pages too.
  addEventListener('keydown', function (event) {
    var at = document.activeElement || document.body;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !vertical()) return;
    if (at !== document.body && (!main.contains(at) || (at !== main && !at.matches('a')))) return;
    var page = main.clientWidth * 0.9, far = main.scrollWidth, key = event.key;
    var by = { PageDown: -page, PageUp: page, ' ': event.shiftKey ? page : -page, Home: far, End: -far }[key];
    if (!by && at === document.body) by = { ArrowLeft: -80, ArrowRight: 80 }[key];
    if (!by) return;
    main.scrollBy({ left: by, behavior: calm() ? 'instant' : 'smooth' });
    event.preventDefault();
  });

  // Browsers bring back the place in a page, but not the place in a strip.
  var place = 'sg:zhi:' + location.pathname;
  var way = performance.getEntriesByType && performance.getEntriesByType('navigation')[0];
  if (vertical() && way && /reload|back/.test(way.type)) {
    var old = recall('sessionStorage', place);
    if (old) main.scrollTo({ left: +old, behavior: 'instant' });
  }
  addEventListener('pagehide', function () { if (vertical()) keep('sessionStorage', place, main.scrollLeft); });

  // A picture without measures in the HTML gets those of its file, so long as what moves is not in sight yet.
  function fit(img) {
    if (img.hasAttribute('width') || !img.naturalWidth) return;
    var at = img.getBoundingClientRect();
    if (vertical() ? at.right > 0 : at.top < innerHeight) return;
    img.width = img.naturalWidth;
    img.height = img.naturalHeight;
  }
  main.addEventListener('load', function (event) { if (event.target.matches('.e-content img')) fit(event.target); }, true);

  settle();
  addEventListener('load', settle);
})();
