#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// run.mjs --modules DIR [--only PATTERN] [--pictures DIR]: drives the page of core/admin/page in Chromium, on mock.py's
// server. Exits 77 without SAMI_REAL=1 and SAMI_LONG=1 (which --only does not need), and if a program is missing.
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cases } from './cases.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const skip = (why) => {
  console.log(`skipped: ${why}`);
  process.exit(77);
};

// Its waits assume an idle machine: do not run it beside other tests.
if (process.env.SAMI_LONG !== '1' && !option('--only')) {
  skip('it takes minutes of an idle machine: ./test.sh --long --real -R page_browser');
}
if (process.env.SAMI_REAL !== '1') skip('it needs Chromium: ./test.sh --real, or SAMI_REAL=1');
const found = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
if (!found) skip('chromium is missing: install the Debian package "chromium"');
const modules = createRequire(join(resolve(option('--modules', '.')), '/'));
const { chromium } = modules('playwright-core');
const axe = modules.resolve('axe-core/axe.min.js');
const pictures = option('--pictures');
if (pictures) mkdirSync(pictures, { recursive: true });

/// The server of the page: here the mock. A stage with the daemon has the same members.
class Stage {
  static async start() {
    const stage = new Stage();
    stage.child = spawn('python3', ['-B', fileURLToPath(new URL('mock.py', import.meta.url))], { stdio: ['ignore', 'pipe', 'inherit'] });
    const port = await new Promise((done, fail) => {
      stage.child.stdout.once('data', (text) => done(Number(text)));
      stage.child.once('close', () => fail(new Error('mock.py has ended')));
    });
    stage.url = `http://127.0.0.1:${port}/`;
    stage.tokens = { read: 'right-to-read', manage: 'right-to-manage' };
    return stage;
  }
  show(values) { return fetch(`${this.url}mock`, { method: 'PUT', body: JSON.stringify(values) }); }
  async told() { return (await fetch(`${this.url}mock`)).json(); }
  stop() { this.child.kill(); }
}

/// A page that records whatever must not happen: console errors, a script that ran, requests to other hosts.
async function open(browser, stage, { language = 'en', theme = 'light', width = 1440, height = 900, token = stage.tokens.manage, clock } = {}) {
  const context = await browser.newContext({ locale: language === 'ru' ? 'ru-RU' : 'en-GB', colorScheme: theme, viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  if (clock) await page.clock.install();
  page.wrongs = [];
  page.on('pageerror', (error) => page.wrongs.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The first request is sent without a token: a Unix socket needs none.
    if (message.type() === 'error' && !/401|ERR_|404/.test(message.text())) page.wrongs.push(message.text());
  });
  page.on('dialog', (dialog) => { page.wrongs.push(`dialog: ${dialog.message()}`); dialog.dismiss(); });
  page.on('request', (request) => { if (!request.url().startsWith(stage.url)) page.wrongs.push(`asked for ${request.url()}`); });
  await page.goto(stage.url);
  await page.locator('#token').waitFor();
  if (token) {
    await page.fill('#token', token);
    await page.press('#token', 'Enter');
    await page.locator('#view').waitFor();
  }
  return page;
}

/// axe's findings that are serious or worse.
async function accessible(page, where) {
  // The page's policy allows no script but its own; this one comes through the debugger.
  await page.evaluate((await import('node:fs')).readFileSync(axe, 'utf8'));
  const { violations } = await page.evaluate(() => globalThis.axe.run());
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${where}: ${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join('; ')}`);
}

const browser = await chromium.launch({
  executablePath: found, args: [...process.getuid() === 0 ? ['--no-sandbox'] : [], '--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions'],
});
let failed = 0;
let done = 0;
for (const [name, run] of Object.entries(cases)) {
  if (!new RegExp(option('--only', '')).test(name)) continue;
  const stage = await Stage.start();
  const opened = [];
  const started = Date.now();
  try {
    await run({
      stage, accessible, pictures,
      open: async (options) => {
        const page = await open(browser, stage, options);
        opened.push(page);
        return page;
      },
    });
    const wrongs = opened.flatMap((page) => page.wrongs);
    if (wrongs.length) throw new Error(wrongs.join('\n'));
    console.log(`ok   ${name} (${Date.now() - started} ms)`);
  } catch (error) {
    failed += 1;
    console.log(`FAIL ${name}: ${error.stack}`);
  }
  done += 1;
  await Promise.all(opened.map((page) => page.context().close().catch(() => {})));
  stage.stop();
}
await browser.close();
console.log(`${done - failed} of ${done} passed`);
process.exit(failed || !done ? 1 : 0);
