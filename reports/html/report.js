// Filters the checks, makes the exchanges of a check when it is first opened, and follows links to checks.
// Everything from a server goes into the page by textContent: none of it is ever read as markup.
'use strict';
(() => {
  const root = document.documentElement;
  root.classList.add('js');
  const byId = (id) => document.getElementById(id);

  const make = (name, className, ...inside) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside.filter((part) => part !== null && part !== ''));
    return element;
  };

  // --- Evidence ---
  let store = null;
  const evidence = () => {
    if (!store) store = JSON.parse(byId('evidence').textContent);
    return store;
  };

  const pre = (className, ...inside) => {
    const element = make('pre', className, ...inside);
    element.tabIndex = 0;
    return element;
  };

  const headLines = (first, headers, text) => {
    const block = pre('head', make('b', '', first), '\n');
    for (let i = 0; i < headers.length; i += 2) {
      block.append(make('span', 'name', text(headers[i]) + ':'), ' ' + text(headers[i + 1]) + '\n');
    }
    return block;
  };

  const bodyParts = (body, text) => {
    if (!body) return [];
    const parts = [pre('text', text(body[0]))];
    if (body[1]) parts.push(make('p', 'note', text(body[1])));
    return parts;
  };

  const violations = (list, text) => {
    const items = [];
    for (let i = 0; i < list.length; i += 4) {
      const [requirement, place, expected, actual] = list.slice(i, i + 4).map(text);
      items.push(make('li', '', make('code', '', requirement), ' ', make('b', '', place), ': expected ' + expected + ', got ' + actual));
    }
    return make('div', 'violations', make('h5', '', 'Differs from the contract'), make('ul', '', ...items));
  };

  const repeat = (row, text) => {
    const copy = make('button', 'copy', 'Copy');
    copy.type = 'button';
    const block = make('details', 'repeat', make('summary', '', 'Repeat with curl'),
      make('div', 'command', pre('', row.q.map(text).join('\n')), copy));
    if (row.V) {
      const note = make('p', 'note', 'Needs ');
      row.V.forEach((name, i) => note.append(i ? ', ' : '', make('code', '', text(name))));
      note.append(' in the environment.');
      block.append(note);
    }
    return block;
  };

  const exchange = (row, number, text) => {
    const [purpose, operation, started, took, method, url, answer, kind, proto, wire] = row.l.map(text);
    const summary = make('summary', '',
      make('span', 'step', String(number)), make('span', 'purpose', purpose),
      make('span', 'line', make('b', '', method), ' ', make('span', 'url', url.replace(/^\w+:\/\/[^/]+(?=\/)/, ''))),
      make('span', 'answer s' + kind, answer), make('span', 'took', took));
    const request = make('div', 'side', make('h5', '', 'Request'),
      headLines(method + ' ' + url, row.h || [], text), ...bodyParts(row.b, text));
    const response = make('div', 'side', make('h5', '', 'Response'));
    if (kind === 'none') {
      response.append(make('p', 'note', answer));
    } else {
      response.append(headLines(proto + ' ' + answer, row.H || [], text), ...bodyParts(row.B, text));
      if (wire) response.append(make('p', 'note', 'On the wire: ' + wire));
    }
    const block = make('details', 'exchange', summary, make('div', 'inside',
      row.v ? violations(row.v, text) : null, make('div', 'sides', request, response),
      repeat(row, text), make('p', 'note', operation + ' at ' + started + ' UTC')));
    block.open = Boolean(row.k);
    return block;
  };

  const fill = (check) => {
    const place = check.querySelector('.evidence[data-key]');
    if (!place || place.childElementCount) return;
    const { texts, checks } = evidence();
    const rows = checks[place.dataset.key];
    if (rows) place.append(...rows.map((row, i) => exchange(row, i + 1, (n) => texts[n])));
    else place.append(make('p', 'note', 'The exchanges are not in this page; report.json and run.har hold them.'));
  };

  document.addEventListener('toggle', (event) => {
    if (event.target.open && event.target.matches('.check')) fill(event.target);
  }, true);

  // --- Filters ---
  const checks = [...document.querySelectorAll('details.check[data-status]')].map((element) => ({
    element,
    status: element.dataset.status,
    level: element.dataset.level,
    subject: element.dataset.subject,
    run: element.closest('.run').dataset.run,
    text: null,
  }));
  const groups = [...document.querySelectorAll('.group')].filter((g) => g.querySelector('details.check[data-status]'));
  const boxes = [...document.querySelectorAll('input[name="status"]')];
  const fields = { text: byId('f-text'), level: byId('f-level'), subject: byId('f-subject'), run: byId('f-run') };
  const value = (field) => (field ? field.value : '');

  // The searchable text of a check is taken when a search first asks for it: exchanges are no part of it.
  const searchable = (check) => {
    if (check.text === null) {
      check.text = [check.element.querySelector('summary'), ...check.element.querySelectorAll('.against, .about')]
        .map((part) => part.textContent).join(' ').toLowerCase();
    }
    return check.text;
  };

  const apply = () => {
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = value(fields.text).toLowerCase().split(/\s+/).filter(Boolean);
    const level = value(fields.level), subject = value(fields.subject), run = value(fields.run);
    let shown = 0;
    for (const check of checks) {
      const visible = statuses.has(check.status) && (!level || check.level === level) && (!subject || check.subject === subject) &&
        (!run || check.run === run) && (!words.length || words.every((word) => searchable(check).includes(word)));
      check.element.hidden = !visible;
      if (visible) shown++;
    }
    for (const group of groups) group.hidden = !group.querySelector('details.check:not([hidden])');
    byId('f-count').textContent = shown === checks.length ? (shown === 1 ? 'The one check is shown' : `All ${shown} checks shown`) : `${shown} of ${checks.length} checks shown`;
    byId('f-none').hidden = shown > 0 || checks.length === 0;
    byId('f-reset').disabled = shown === checks.length && !words.length && !level && !subject && !run;
  };

  const reset = () => {
    for (const box of boxes) box.checked = true;
    for (const field of Object.values(fields)) if (field) field.value = '';
    apply();
  };

  const form = document.querySelector('.filters');
  let waiting = 0;
  form.addEventListener('input', () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  });
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('f-reset').addEventListener('click', () => { reset(); fields.text.focus(); });
  byId('f-open').addEventListener('click', (event) => {
    const visible = checks.filter((check) => !check.element.hidden).slice(0, 200);
    const open = visible.some((check) => !check.element.open);
    for (const check of visible) check.element.open = open;
    event.target.textContent = open ? 'Close shown' : 'Open shown';
  });

  // --- Links to checks ---
  const follow = () => {
    let id = location.hash.slice(1);
    try { id = decodeURIComponent(id); } catch { /* a name with a lone % is taken as it stands */ }
    const target = id && byId(id);
    if (!target || !target.matches('details.check')) return;
    if (target.hidden) reset();
    target.open = true;
    fill(target);
    target.scrollIntoView({ block: 'start' });
    target.querySelector('summary').focus({ preventScroll: true });
  };
  window.addEventListener('hashchange', follow);

  // --- Copying ---
  document.addEventListener('click', async (event) => {
    const button = event.target.closest('.copy');
    if (!button) return;
    const command = button.parentElement.querySelector('pre');
    try {
      await navigator.clipboard.writeText(command.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(command); // no clipboard for this page: the reader's own keys copy it
      button.textContent = 'Selected';
    }
  });

  // On paper, what is broken is open.
  window.addEventListener('beforeprint', () => {
    for (const check of checks) {
      if (!check.element.hidden && ['failed', 'inconclusive', 'warned'].includes(check.status)) {
        check.element.open = true;
        fill(check.element);
      }
    }
  });

  for (const check of document.querySelectorAll('details.check[open]')) fill(check);
  apply();
  follow();
})();
