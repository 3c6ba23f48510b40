// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What a user does with the page, and what must not happen to them.
import { deepStrictEqual as equal, ok } from 'node:assert';
import { join } from 'node:path';
import { busy, hostile, iso, rows, work } from './rows.mjs';

const tabs = ['live', 'finished', 'refusals', 'blocks', 'users', 'settings'];
const text = (page, selector) => page.locator(selector).innerText();
const shows = (page, selector, part) => page.locator(selector).filter({ hasText: part }).first().waitFor();
const choose = (page, tab) => page.locator(`#tab-${tab}`).click();
const cells = (page, tab, name) => page.locator(`.${tab} .rows .${name}`).allInnerTexts();
const confirm = (page) => page.locator('#yes').click();
const until = async (what, holds) => {
  for (let i = 0; i < 600; ++i) {
    if (await holds()) return;
    await new Promise((done) => { setTimeout(done, 100); });
  }
  throw new Error(`never: ${what}`);
};

export const cases = {
  'a wrong token is told, a right one lets in, and neither is kept': async ({ open, stage }) => {
    const page = await open({ token: '' });
    await page.fill('#token', 'wrong');
    await page.press('#token', 'Enter');
    await shows(page, '#trouble', 'The token is wrong');
    equal(await page.inputValue('#token'), '');
    await page.fill('#token', stage.tokens.read);
    await page.press('#token', 'Enter');
    await page.locator('#view').waitFor();
    equal(await page.evaluate(() => [sessionStorage.length, document.cookie, location.href.includes('right')]), [0, '', false]);
    await page.reload();
    await page.locator('#token').waitFor();
  },

  'a token that is to be kept outlives a reload, and goes with the sign-out': async ({ open, stage }) => {
    const page = await open({ token: '' });
    await page.check('#keep');
    await page.fill('#token', stage.tokens.read);
    await page.press('#token', 'Enter');
    await page.locator('#view').waitFor();
    equal(await page.evaluate(() => Object.keys(localStorage)), []);
    await page.reload();
    await page.locator('#view').waitFor();
    await page.click('#leave');
    await page.locator('#token').waitFor();
    equal(await page.evaluate(() => sessionStorage.length), 0);
    ok(await page.locator('#view').isHidden());
  },

  'a kept token outlives a server that cannot answer': async ({ open, stage }) => {
    const page = await open({ token: '' });
    await page.check('#keep');
    await page.fill('#token', stage.tokens.read);
    await page.press('#token', 'Enter');
    await page.locator('#view').waitFor();
    await stage.show({ busy: true });
    await page.reload();
    await shows(page, '#trouble', 'does not answer in time');
    await page.locator('#token').waitFor();
    await stage.show({ busy: false });
    await page.reload();
    await page.locator('#view').waitFor();
    await stage.show({ revoke: true });
    await page.locator('#token').waitFor();
    equal(await page.evaluate(() => sessionStorage.length), 0);
  },

  'a live stream is found, closed after a question, and gone': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await shows(page, '#tab-live', '37');
    await page.fill('#panel-live input', 'OPENROUTER');
    await until('filtered', async () => (await cells(page, 'live', 'destination')).every((one) => one.startsWith('openrouter.ai:443')));
    const before = await page.locator('.live .rows .row').count();
    await page.locator('.live .rows .row button').first().click();
    await shows(page, '#question', 'openrouter.ai:443');
    await page.keyboard.press('Escape');
    equal((await stage.told()).orders, []);
    await page.locator('.live .rows .row button').first().click();
    await confirm(page);
    await until('closed', async () => (await stage.told()).orders.length === 1);
    equal((await stage.told()).orders[0], ['connections', '4', 'close']);
    await until('gone', async () => await page.locator('.live .rows .row').count() === before - 1);
  },

  'rows come in the order that was chosen': async ({ open, stage }) => {
    await stage.show({ rows: [{ id: 1, up: 5, down: 5 }, { id: 2, up: 900, down: 0, since_up_ms: 400_000, since_down_ms: 400_000 }, { id: 3, up: 1, down: 1 }] });
    const page = await open();
    const order = async () => (await cells(page, 'live', 'destination')).map((one) => one.match(/\d+/)[0]).join();
    for (const [chosen, wanted] of [['largest', '2,1,3'], ['oldest', '1,2,3']]) {
      await page.selectOption('select', chosen);
      await until(`${chosen}: ${wanted}`, async () => await order() === wanted);
    }
    await page.selectOption('select', 'silent');
    await until('the longest silent first', async () => (await order()).startsWith('2'));
  },

  'what a stream does is told by timing': async ({ open, stage }) => {
    await stage.show({ rows: [
      { id: 2, since_up_ms: 60_000, since_down_ms: 90_000 }, { id: 3, since_up_ms: 90_000, since_down_ms: 60_000 },
      { id: 4, phase: 'connecting' }, { id: 5, phase: 'awaiting_request', requests: 0 }, { id: 6, phase: 'closing' }] });
    const page = await open();
    await shows(page, '.live .rows', 'waiting');
    const states = await cells(page, 'live', 'state');
    [/^waiting 1m/, /^idle 1m/, /^connecting$/, /^no data yet$/, /^closing$/].forEach((state, at) => ok(state.test(states[at]), states[at]));
  },

  'finished work says why, in both languages': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await choose(page, 'finished');
    await shows(page, '.finished .rows', 'Refused');
    equal(await cells(page, 'finished', 'why'), [
      'Refused as not valid HTTP: a CR is not followed by LF', 'Closed by an operator after 1h 30m',
      'The server, or something on the way to it, cut the connection without an answer, after 20m 12s (reset)',
      'Refused: the destination has a private or local address', 'The client closed the connection before the answer was complete, after 4m 02s',
      'The server closed the connection after 4m 02s']);
    await page.click('#language');
    await shows(page, '.finished .rows', 'Отказ');
    equal((await cells(page, 'finished', 'why')).slice(0, 4), [
      'Отклонено, запрос не по правилам HTTP: за CR не следует LF', 'Закрыто оператором через 1 ч 30 мин',
      'Сервер или что-то на пути к нему оборвало соединение без ответа через 20 мин 12 с (сброс)', 'Отказ: это адрес частной или локальной сети']);
    equal(await page.getAttribute('html', 'lang'), 'ru');
    await page.reload();
    await shows(page, '#enter h2', 'Наблюдение');
  },

  'refusals are there, and a block is lifted': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await choose(page, 'refusals');
    await shows(page, '.refusals .rows', 'wrong user name or password');
    await shows(page, '.refusals .rows', 'let through; would be refused: this host is not in the list of destinations');
    await choose(page, 'blocks');
    await page.getByRole('button', { name: 'Lift: 2001:db8:1:2::' }).click();
    await confirm(page);
    await until('lifted', async () => (await stage.told()).orders.length === 1);
    equal((await stage.told()).orders[0], ['blocks', '2001:db8:1:2::', 'lift']);
    await until('gone', async () => (await text(page, '#tab-blocks')).endsWith('1'));
  },

  'a user is disabled and enabled again': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await choose(page, 'users');
    ok(await page.getByRole('button', { name: 'Disable: sami' }).count() === 0, 'the one of the settings can be disabled');
    await page.getByRole('button', { name: 'Disable: anna' }).click();
    await confirm(page);
    await page.getByRole('button', { name: 'Enable: anna' }).click();
    await confirm(page);
    await page.getByRole('button', { name: 'Disable: anna' }).waitFor();
    equal((await stage.told()).orders, [['users', 'anna', 'disable'], ['users', 'anna', 'enable']]);
  },

  'a setting is changed after a question, and what is wrong with it is told beside it': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await choose(page, 'settings');
    await shows(page, '.settings .rows', 'allowed_ips');
    equal((await cells(page, 'settings', 'setting')).slice(0, 3).sort(), ['allowed_hosts', 'allowed_ips', 'log_level']);
    equal(await page.getByRole('button', { name: 'Change: log_level' }).count() + await page.getByRole('button', { name: 'Change: proxy_port' }).count(), 0);
    await shows(page, '.settings .rows', 'environment · locked');
    await page.getByRole('button', { name: 'Change: allowed_ips' }).click();
    equal(await page.inputValue('#value'), '192.0.2.0/24,private');
    ok(await page.evaluate(() => document.activeElement.id === 'value'));
    await page.fill('#value', 'bad');
    await page.press('#value', 'Enter');
    await shows(page, '#consequence', 'allowed_ips: "bad": write an address allowed_ips: "bad2": write an address');
    equal(await page.inputValue('#value'), 'bad');
    await page.fill('#value', '198.51.100.0/24');
    await confirm(page);
    await shows(page, '.settings .rows', '198.51.100.0/24');
    equal((await stage.told()).orders, [['settings', 'allowed_ips', '198.51.100.0/24']]);
    ok(await page.locator('#trouble').isHidden());
    await page.getByRole('button', { name: 'Change: allowed_hosts' }).click();
    await page.fill('#value', 'never.example');
    await page.click('#no');
    equal((await stage.told()).orders.length, 1);
  },

  'a setting that somebody else has changed is shown before it is set': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await choose(page, 'settings');
    await page.getByRole('button', { name: 'Change: allowed_ips' }).click();
    await stage.show({ settings: busy().settings.map((row) => ({ ...row, value: row.name === 'allowed_ips' ? '203.0.113.9' : row.value })), kept: false });
    await page.fill('#value', '198.51.100.0/24');
    await confirm(page);
    await shows(page, '#consequence', 'Somebody else has changed the settings');
    await shows(page, '.settings .rows', '203.0.113.9');
    equal((await stage.told()).orders, []);
    await confirm(page);
    await shows(page, '.settings .rows', '198.51.100.0/24');
    await shows(page, '#trouble', 'This holds until the restart: there is no state folder. Your own address is not in this list');
  },

  'whether a restart hurts is told, and a drain asked for': async ({ open, stage }) => {
    const page = await open();
    await shows(page, '#verdict', 'Yes: nothing is running.');
    await stage.show({ rows: [{ id: 1, since_up_ms: 90_000, since_down_ms: 60_000 }] });
    await shows(page, '#verdict', 'Probably: open connections are idle.');
    await stage.show({ rows: [{ id: 1, since_up_ms: 90_000, since_down_ms: 60_000 }, { id: 2, since_up_ms: 700_000, since_down_ms: 800_000, age_ms: 3_700_000 }] });
    await shows(page, '#verdict', 'Not yet. Streams under way: 1.');
    await shows(page, '#running', 'The oldest');
    ok(/1h 01m/.test(await text(page, '#running')));
    await page.click('#drain');
    await shows(page, '#consequence', 'systemd');
    await confirm(page);
    await shows(page, '#state', 'Finishing streams');
    await shows(page, '#verdict', 'Streams left: 2.');
    ok(await page.locator('#drain').isHidden());
    equal((await stage.told()).orders, [['drain']]);
  },

  'a token that may only look gets no button that changes': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open({ token: stage.tokens.read });
    for (const tab of tabs) {
      await choose(page, tab);
      equal(await page.locator(`#panel-${tab} .rows button:visible`).count(), 0);
    }
    ok(await page.locator('#drain').isHidden());
  },

  'a connection that was lost comes back, from where it was': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await shows(page, '#tab-live', '37');
    await stage.show({ drop: true });
    await shows(page, '#trouble', 'No connection to the proxy');
    await page.locator('#trouble').waitFor({ state: 'hidden' });
    const { resumed } = await stage.told();
    equal(resumed[0], '');
    ok(resumed.at(-1) > '0', resumed);
    await stage.show({ rows: rows(3) });
    await shows(page, '#tab-live', '3');
  },

  'a token that is revoked under the page signs it out': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    await stage.show({ revoke: true });
    await page.locator('#token').waitFor();
    await shows(page, '#trouble', 'revoked');
    ok(await page.locator('#view').isHidden());
    equal(await page.locator('.rows .row').count(), 0);
  },

  'names that strangers chose do nothing': async ({ open, stage }) => {
    await stage.show({
      rows: hostile.map((name, i) => ({ id: i + 1, host: name, user: name, route: name, via: name, method: 'GET', target: name, phase: 'exchange', client: name })),
      finished: hostile.map((name) => work({ host: name, user: name, reason: name, method: 'GET', target: name, client: name, by: 'proxy', how: 'refused' })),
      refusals: hostile.map((name) => ({ client: name, host: name, port: 1, reason: name, count: 1, last_at: iso(1), reported: false })),
      blocks: hostile.map((name) => ({ address: name, left_s: 99 })),
      users: hostile.map((name) => ({ name, source: 'file', state: 'enabled', live: 1, hosts: [name], note: name })),
      settings: hostile.map((name) => ({ name, value: name, source: 'state', settable: true, locked: false })),
      status: { version: hostile[0], listening: hostile[1], parents: hostile.map((name) => ({ name, kind: 'https', condition: 'healthy', preferred: true, barred: false })) } });
    for (const width of [1440, 390]) {
      const page = await open({ width });
      await shows(page, '.live .rows', '<img src=x');
      for (const tab of tabs) {
        await choose(page, tab);
        await page.locator(`.${tab} .rows .row`).first().waitFor();
        await page.locator(`.${tab} .rows`).evaluate((element) => { element.scrollTop = 1e6; });
      }
      await choose(page, 'users');
      await page.getByRole('button', { name: /^Disable: /u }).first().click();
      await shows(page, '#question', 'Disable');
      equal(await page.evaluate(() => [window.ran, document.querySelectorAll('main img, main iframe, main script, main svg:not(#chart)').length, /[\u202e\u0000\u001b]/.test(document.body.textContent)]),
        [undefined, 0, false]);
      ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'a long name widens the page');
    }
  },

  '5,000 rows are as many elements as fit, and all can be reached': async ({ open, stage }) => {
    await stage.show({ rows: rows(5000) });
    const page = await open();
    await shows(page, '#tab-live', '5,000');
    await page.locator('.live .rows .row').first().waitFor();
    ok(await page.locator('.live .rows .row').count() < 60);
    await page.locator('.live .rows').focus();
    await page.keyboard.press('End');
    await page.locator('.live [aria-rowindex="5001"]').waitFor();
    ok(await page.locator('.live .rows .row').count() < 60);
    equal(await page.getAttribute('.live', 'aria-rowcount'), '5001');
    const cost = await page.evaluate(async () => {
      const before = performance.now();
      document.querySelector('#panel-live input').dispatchEvent(new Event('input'));
      return performance.now() - before;
    });
    ok(cost < 500, `one drawing takes ${cost} ms`);
  },

  'what has the focus stays what it is while rows come and go': async ({ open, stage }) => {
    await stage.show({ rows: rows(30) });
    const page = await open();
    const button = page.getByRole('button', { name: /^Close: api.anthropic.com:443, 192.0.2.6:/ });
    await button.focus();
    await stage.show({ rows: rows(40).slice(3) });
    await shows(page, '#tab-live', '37');
    ok(await button.evaluate((element) => element === document.activeElement), 'the focus went elsewhere');
    await stage.show({ rows: rows(40).slice(9) });
    await shows(page, '#tab-live', '31');
    ok(await page.locator('.live .rows').evaluate((element) => element === document.activeElement), 'the focus was lost with its row');
  },

  'everything is done with the keyboard alone': async ({ open, stage }) => {
    await stage.show(busy());
    const page = await open();
    const focused = () => page.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.textContent);
    const seen = [];
    equal(await focused(), 'view');
    await page.locator('#language').focus();
    for (let i = 0; i < 9; ++i) {
      await page.keyboard.press('Tab');
      seen.push(await focused());
      ok(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle !== 'none'), `no ring: ${seen.at(-1)}`);
    }
    equal(seen.slice(0, 3), ['leave', 'drain', 'tab-live']);
    ok(seen.includes('rows'), seen);
    await page.locator('#tab-live').focus();
    for (const tab of [...tabs.slice(1), tabs[0]]) {
      await page.keyboard.press('ArrowRight');
      equal(await focused(), `tab-${tab}`);
      ok(await page.locator(`#panel-${tab}`).isVisible());
    }
    await page.locator('#drain').focus();
    await page.keyboard.press('Enter');
    equal(await focused(), 'no');
    await page.keyboard.press('Escape');
    equal(await focused(), 'drain');
  },

  'the rates are drawn': async ({ open, stage }) => {
    await stage.show({ rows: [{ id: 1, up: 0, down: 0 }] });
    const page = await open();
    await shows(page, '#tab-live', '1');
    await stage.show({ rows: [{ id: 1, up: 2_000_000, down: 9_000_000 }] });
    await shows(page, '#rate', 'MB/s');
    await until('a line', async () => (await page.getAttribute('#down', 'points')).length > 5);
    ok((await page.getAttribute('#chart', 'aria-label')).includes('MB/s'));
  },

  'pictures, where they are asked for': async ({ open, stage, pictures }) => {
    if (!pictures) return;
    for (const language of ['en', 'ru']) {
      for (const [theme, width, height, tab] of [['light', 1440, 900, 'live'], ['dark', 390, 844, 'finished']]) {
        const shown = busy();
        await stage.show(shown);
        const page = await open({ language, theme, width, height, clock: true });
        for (let i = 0; i < 55; ++i) {
          const octets = 3e6 * (1.2 + Math.sin(i / 5)) * (1 + Math.abs(Math.sin(i * 7)) / 3);
          shown.rows[0].up += Math.round(octets / 4);
          shown.rows[0].down += Math.round(octets * 2);
          await stage.show({ rows: shown.rows.map((row) => ({ ...row })) });
          await page.waitForFunction((points) => document.querySelector('#down').getAttribute('points').split(' ').length > points, i);
          await page.clock.fastForward(5000);
        }
        await stage.show({ rows: shown.rows.map((row) => ({ ...row, age_ms: row.age_ms + 1 })) });
        await choose(page, tab);
        await page.locator(`.${tab} .rows .row`).first().waitFor();
        if (width < 900) await page.locator('#tabs').scrollIntoViewIfNeeded();
        await page.screenshot({ path: join(pictures, `page-${language}-${theme}.png`) });
      }
    }
  },

  ...Object.fromEntries(['en', 'ru'].flatMap((language) => ['light', 'dark'].flatMap((theme) => [1440, 390].map((width) => [
    `nothing serious for axe, and nothing wider than the screen: ${language}, ${theme}, ${width} px`,
    async ({ open, stage, accessible }) => {
      await stage.show(busy());
      const out = await open({ language, theme, width, token: '' });
      const findings = await accessible(out, 'sign-in');
      const page = await open({ language, theme, width, height: width === 390 ? 844 : 900 });
      for (const tab of tabs) {
        await choose(page, tab);
        await page.locator(`.${tab} .rows .row`).first().waitFor();
        findings.push(...await accessible(page, tab));
        ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${tab} is wider than the screen`);
      }
      await page.click('#drain');
      findings.push(...await accessible(page, 'question'));
      equal(findings, []);
      const words = await page.evaluate(() => document.body.innerText);
      equal(language === 'ru' ? /\b(Close|Filter|Running|Stopped|Users)\b/.test(words) : /[а-яё]/iu.test(words.replace('Русский', '')), false);
    }])))),
};
