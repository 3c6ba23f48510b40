// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Shows what a server does, and lets people act on it. The events of the API keep `seen` up to date; once a
// second, and after each event, the visible part is drawn from it.
import { follow, get, post, put as send, setToken } from './feed.js';
import { make, put, Table } from './table.js';
import * as words from './words.js';

const { clean, duration, number, octets, seconds, t } = words;
const $ = (id) => document.getElementById(id);
const kept = 1000; // finished work, as many as the server keeps
const chartMs = 300_000;

let seen;
let language = '';
let tab = 'live';
let lost = false; // the reported trouble ends with the next event
let following = new AbortController();

function forget() {
  seen = { status: null, rows: new Map(), finished: [], refusals: [], blocks: [], users: [], settings: { rows: [] }, totals: null, rates: [], octetsAt: 0 };
}

async function speak(name) {
  const texts = await (await fetch(`${name}.json`, { credentials: 'omit' })).json();
  language = name;
  words.use(name, texts);
  document.documentElement.lang = name;
  document.querySelectorAll('[data-t]').forEach((element) => { element.textContent = t(element.dataset.t); });
  $('language').textContent = t('otherLanguage');
  $('language').lang = name === 'ru' ? 'en' : 'ru';
  for (const [key, panel] of Object.entries(panels)) {
    panel.table.speak(t(key), t('none'));
    panel.filter.placeholder = t('filter');
    panel.filter.setAttribute('aria-label', t('filter'));
  }
  panels.live.sort.setAttribute('aria-label', t('sort'));
  [...panels.live.sort.options].forEach((option) => { option.textContent = t(`sort_${option.value}`); });
  draw();
}

const age = (row) => performance.now() - row.at;
const where = ({ host, port }) => host ? `${host.includes(':') ? `[${host}]` : host}:${port}` : '';
const asked = (row) => (row.method && row.method !== 'CONNECT' && row.target ? `${row.method} ${row.target}` : where(row) || row.target || '–');
const destination = (row) => asked(row) + (row.route && row.route !== 'direct' ? ` · ${t('by', { name: row.route })}` : '');
const client = (row) => row.client + (row.via ? ` · ${t('by', { name: row.via })}` : '');
const user = (row) => row.user ?? '–';
const upOctets = (row) => octets(row.up);
const downOctets = (row) => octets(row.down);
const can = () => seen.status?.caller.right === 'manage';

function state(row) {
  const now = words.liveState(row, age(row));
  return ['waiting', 'idle'].includes(now) ? `${t(now)} ${seconds(words.silence(row, age(row)))}` : t(now);
}

const orders = {
  oldest: (a, b) => a.id - b.id,
  silent: (a, b) => words.silence(b, age(b)) - words.silence(a, age(a)),
  largest: (a, b) => b.up + b.down - a.up - a.down,
};

const kinds = {
  live: {
    rows: () => [...seen.rows.values()].sort(orders[panels.live.sort.value]),
    key: (row) => row.id,
    columns: { destination, client, user, state, upOctets, downOctets, silence: (row) => seconds(row.longest_silence_ms), age: (row) => seconds(row.age_ms + age(row)) },
    act: { label: () => 'close', name: (row) => `${asked(row)}, ${row.client}`,
      run: (row) => change(`connections/${row.id}/close`, 'close', { name: asked(row), client: row.client }) },
  },
  finished: {
    rows: () => seen.finished,
    key: (row) => row.key,
    columns: { time: (row) => words.time(row.finished_at), destination, client, user, why: words.whyEnded, status: (row) => row.status || '–', upOctets, downOctets },
  },
  refusals: {
    rows: () => [...seen.refusals].sort((a, b) => b.last_at.localeCompare(a.last_at)),
    key: (row) => `${row.client} ${where(row)} ${row.reason} ${row.reported}`,
    columns: { client, destination: (row) => where(row) || '–', reason: (row) => t(row.reported ? 'reported' : 'plain', { r: words.reason(row.reason) }),
      count: (row) => number(row.count), last: (row) => words.time(row.last_at) },
  },
  blocks: {
    rows: () => seen.blocks.filter((row) => row.left_s * 1000 > age(row)),
    key: (row) => row.address,
    columns: { client: (row) => row.address, left: (row) => seconds(row.left_s * 1000 - age(row)) },
    act: { label: () => 'lift', name: (row) => row.address, run: (row) => change(`blocks/${encodeURIComponent(row.address)}/lift`, 'lift', { name: row.address }) },
  },
  users: {
    rows: () => seen.users,
    key: (row) => row.name,
    columns: { user: (row) => row.name, state: (row) => t(`user_${row.state}`), until: (row) => (row.until ? words.date(row.until) : '–'),
      now: (row) => number(row.live) + (row.connections ? ` / ${number(row.connections)}` : ''), hosts: (row) => row.hosts?.join(', ') ?? t('all'), note: (row) => row.note ?? '' },
    act: { label: (row) => (row.source !== 'file' ? '' : row.state === 'disabled' ? 'enable' : 'disable'), name: (row) => row.name,
      run: (row) => {
        const how = kinds.users.act.label(row);
        change(`users/${encodeURIComponent(row.name)}/${how}`, how, { name: row.name }, readUsers);
      } },
  },
  settings: {
    rows: () => [...seen.settings.rows].sort((a, b) => b.settable - a.settable),
    key: (row) => row.name,
    columns: { setting: (row) => row.name, value: (row) => row.value || '–',
      source: (row) => t(`source_${row.source}`) + (row.settable && row.locked ? ` · ${t('locked')}` : '') },
    act: { label: (row) => (row.settable && !row.locked ? 'change' : ''), name: (row) => row.name, run: set },
  },
};
const panels = {};

