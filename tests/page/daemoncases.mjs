// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The page at a real daemon's door, with streams that tick; and what a page of another origin can do to it.
import { deepStrictEqual as equal } from 'node:assert';

const shows = (page, selector, part) => page.locator(selector).filter({ hasText: part }).first().waitFor();
const choose = (page, tab) => page.locator(`#tab-${tab}`).click();
const confirm = (page) => page.locator('#yes').click();
const until = async (what, holds) => {
  for (let i = 0; i < 300; ++i) {
    if (await holds()) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`never: ${what}`);
};

/// What a page tries that has the door's address and, worse than any page could, a token.
const attacks = async ({ url, token }) => {
  const done = {};
  const note = async (name, attempt) => {
    try {
      done[name] = await attempt();
    } catch (error) {
      done[name] = error.name;
    }
  };
  const soon = (what, times) => new Promise((yes) => { what(yes); setTimeout(() => yes('nothing'), times); });
  await note('fetch', async () => (await fetch(`${url}api/v1/status`)).text());
  await note('fetch with the token', async () => (await fetch(`${url}api/v1/status`, { headers: { Authorization: `Bearer ${token}` } })).text());
  await note('fetch without cors', async () => (await fetch(`${url}api/v1/drain`, { method: 'POST', mode: 'no-cors', headers: { 'Content-Type': 'text/plain' }, body: '{}' })).type);
  await note('PUT', async () => (await fetch(`${url}api/v1/settings/log_level`, { method: 'PUT', headers: { 'If-Match': '*', Authorization: `Bearer ${token}` }, body: '{}' })).text());
  await note('form', () => soon((yes) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'sink' });
    const form = Object.assign(document.createElement('form'), { action: `${url}api/v1/drain`, method: 'post', target: 'sink' });
    document.body.append(frame, form);
    frame.onload = () => yes('loaded');
    form.submit();
  }, 2000));
  await note('image', () => soon((yes) => {
    const image = new Image();
    image.onload = () => yes('drawn');
    image.onerror = () => yes('error');
    image.src = `${url}icon.svg`;
  }, 2000));
  await note('script', () => soon((yes) => {
    const script = Object.assign(document.createElement('script'), { src: `${url}words.js`, type: 'module' });
    script.onload = () => yes('ran');
    script.onerror = () => yes('error');
    document.head.append(script);
  }, 2000));
  await note('WebSocket', () => soon((yes) => {
    const socket = new WebSocket(`${url.replace('http', 'ws')}api/v1/events`);
    socket.onopen = () => yes('open');
    socket.onerror = () => yes('error');
  }, 2000));
  await note('EventSource', () => soon((yes) => {
    const events = new EventSource(`${url}api/v1/events`);
    events.onopen = () => yes('open');
    events.onerror = () => { events.close(); yes('error'); };
  }, 2000));
  await note('frame', () => soon((yes) => {
    const frame = Object.assign(document.createElement('iframe'), { src: url });
    frame.onload = () => {
      try {
        yes(frame.contentDocument?.title ?? 'closed to us');
      } catch {
        yes('closed to us');
      }
    };
    document.body.append(frame);
  }, 3000));
  const opened = window.open(url);
  await new Promise((yes) => { setTimeout(yes, 1500); });
  await note('window', async () => (opened && !opened.closed && opened.document ? opened.document.title : 'severed'));
  return done;
};

