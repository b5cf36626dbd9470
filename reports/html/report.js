// Makes the checks of the page from the index when they are to be seen, and their exchanges when they are opened; filters them, keeps
// the filters in the address, and follows links to checks. Everything from a server goes into the page by textContent: none of it is
// ever read as markup.
'use strict';
(() => {
  document.documentElement.classList.add('js');
  const byId = (id) => document.getElementById(id);

  const make = (name, className, ...inside) => {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside.filter((part) => part !== null && part !== ''));
    return element;
  };

  const button = (className, label, act) => {
    const element = make('button', className, label);
    element.type = 'button';
    if (act) element.addEventListener('click', act);
    return element;
  };

  const pre = (className, ...inside) => {
    const element = make('pre', className, ...inside);
    element.tabIndex = 0;
    return element;
  };

  const index = JSON.parse(byId('index').textContent);
  const said = (n) => index.texts[n];
  let store = null;
  const evidence = () => {
    if (!store) store = JSON.parse(byId('evidence').textContent);
    return store;
  };
  const text = (n) => evidence().texts[n];

  // --- The checks ---
  // A check has an element when it is first to be seen. Those that stand in the page have theirs.
  const groups = [...document.querySelectorAll('details.group[data-status]')].map((element) => ({
    element, run: Number(element.dataset.run), status: element.dataset.status,
    rows: element.querySelector('.rows'), count: element.querySelector('.count'), checks: [], visible: [], drawn: null,
  }));
  const standing = new Map([...document.querySelectorAll('details.check')].map((element) => [element.id, element]));
  const checks = [];
  const byAnchor = new Map();
  index.runs.forEach((run, i) => {
    for (const row of run.checks) {
      const [anchor, href, id, group, status, level, subject, title, gist, took, after] = row.l.map(said);
      const check = { anchor, href, id, group, status, level, subject, title, gist, took, after, row, run: i + 1,
        home: groups.find((g) => g.run === i + 1 && g.status === group), element: standing.get(anchor) || null, full: false };
      check.standing = Boolean(check.element);
      check.home.checks.push(check);
      checks.push(check);
      byAnchor.set(anchor, check);
    }
  });

  const facts = (check) => {
    const list = [];
    for (let i = 0; i < check.row.f.length; i += 3) list.push(check.row.f.slice(i, i + 3).map(said));
    return list;
  };
  const against = (check) => (check.row.x ? check.row.x.map(said) : ['', '']);
  const exchanges = (check) => evidence().checks[check.anchor] || [];

  const elementOf = (check) => {
    if (check.element) return check.element;
    const [mark, word] = index.words[check.status];
    const sign = make('span', 'sign ' + check.group, mark);
    sign.setAttribute('aria-hidden', 'true');
    check.element = make('details', 'check ' + check.group, make('summary', '', sign,
      make('span', 'what', make('span', 'title', make('span', 'unseen', word + ': '), check.title),
        check.gist ? make('span', 'gist', check.gist) : null, make('span', 'id', check.id)),
      make('span', 'level ' + check.level, check.level), make('span', 'took', check.took)));
    check.element.id = check.anchor;
    return check.element;
  };
  const checkOf = (element) => byAnchor.get(element.id);

  // fill makes what a check shows when it is open.
  const fill = (check) => {
    if (check.full) return;
    check.full = true;
    const element = elementOf(check);
    if (!check.standing) element.append(body(check));
    element.querySelector('.actions').append(' ', button('copy-ticket', 'Copy as Markdown', (event) => copy(event.target, ticket(check))));
    const drawing = picture(exchanges(check));
    if (drawing) element.querySelector('.evidence').before(drawing);
  };

  const body = (check) => {
    const block = make('div', 'body');
    const [wanted, came] = against(check);
    if (wanted || came) {
      block.append(make('dl', 'against', make('div', 'expected', make('dt', '', 'Expected'), make('dd', '', wanted)),
        make('div', 'actual', make('dt', '', 'Actual'), make('dd', '', came))));
    }
    block.append(make('dl', 'about', ...facts(check).map(([label, words, form]) => {
      const shown = form === 'block' ? pre('', words) : form ? make('code', '', words) : words;
      return make('div', '', make('dt', '', label), make('dd', '', shown));
    })));
    const link = make('a', '', 'Link to this check');
    link.href = check.href;
    block.append(make('p', 'actions', link));
    const script = evidence().scripts[check.anchor];
    if (script) {
      block.append(make('details', 'repeat whole', make('summary', '', 'Repeat the whole check'),
        make('div', 'command', pre('', script.map(text).join('\n')), button('copy', 'Copy'))));
    }
    if (check.row.n) block.append(evidenceOf(make('div', 'evidence'), exchanges(check)));
    return block;
  };

  // --- Exchanges ---
  const evidenceOf = (place, rows) => {
    if (rows.length) place.append(...rows.map((row, i) => exchange(row, i + 1)));
    else place.append(make('p', 'note', 'The exchanges are not in this page; report.json and run.har hold them.'));
    return place;
  };

  const pairs = (numbers) => {
    const list = [];
    for (let i = 0; i < (numbers || []).length; i += 2) list.push([text(numbers[i]), text(numbers[i + 1])]);
    return list;
  };

  const headLines = (first, headers) => {
    const block = pre('head', make('b', '', first), '\n');
    for (const [name, value] of pairs(headers)) block.append(make('span', 'name', name + ':'), ' ' + value + '\n');
    return block;
  };

  const bodyParts = (numbers) => {
    if (!numbers) return [];
    const parts = [pre('text', text(numbers[0]))];
    if (numbers[1]) parts.push(make('p', 'note', text(numbers[1])));
    return parts;
  };

  const differences = (row) => {
    const list = [];
    for (let i = 0; i < (row.v || []).length; i += 4) list.push(row.v.slice(i, i + 4).map(text));
    return list;
  };

  const repeat = (row) => {
    const block = make('details', 'repeat', make('summary', '', 'Repeat with curl'),
      make('div', 'command', pre('', row.q.map(text).join('\n')), button('copy', 'Copy')));
    if (row.V) {
      const note = make('p', 'note', 'Needs ');
      row.V.forEach((name, i) => note.append(i ? ', ' : '', make('code', '', text(name))));
      note.append(' in the environment.');
      block.append(note);
    }
    return block;
  };

  const lineOf = (row) => {
    const [purpose, operation, started, took, method, url, answer, kind, proto, wire, effect] = row.l.map(text);
    return { purpose, operation, started, took, method, url, answer, kind, proto, wire, effect };
  };

  const exchange = (row, number) => {
    const e = lineOf(row);
    const summary = make('summary', '',
      make('span', 'step', String(number)), make('span', 'purpose', e.purpose),
      make('span', 'line', make('b', '', e.method), ' ', make('span', 'url', e.url.replace(/^\w+:\/\/[^/]+(?=\/)/, ''))),
      make('span', 'answer s' + e.kind, e.answer), make('span', 'took', e.took));
    const request = make('div', 'side', make('p', 'caption', 'Request'), headLines(e.method + ' ' + e.url, row.h), ...bodyParts(row.b));
    const response = make('div', 'side', make('p', 'caption', 'Response'));
    if (e.kind === 'none') {
      response.append(make('p', 'note', e.answer));
    } else {
      response.append(headLines(e.proto + ' ' + e.answer, row.H), ...bodyParts(row.B));
      if (e.wire) response.append(make('p', 'note', 'On the wire: ' + e.wire));
    }
    const differs = differences(row).map(([requirement, place, expected, actual]) =>
      make('li', '', make('code', '', requirement), ' ', make('b', '', place), ': expected ' + expected + ', got ' + actual));
    const block = make('details', 'exchange', summary, make('div', 'inside',
      differs.length ? make('div', 'violations', make('p', 'caption', 'Differs from the contract'), make('ul', '', ...differs)) : null,
      make('div', 'sides', request, response), repeat(row), make('p', 'note', e.operation + ' at ' + e.started + ' UTC')));
    block.open = Boolean(row.k);
    return block;
  };

  // --- The picture: who came when, what was sent, where it ended ---
  const secretName = /‹([A-Za-z][A-Za-z0-9 ._-]*)›/g;
  const noLife = /^(wrong-)?password|^basic|^challenge/; // what the account has, and the word that stands before a token
  const namesIn = (...texts) => new Set(texts.flatMap((words) =>
    [...words.replace(/%E2%80%B9/gi, '‹').replace(/%E2%80%BA/gi, '›').matchAll(secretName)].map((m) => m[1]).filter((name) => !noLife.test(name))));

  const longPicture = 40, manyLives = 14;

  // livesOf reads the exchanges for what happened to each session and token: came, sent, refused, ended.
  const livesOf = (rows) => {
    const lives = new Map();
    const note = (name, step, what, answer) => {
      if (!lives.has(name)) lives.set(name, []);
      lives.get(name).push({ step, what, answer });
    };
    rows.forEach((row, step) => {
      const e = lineOf(row);
      const aimed = namesIn(e.url, row.b ? text(row.b[0]) : '');
      const carried = namesIn(...pairs(row.h).map(([, value]) => value));
      const ends = e.effect === 'ends' && e.kind === '2';
      for (const name of new Set([...aimed, ...carried])) {
        // An end names what it ends in its address or its body where it does so anywhere but by its authority.
        const ended = ends && (aimed.size ? aimed.has(name) : true);
        note(name, step, ended ? 'ended' : e.kind === '2' || e.kind === '3' ? 'sent' : 'refused', e.answer);
      }
      for (const name of namesIn(...pairs(row.H).map(([, value]) => value), row.B ? text(row.B[0]) : '')) {
        if (!lives.has(name)) note(name, step, 'came', e.answer);
      }
    });
    return [...lives].slice(0, manyLives);
  };

  const drawn = (name, attributes, words) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    if (words !== undefined) element.textContent = words;
    return element;
  };

  const picture = (all) => {
    const rows = all.slice(0, longPicture);
    const lives = livesOf(rows);
    if (rows.length < 2 || !lives.length) return null;
    const steps = rows.map(lineOf);
    const left = Math.max(...lives.map(([name]) => name.length)) * 7 + 34;
    const wide = Math.min(120, Math.max(60, ...steps.map((e) => e.operation.length * 6 + 14)));
    const high = 26, top = 44;
    const x = (step) => left + wide * step + wide / 2, y = (life) => top + high * life + high / 2;
    const width = left + wide * rows.length + 8, height = top + high * lives.length + 26;
    const svg = drawn('svg', { viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': `The sequence of ${rows.length} exchanges; the list below says the same` });
    steps.forEach((e, step) => {
      const short = e.operation.length > 18 ? e.operation.slice(0, 17) + '…' : e.operation;
      svg.append(drawn('line', { class: 'at', x1: x(step), x2: x(step), y1: top - 4, y2: height - 22 }),
        drawn('text', { class: 'number', x: x(step), y: 14 }, step + 1),
        drawn('text', { x: x(step), y: 31 }, short),
        drawn('text', { class: 'code s' + e.kind, x: x(step), y: height - 7 }, e.kind === 'none' ? 'none' : e.answer.slice(0, 3)));
    });
    lives.forEach(([name, events], life) => {
      const first = events[0], end = events.find((e) => e.what === 'ended');
      svg.append(drawn('text', { class: 'name', x: 4, y: y(life) + 4 }, '‹' + name + '›'));
      if (first.what === 'came') {
        const until = end ? x(end.step) : left + wide * rows.length;
        svg.append(drawn('line', { class: 'life', x1: x(first.step), x2: until, y1: y(life), y2: y(life) }));
      }
      for (const { step, what } of events) {
        if (what === 'ended') {
          svg.append(drawn('path', { class: 'ended', d: `M${x(step) - 6} ${y(life) - 6}l12 12m0 -12l-12 12` }));
        } else if (what === 'refused') {
          svg.append(drawn('rect', { class: 'refused', x: x(step) - 5, y: y(life) - 5, width: 10, height: 10 }));
        } else {
          svg.append(drawn('circle', { class: what, cx: x(step), cy: y(life), r: what === 'came' ? 6 : 5 }));
        }
      }
    });
    const told = lives.map(([name, events]) => {
      const words = events.slice(0, 12).map(({ step, what, answer }) => ({
        came: `came with ${step + 1}`, sent: `sent with ${step + 1}`, ended: `ended with ${step + 1}`, refused: `sent with ${step + 1}, which got ${answer.slice(0, 60)}`,
      })[what]);
      if (events.length > 12) words.push(`and ${events.length - 12} times more`);
      return make('li', '', make('code', '', '‹' + name + '›'), ' ' + words.join('; '));
    });
    const scroll = make('div', 'scroll', svg);
    scroll.tabIndex = 0;
    scroll.setAttribute('role', 'group');
    scroll.setAttribute('aria-label', 'Picture of the sequence');
    return make('figure', 'picture', make('figcaption', 'caption', `Who lived when${all.length > rows.length ? `, in the first ${rows.length} of ${all.length} exchanges` : ''}: ● came, ○ sent, □ sent and not taken, ✕ ended`),
      scroll, make('ul', 'lives', ...told));
  };

  // --- A ticket at the vendor ---
  const escapes = /[&<>|\\`*_[\]#@~$]|:\/\/|www\./g;
  const markdown = (words) => words.replace(/\s+/g, ' ').trim().replace(escapes, (part) => `&#${part.charCodeAt(0)};` + part.slice(1));
  const fenced = (kind, words) => {
    const fence = '`'.repeat(Math.max(3, ...[...words.matchAll(/`+/g)].map((m) => m[0].length + 1)));
    return `${fence}${kind}\n${words.replace(/\n$/, '')}\n${fence}\n`;
  };
  const longTicket = 50000; // trackers take some 64 KB

  const message = (first, headers, numbers) =>
    [first, ...pairs(headers).map(([name, value]) => name + ': ' + value)].join('\n') +
    (numbers ? '\n\n' + text(numbers[0]) + (numbers[1] ? '\n(' + text(numbers[1]) + ')' : '') : '');

  const ticket = (check) => {
    const run = index.runs[check.run - 1];
    const [wanted, came] = against(check);
    const part = (label, words) => (words ? `**${label}:** ${markdown(words)}\n\n` : '');
    let out = `## ${markdown(check.title)}\n\n` + part('Result', index.words[check.status][1] + ' (' + check.level + ')');
    for (const [label, words, form] of facts(check)) if (!form || form === 'code') out += part(label, words);
    out += part('Expected', wanted) + part('Actual', came) +
      part('Check', check.id) + part('Target', `${run.target}, as ${run.profile}, on ${index.date}, by ${index.suite}`);
    const rows = exchanges(check);
    if (rows.length) out += '### Exchanges\n\nA name such as ‹token-2› stands for a secret.\n\n';
    const script = evidence().scripts[check.anchor];
    const closing = script ? '### Script that repeats it\n\n' + fenced('sh', script.map(text).join('\n')) : '';
    let left = 0;
    rows.forEach((row, i) => {
      const e = lineOf(row);
      let told = `**${i + 1}. ${markdown(e.purpose)}: ${markdown(e.operation)}**, ${e.took}\n\n`;
      for (const [requirement, place, expected, actual] of differences(row)) {
        told += `- ${markdown(requirement)} at ${markdown(place)}: expected ${markdown(expected)}, got ${markdown(actual)}\n`;
      }
      told += (row.v ? '\n' : '') + fenced('http', message(e.method + ' ' + e.url, row.h, row.b)) + '\n' +
        fenced('http', e.kind === 'none' ? e.answer : message(e.proto + ' ' + e.answer, row.H, row.B) + (e.wire ? '\n(on the wire: ' + e.wire + ')' : '')) + '\n';
      if (left || out.length + told.length + closing.length > longTicket) left++;
      else out += told;
    });
    if (left) out += `${left} more exchanges are in report.json.\n\n`;
    else if (check.row.n && !rows.length) out += '### Exchanges\n\nreport.json holds them.\n\n';
    return out + closing;
  };

  // --- Copying ---
  const copy = async (pressed, words, shown) => {
    try {
      await navigator.clipboard.writeText(words);
      pressed.textContent = 'Copied';
    } catch { // no clipboard for this page: the reader's own keys copy it
      if (!shown) {
        shown = pressed.parentElement.parentElement.querySelector('.ticket') || pre('ticket');
        shown.textContent = words;
        pressed.parentElement.after(shown);
      }
      getSelection().selectAllChildren(shown);
      pressed.textContent = 'Selected';
    }
  };
  document.addEventListener('click', (event) => {
    const pressed = event.target.closest('.copy');
    if (!pressed) return;
    const command = pressed.parentElement.querySelector('pre');
    copy(pressed, command.textContent, command);
  });

  // --- Filters ---
  const boxes = [...document.querySelectorAll('input[name="status"]')];
  const fields = { q: byId('f-text'), level: byId('f-level'), subject: byId('f-subject'), run: byId('f-run') };
  const many = 400; // checks that a page shows at once without being slow

  // filters are those that are set, as the address has them.
  const filters = () => {
    const set = new URLSearchParams();
    for (const [name, field] of Object.entries(fields)) if (field && field.value.trim()) set.set(name, field.value.trim());
    const on = boxes.filter((box) => box.checked).map((box) => box.value);
    if (on.length < boxes.length) set.set('status', on.join(','));
    return set;
  };
  const setFilters = (set) => {
    for (const [name, field] of Object.entries(fields)) {
      if (!field) continue;
      field.value = set.get(name) || '';
      if (field.value !== (set.get(name) || '')) field.value = ''; // a choice that this report has not
    }
    const on = set.has('status') ? set.get('status').split(',') : null;
    for (const box of boxes) box.checked = !on || on.includes(box.value);
  };

  // A word is looked for in each distinct text once, however many checks say it. Exchanges are no part of it.
  let lower = null;
  const holders = (word) => {
    if (!lower) lower = index.texts.map((words) => words.toLowerCase());
    return lower.map((words) => words.includes(word));
  };
  const searched = (check) => {
    if (!check.searched) check.searched = [check.row.l[2], check.row.l[7], check.row.l[8], ...(check.row.x || []), ...check.row.f.filter((_, i) => i % 3 === 1)];
    return check.searched;
  };

  const draw = (group) => {
    const rows = group.element.open ? group.visible : [];
    if (group.drawn === rows || (!rows.length && !group.rows.childElementCount)) return;
    group.drawn = rows;
    group.rows.replaceChildren(...rows.map(elementOf));
  };

  const apply = () => {
    const set = filters();
    const statuses = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const held = (set.get('q') || '').toLowerCase().split(/\s+/).filter(Boolean).map(holders);
    const level = set.get('level'), subject = set.get('subject'), run = Number(set.get('run'));
    const matches = (check) => (!level || check.level === level) && (!subject || check.subject === subject) &&
      held.every((has) => searched(check).some((n) => has[n]));
    let shown = 0;
    for (const group of groups) {
      const visible = statuses.has(group.status) && (!run || group.run === run) ? group.checks.filter(matches) : [];
      if (visible.length !== group.visible.length || visible.some((check, i) => check !== group.visible[i])) group.visible = visible;
      shown += visible.length;
    }
    // What calls for action is open; the rest where all of it is not too much for one page.
    let room = many / 2;
    for (const group of groups) {
      const n = group.visible.length;
      const broken = ['failed', 'inconclusive', 'warned'].includes(group.status);
      group.element.hidden = n === 0;
      group.count.textContent = n === group.checks.length ? String(n) : `${n} of ${group.checks.length}`;
      group.element.open = n > 0 && (shown <= many || (broken && room > 0));
      if (broken) room -= n;
      draw(group);
    }
    byId('f-count').textContent = shown === checks.length ? (shown === 1 ? 'The one check is shown' : `All ${shown} checks shown`) : `${shown} of ${checks.length} checks shown`;
    byId('f-none').hidden = shown > 0 || checks.length === 0;
    byId('f-reset').disabled = set.toString() === '';
    byId('f-open').textContent = 'Open shown';
  };

  // --- The address: #check?filters ---
  let aim = '';
  const address = () => {
    const at = location.hash.indexOf('?');
    const anchor = at < 0 ? location.hash.slice(1) : location.hash.slice(1, at);
    return [anchor, at < 0 ? null : new URLSearchParams(location.hash.slice(at + 1))];
  };
  const remember = (anew) => {
    const set = filters().toString();
    const hash = aim + (set ? '?' + set : '');
    try {
      history[anew ? 'pushState' : 'replaceState']({ filters: set }, '', hash ? '#' + hash : location.href.split('#')[0]);
    } catch { /* a page in a frame may have no history */ }
  };

  const open = (check) => {
    if (!check.home.visible.includes(check)) {
      setFilters(new URLSearchParams());
      apply();
      remember(false);
    }
    check.home.element.open = true;
    draw(check.home);
    elementOf(check).open = true;
    fill(check);
  };

  let aimed = null;
  const land = () => {
    let id = aim;
    try { id = decodeURIComponent(id); } catch { /* a name with a lone % is taken as it stands */ }
    if (aimed) aimed.classList.remove('aimed');
    aimed = null;
    const check = byAnchor.get(id);
    if (check) {
      open(check);
      aimed = check.element;
      aimed.classList.add('aimed');
    }
    const place = check ? check.element : id && byId(id);
    if (!place) return;
    const show = () => {
      if (check && check.element !== aimed) return; // another link was followed since
      place.scrollIntoView({ block: 'start', behavior: 'instant' });
      if (check) place.querySelector('summary').focus({ preventScroll: true });
    };
    show();
    // The browser goes to the fragment too, in its own time, and takes the focus away; what stands above has its height by then.
    if (document.readyState !== 'complete') window.addEventListener('load', () => requestAnimationFrame(show), { once: true });
    else requestAnimationFrame(show);
  };

  window.addEventListener('popstate', (event) => {
    const [anchor, set] = address();
    // An entry that this page has written has its filters; a link that was followed keeps those that are set.
    if (event.state) setFilters(new URLSearchParams(event.state.filters));
    else if (set) setFilters(set);
    aim = anchor;
    typing = false;
    apply();
    if (!event.state) remember(false);
    land();
  });

  const form = document.querySelector('.filters');
  let waiting = 0, typing = false;
  form.addEventListener('input', (event) => {
    // What is typed in one go is one step back.
    remember(!(typing && event.target === fields.q));
    typing = event.target === fields.q;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(apply);
  });
  form.addEventListener('focusout', () => { typing = false; });
  form.addEventListener('submit', (event) => event.preventDefault());
  byId('f-reset').addEventListener('click', () => {
    setFilters(new URLSearchParams());
    remember(true);
    apply();
    fields.q.focus();
  });
  byId('f-open').addEventListener('click', (event) => {
    const seen = groups.filter((group) => group.element.open).flatMap((group) => group.visible).slice(0, 100);
    const all = seen.some((check) => !elementOf(check).open);
    for (const check of seen) {
      check.element.open = all;
      if (all) fill(check);
    }
    event.target.textContent = all ? 'Close shown' : 'Open shown';
  });

  // --- The rest of the matrix ---
  const alike = byId('show-alike');
  if (alike) {
    alike.addEventListener('click', () => {
      const rows = index.alike.map(({ l, c }) => {
        const [requirement, level, promise] = l.map(said);
        const row = make('tr', '', make('th', '', make('code', '', requirement), ' ', make('span', 'level ' + level, level), make('span', 'promise', promise)));
        row.firstChild.scope = 'row';
        for (let i = 0; i < c.length; i += 4) {
          const [status, href, title, n] = c.slice(i, i + 4).map(said);
          const sign = status ? make('a', 'sign ' + status, index.words[status][0]) : make('span', 'none', '·');
          sign.title = status ? title : 'not in this profile';
          if (status) {
            sign.href = href;
            sign.setAttribute('aria-label', index.words[status][1]);
          }
          row.append(make('td', '', sign, n > 1 ? make('small', '', n) : null));
        }
        return row;
      });
      document.querySelector('.matrix tbody').append(...rows);
      byId('alike').remove();
    });
  }

  // --- The timeline ---
  const timeline = (group) => {
    const figure = group.querySelector('figure');
    if (figure.querySelector('svg')) return;
    const height = figure.dataset.height;
    const svg = drawn('svg', { viewBox: `0 0 100000 ${height}`, preserveAspectRatio: 'none', width: '100%', height, role: 'img', 'aria-label': figure.dataset.label });
    for (const check of checks) {
      if (check.run !== Number(group.dataset.run) || !check.row.t) continue;
      const [x, width, y] = check.row.t;
      const bar = drawn('rect', { class: check.group, x, y, width, height: 7 });
      bar.append(drawn('title', {}, `${index.words[check.status][1]}: ${check.title}, ${check.took} after ${check.after}`));
      bar.addEventListener('click', () => { location.hash = check.href; }); // for who points; the list above has every check for all
      svg.append(bar);
    }
    figure.prepend(svg);
  };

  document.addEventListener('toggle', ({ target }) => {
    if (!target.open) return;
    if (target.matches('.check')) return fill(checkOf(target));
    if (target.matches('.timeline')) return timeline(target);
    if (target.matches('.preflight')) {
      const place = target.querySelector('.evidence');
      if (!place.childElementCount) evidenceOf(place, evidence().checks[place.dataset.key] || []);
      return undefined;
    }
    const group = groups.find((g) => g.element === target);
    return group && draw(group);
  }, true);

  // On paper, what is broken is open.
  window.addEventListener('beforeprint', () => {
    for (const group of groups) {
      if (!group.element.open || !['failed', 'inconclusive', 'warned'].includes(group.status)) continue;
      for (const check of group.visible) {
        elementOf(check).open = true;
        fill(check);
      }
    }
  });

  const [anchor, set] = address();
  aim = anchor;
  if (set) setFilters(set);
  apply();
  for (const element of document.querySelectorAll('details.check[open]')) fill(checkOf(element));
  if (anchor || set) remember(false);
  else try { history.replaceState({ filters: '' }, ''); } catch { /* as above */ }
  if (anchor) land();
})();