function build(name, kind) {
  const button = make('button', 'tab', '', { type: 'button', id: `tab-${name}`, onclick: () => choose(name) });
  button.setAttribute('aria-controls', `panel-${name}`);
  const panel = make('section', 'tabpanel', '', { id: `panel-${name}` });
  panel.setAttribute('aria-labelledby', button.id);
  const tools = make('div', '', 'tools');
  const filter = make('input', '', '', { type: 'search', oninput: drawTable });
  tools.append(filter);
  const sort = name === 'live' && make('select', '', '', { onchange: drawTable });
  if (sort) {
    Object.keys(orders).forEach((order) => sort.add(new Option(order, order)));
    tools.append(sort);
  }
  panel.append(tools);
  $('tabs').append(button);
  $('panels').append(panel);
  panels[name] = { button, panel, filter, sort, table: new Table(panel, name, kind, can) };
}

function choose(name, takesFocus = false) {
  tab = name;
  for (const [key, { button, panel }] of Object.entries(panels)) {
    panel.hidden = key !== name;
    button.setAttribute('aria-selected', key === name);
    button.tabIndex = key === name ? 0 : -1;
  }
  if (takesFocus) panels[name].button.focus();
  drawTable();
}

function drawTable() {
  const { filter, table } = panels[tab];
  const part = filter.value.trim().toLowerCase();
  const { columns, rows } = kinds[tab];
  const all = rows();
  table.show(part ? all.filter((row) => Object.values(columns).some((cell) => String(cell(row)).toLowerCase().includes(part))) : all);
}

function facts(list, pairs) {
  const said = pairs.filter(([, value]) => value).flatMap(([key, value]) => [t(key), clean(value)]);
  if (list.children.length !== said.length) list.replaceChildren(...said.map((_, at) => make(at % 2 ? 'dd' : 'dt')));
  said.forEach((text, at) => put(list.children[at], text));
}

/// Whether a restart would hurt anybody: what is running, and whether a client waits for it.
function drawRestart() {
  const running = [...seen.rows.values()].filter(({ phase }) => phase !== 'awaiting_request');
  const states = running.map((row) => words.liveState(row, age(row)));
  const busy = states.filter((state) => ['connecting', 'streaming', 'waiting', 'closing'].includes(state)).length;
  const state = seen.status.state;
  const verdict = state !== 'running' ? state : busy ? 'no' : running.length ? 'maybe' : 'yes';
  put($('verdict'), t(`restart_${verdict}`, { n: number(verdict === 'no' ? busy : running.length) }));
  $('verdict').className = verdict;
  const silent = running.map((row) => words.silence(row, age(row)));
  facts($('running'), [['run', number(running.length)],
    ['waitingFor', number(states.filter((one) => one === 'waiting').length)],
    ['oldest', running.length && seconds(Math.max(...running.map((row) => row.age_ms + age(row))))],
    ['silentAll', running.length && seconds(Math.min(...silent))],
    ['silentLongest', running.length && seconds(Math.max(...silent))]]);
  $('drain').hidden = !can() || state !== 'running';
}

function drawExposure() {
  const { status } = seen;
  const { exposure: { level, asks_password, only_private, tls, socks5, hosts }, certificate } = status;
  const parts = [t(level === 'listed_clients' && only_private ? 'exp_private' : `exp_${level}`)];
  if (asks_password && level !== 'who_knows_password') parts.push(t('exp_password'));
  if (tls === 'required') parts.push(t('exp_tls'));
  else if (level !== 'this_computer' && asks_password) parts.push(t(tls === 'none' ? 'exp_clear' : 'exp_clearToo'));
  if (socks5 && level === 'everyone') parts.push(t('exp_socks'));
  if (hosts !== 'all') parts.push(t(`exp_hosts_${hosts}`));
  put($('exposure'), parts.join(' '));
  $('exposure').className = level === 'everyone' ? 'no' : '';
  const days = certificate && 'days_left' in certificate && t('days', { n: number(certificate.days_left) });
  facts($('facts'), [['listening', status.listening],
    ['certificate', certificate && `${days || ''}${certificate.own ? ` · ${t('renews')}` : ''}`], ['pin', certificate?.pin],
    ['uptime', seconds(Date.now() - new Date(status.started_at))], ['version', status.version],
    ['signedIn', `${status.caller.name || t('socket')} · ${t(status.caller.right)}`]]);
}