export const cases = {
  'streams appear, tick, and one is closed by a person': async ({ open, stage }) => {
    const page = await open();
    await shows(page, '#verdict', 'Yes: nothing is running.');
    await stage.do('stream', { count: 3 });
    await shows(page, '#tab-live', '3');
    await shows(page, '.live .rows .state', 'streaming');
    await shows(page, '#verdict', 'Not yet. Streams under way: 3.');
    await page.locator('.live .rows .row button').first().click();
    await confirm(page);
    await shows(page, '#tab-live', '2');
    equal(await stage.do('running'), 2);
    await choose(page, 'finished');
    await shows(page, '.finished .rows .why', 'Closed by an operator');
    equal((await stage.do('audit')).map(([did, , token]) => [did, token]), [['close_connection', 'manage']]);
  },

  'the rates move with the traffic': async ({ open, stage }) => {
    const page = await open();
    await stage.do('stream', { count: 2 });
    await until('a rate', async () => /↓ [1-9]/.test(await page.locator('#rate').innerText()));
  },

  'a refusal is told, and whoever guessed passwords is let in again': async ({ open, stage }) => {
    const page = await open();
    equal(await stage.do('ask', { target: 'http://10.0.0.1/' }), 403);
    for (let i = 0; i < 3; ++i) await stage.do('ask', { target: 'http://10.0.0.1/', password: `guess ${i}`, source: '127.0.0.9' });
    equal(await stage.do('ask', { target: 'http://10.0.0.1/', password: 'another', source: '127.0.0.9' }), 429);
    await choose(page, 'refusals');
    await shows(page, '.refusals .rows', 'the destination has a private or local address');
    await shows(page, '.refusals .rows', 'wrong user name or password');
    await choose(page, 'blocks');
    await page.getByRole('button', { name: 'Lift: 127.0.0.9' }).click();
    await confirm(page);
    await shows(page, '#tab-blocks', '0');
    equal(await stage.do('ask', { target: 'http://10.0.0.1/', password: 'another', source: '127.0.0.9' }), 407);
  },

  'a user is turned out at once, with the streams that run, and let in again': async ({ open, stage }) => {
    const page = await open();
    await stage.do('stream', { user: 'boris', count: 2 });
    await stage.do('stream', { user: 'anna' });
    await choose(page, 'users');
    await page.getByRole('button', { name: 'Disable: boris' }).click();
    await confirm(page);
    await page.getByRole('button', { name: 'Enable: boris' }).waitFor();
    await until('the end of his streams', async () => await stage.do('running') === 1);
    equal(await stage.do('refusal', { user: 'boris' }), 'user_disabled');
    await page.getByRole('button', { name: 'Enable: boris' }).click();
    await confirm(page);
    await page.getByRole('button', { name: 'Disable: boris' }).waitFor();
    equal(await stage.do('refusal', { user: 'boris' }), 'private_target');
  },

  'a setting counts at once, a wrong one is told in the words of the start': async ({ open, stage }) => {
    const page = await open();
    await choose(page, 'settings');
    await page.getByRole('button', { name: 'Change: allowed_hosts' }).click();
    await page.fill('#value', '@nobody');
    await page.press('#value', 'Enter');
    await shows(page, '#consequence', 'allowed_hosts: "@nobody": ');
    await page.fill('#value', 'only.example');
    await confirm(page);
    await shows(page, '.settings .rows', 'set here');
    await shows(page, '#exposure', 'Only the listed hosts can be reached');
    equal(await stage.do('ask', { target: 'http://other.example/' }), 403);
    await choose(page, 'refusals');
    await shows(page, '.refusals .rows', 'this host is not in the list of destinations');
    await choose(page, 'settings');
    await page.getByRole('button', { name: 'Change: allowed_ips' }).click();
    await page.fill('#value', '192.0.2.1');
    await confirm(page);
    await shows(page, '#trouble', 'Your own address is not in this list');
    equal(await stage.do('ask', { target: 'http://other.example/' }), 403);
    await page.getByRole('button', { name: 'Change: allowed_ips' }).click();
    await page.fill('#value', '');
    await confirm(page);
    await page.locator('#trouble').waitFor({ state: 'hidden' });
  },

  'streams are finished before the proxy stops': async ({ open, stage }) => {
    const page = await open();
    await stage.do('stream', { count: 2 });
    await shows(page, '#verdict', 'Not yet.');
    await page.click('#drain');
    await confirm(page);
    await shows(page, '#state', 'Finishing streams');
    await shows(page, '#verdict', 'Streams left: 2.');
    equal(await stage.do('ask', { target: 'http://10.0.0.1/' }), 503);
    equal(await stage.do('running'), 2);
    await stage.do('hang_up');
    equal(await stage.do('exit_code'), 0);
    await shows(page, '#trouble', 'No connection to the proxy');
  },

  'names from strangers run nothing': async ({ open, stage }) => {
    const user = '<img src=x onerror="window.ran=1">';
    const page = await open();
    await stage.do('stream', { user });
    for (const target of ['http://<svg onload=window.ran=1>/', 'http://xn--<script>/', `http://${'a'.repeat(300)}.example/`, 'http://10.0.0.1/<img%20src=x%20onerror=window.ran=1>?<script>', '{{1}}'])
      await stage.do('ask', { target, user: `${user}'"--`, password: '<script>window.ran=1</script>' });
    await stage.do('ask', { target: 'http://10.0.0.1/<img%20src=x%20onerror=window.ran=1>' });
    await shows(page, '.live .rows', user);
    for (const tab of ['live', 'finished', 'refusals', 'blocks', 'users', 'settings']) {
      await choose(page, tab);
      await page.waitForTimeout(300);
      equal(await page.evaluate(() => [window.ran, document.querySelectorAll('.rows img, .rows script, .rows svg, .rows iframe').length]), [undefined, 0]);
    }
    await choose(page, 'users');
    await page.getByRole('button', { name: `Disable: ${user}` }).click();
    await shows(page, '#question', user);
    equal(await page.evaluate(() => window.ran), undefined);
  },

  'a page of another origin reads nothing and changes nothing, and gets no frame': async ({ open, foreign, stage }) => {
    const own = await open({ token: stage.tokens.manage });
    await stage.do('stream');
    const page = await foreign(stage.evil);
    const done = await page.evaluate(attacks, { url: stage.url, token: stage.tokens.manage });
    const blocked = ['TypeError', 'error', 'nothing', 'closed to us', 'severed', 'SecurityError'];
    const read = Object.entries(done).filter(([name, came]) => !blocked.includes(came) && !(name === 'fetch without cors' && came === 'opaque') && !(name === 'form' && came === 'loaded'));
    equal(read, [], JSON.stringify(done));
    equal(page.frames().slice(1).map((frame) => frame.url()), ['chrome-error://chromewebdata/', 'chrome-error://chromewebdata/']);
    equal(await stage.do('is_alive'), true);
    equal(await stage.do('running'), 1);
    equal(await stage.do('audit'), []);
    await shows(own, '#state', 'Running');
  },

  'a name that was made to point here opens nothing': async ({ foreign, stage }) => {
    const page = await foreign();
    const answer = await page.goto(stage.url.replace('127.0.0.1', 'attacker.example'));
    equal(answer.status(), 421);
    const read = await page.evaluate(async (token) => {
      const asked = await fetch('/api/v1/status', { headers: { Authorization: `Bearer ${token}` } });
      return [asked.status, (await asked.json()).code];
    }, stage.tokens.manage).catch((error) => error.message);
    equal(read, [421, 'unknown_host']);
  },
};