/// The reason whose sentence says what is wrong with a parent.
const faults = { wrong_pin: 'parent_pin', malformed: 'parent_protocol', overloaded: 'parent_unavailable', timed_out: 'connection_timeout', tls_late: 'connection_timeout', silent: 'connection_timeout' };

function drawParents() {
  const { parents } = seen.status;
  $('parentsCard').hidden = parents.length === 0;
  $('parents').replaceChildren(...parents.map((parent) => {
    const state = parent.barred ? 'barred' : parent.condition;
    const more = [parent.preferred && t('preferred'), t(`parent_${state}`), parent.fault && (parent.fault in faults ? words.reason(faults[parent.fault]) : t(`fault_${parent.fault}`)),
      parent.rest_ms && t('rest', { d: seconds(parent.rest_ms) }), 'latency_ms' in parent && duration(parent.latency_ms)];
    return make('li', '', state === 'healthy' ? '' : 'no', { textContent: `${clean(parent.name)}: ${more.filter(Boolean).join(', ')}` });
  }));
}

function drawRates() {
  const now = performance.now();
  seen.rates = seen.rates.filter(({ at }) => now - at < chartMs + 10_000);
  const top = Math.max(...seen.rates.flatMap(({ up, down }) => [up, down]), 1);
  for (const way of ['up', 'down']) {
    $(way).setAttribute('points', seen.rates.map((rate) => `${(300 - (now - rate.at) / (chartMs / 300)).toFixed(1)},${(98 - rate[way] / top * 94).toFixed(1)}`).join(' '));
  }
  const last = seen.rates.at(-1) ?? { up: 0, down: 0 };
  const text = t('rateNow', { up: words.rate(last.up), down: words.rate(last.down), top: words.rate(top > 1 ? top : 0) });
  put($('rate'), text);
  $('chart').setAttribute('aria-label', `${t('rates')}: ${text}`);
  const { totals, status } = seen;
  facts($('totals'), [['connectionsNow', `${number(totals.live)} / ${number(status.limits.connections)}`], ['finished', number(totals.requests)],
    ['refusals', number(totals.refused)], ['total', `↑ ${octets(totals.up)}  ↓ ${octets(totals.down)}`]]);
}

function draw() {
  const { status } = seen;
  $('view').hidden = $('leave').hidden = !status;
  put($('state'), status ? t(`state_${status.state}`) : '');
  $('state').className = status?.state ?? '';
  if (!status) return;
  drawRestart();
  drawExposure();
  drawParents();
  drawRates();
  for (const [name, { button }] of Object.entries(panels)) put(button, `${t(name)} ${number(kinds[name].rows().length)}`);
  drawTable();
}

let works = 0;

function takeChanges(changes) {
  const at = performance.now();
  if (changes.whole) {
    seen.rows.clear();
    seen.finished = [];
  }
  changes.gone.forEach((id) => seen.rows.delete(id));
  changes.rows.forEach((row) => seen.rows.set(row.id, { ...row, at }));
  changes.finished.forEach((work) => seen.finished.unshift({ ...work, key: ++works }));
  seen.finished.length = Math.min(seen.finished.length, kept);
  seen.refusals = changes.refusals ?? seen.refusals;
  seen.blocks = changes.blocks?.map((row) => ({ ...row, at })) ?? seen.blocks;
  takeOctets(changes.totals, at);
  if (seen.status) seen.status.state = changes.state;
}

/// The server renews octets at most every 5 s, so an increase belongs to the last such interval.
function takeOctets(totals, at) {
  const old = seen.totals;
  seen.totals = totals;
  if (!old || totals.up < old.up || totals.down < old.down) {
    seen.octetsAt = at;
  } else if (totals.up !== old.up || totals.down !== old.down) {
    const passed = Math.min(Math.max(at - seen.octetsAt, 1000), 5500) / 1000;
    seen.rates.push({ at, up: (totals.up - old.up) / passed, down: (totals.down - old.down) / passed });
    seen.octetsAt = at;
  }
}

function take(name, data) {
  if (name === 'status') {
    seen.status = data;
    seen.totals ??= data.totals;
  } else if (name === 'changes') {
    takeChanges(data);
  }
  if (lost) trouble('');
  draw();
}

async function readUsers() {
  seen.users = (await get('users').catch(() => ({ rows: seen.users }))).rows;
}

function trouble(text, isLost = false) {
  lost = isLost;
  $('trouble').hidden = !text;
  put($('trouble'), text);
}

async function readSettings() {
  seen.settings = await get('settings').catch(() => seen.settings);
}

/// Asks before anything changes; the question names what was chosen. A value can be edited in the question.
function confirmed(action, values, value, why) {
  $('question').textContent = clean(t(`${action}Question`, values));
  $('consequence').textContent = clean(why || t(`${action}Why`, values));
  $('consequence').className = why ? 'no' : '';
  $('yes').textContent = t(action);
  $('value').hidden = value === undefined;
  $('value').value = value ?? '';
  $('ask').returnValue = '';
  $('ask').showModal();
  if (value !== undefined) $('value').focus();
  return new Promise((done) => { $('ask').addEventListener('close', () => done($('ask').returnValue === 'yes'), { once: true }); });
}

async function change(path, action, values, after) {
  if (!await confirmed(action, values)) return;
  trouble('');
  try {
    await post(path);
    await after?.();
    draw();
  } catch (error) {
    if (error.status === 401) leave(t('denied'));
    else trouble(t(error.status === 404 ? 'gone' : 'failed', { why: error.message }));
  }
}

/// If the server refuses the value, asks again and says why, so that it can be corrected.
async function set({ name, value }) {
  for (let why; await confirmed('change', { name }, value, why);) {
    value = $('value').value;
    why = '';
    trouble('');
    try {
      const { kept, leaves_out_caller: leavesOut, hints } = await send(`settings/${name}`, { value }, seen.settings.tag);
      trouble([!kept && t('notKept'), leavesOut && t('leftOut'), ...hints].filter(Boolean).join(' '));
    } catch (error) {
      if (error.status === 401) return leave(t('denied'));
      why = error.status === 412 ? t('stale') : error.message.replaceAll('\n', ' ');
    }
    await readSettings();
    draw();
    if (!why) return;
  }
}

/// Signs in with the token or, at a Unix socket, without one. True if the server lets us in.
async function enter(token) {
  following.abort();
  following = new AbortController();
  setToken(token);
  let status;
  try {
    status = await get('status');
    await Promise.all([readUsers(), readSettings()]);
  } catch (error) {
    // Whatever else is wrong now, a kept token may be right after the next reload.
    return error.status === 401 ? leave(token && t('denied')) : leave(t('failed', { why: error.message }), true);
  }
  Object.assign(seen, { status, totals: status.totals });
  $('enter').hidden = true;
  trouble('');
  draw();
  $('view').focus();
  follow(following.signal, take, (ms) => trouble(t('lost', { s: Math.ceil(ms / 1000) }), true)).catch(() => leave(t('denied')));
  return true;
}

function leave(why = '', keeps = false) {
  following.abort();
  if (!keeps) sessionStorage.removeItem('token');
  setToken('');
  forget();
  Object.values(panels).forEach(({ table }) => table.show([]));
  document.querySelectorAll('#cards dl, #cards p, #parents').forEach((element) => element.replaceChildren());
  $('enter').hidden = false;
  draw();
  trouble(why);
  $('token').focus();
}

async function start() {
  forget();
  Object.entries(kinds).forEach(([name, kind]) => build(name, kind));
  choose('live');
  await speak((localStorage.getItem('language') ?? navigator.language).startsWith('ru') ? 'ru' : 'en');
  enter(sessionStorage.getItem('token') ?? '');
}

$('enter').addEventListener('submit', async (event) => {
  event.preventDefault();
  const token = $('token').value.trim();
  $('token').value = '';
  if (!await enter(token)) return;
  if ($('keep').checked) sessionStorage.setItem('token', token);
  else sessionStorage.removeItem('token');
});
$('leave').addEventListener('click', () => leave());
$('language').addEventListener('click', () => {
  const next = language === 'ru' ? 'en' : 'ru';
  localStorage.setItem('language', next);
  speak(next);
});
$('no').addEventListener('click', () => $('ask').close());
$('drain').addEventListener('click', () => change('drain', 'drain'));
$('tabs').addEventListener('keydown', ({ key }) => {
  const names = Object.keys(panels);
  const to = { ArrowRight: names.indexOf(tab) + 1, ArrowLeft: names.indexOf(tab) - 1, Home: 0, End: -1 }[key];
  if (to !== undefined) choose(names.at(to % names.length), true);
});

setInterval(() => {
  if (!seen?.status || document.hidden) return;
  const now = performance.now();
  if (now - Math.max(seen.octetsAt, seen.rates.at(-1)?.at ?? 0) > 6000) seen.rates.push({ at: now, up: 0, down: 0 });
  draw();
}, 1000);
setInterval(() => {
  if (!seen?.status || document.hidden) return;
  readUsers();
  readSettings();
}, 30_000);

start();
