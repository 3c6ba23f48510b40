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

const option = (name, otherwise) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? otherwise : process.argv[at + 1];
};
const skip = (why) => {
  console.log(`skipped: ${why}`);
  process.exit(77);
};

// Its waits are an idle machine's: not beside other tests. Those of the daemon's cases are half a minute.
if (process.env.SAMI_LONG !== '1' && !option('--only') && !option('--daemon')) {
  skip('it takes minutes of an idle machine: ./test.sh --long --real -R page_browser');
}
if (process.env.SAMI_REAL !== '1') skip('it needs Chromium: ./test.sh --real, or SAMI_REAL=1');
const found = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim();
if (!found) skip('chromium is missing: install the Debian package "chromium"');
const modules = createRequire(join(resolve(option('--modules', '.')), '/'));
const { chromium } = modules('playwright-core');
const axe = modules.resolve('axe-core/axe.min.js');
const pictures = option('--pictures');
const daemon = option('--daemon');
const { cases } = await import(daemon ? './daemoncases.mjs' : './cases.mjs');
if (pictures) mkdirSync(pictures, { recursive: true });

const python = (name, ...more) => spawn('python3', ['-B', fileURLToPath(new URL(name, import.meta.url)), ...more], { stdio: ['pipe', 'pipe', 'inherit'] });

/// The first line that it prints.
const firstLine = (child) => new Promise((done, fail) => {
  child.stdout.once('data', (text) => done(String(text)));
  child.once('close', () => fail(new Error(`${child.spawnargs[2]} has ended`)));
});

/// What serves the page: the mock, which shows what it is given.
class MockStage {
  static async start() {
    const stage = new MockStage();
    stage.child = python('mock.py');
    stage.url = `http://127.0.0.1:${Number(await firstLine(stage.child))}/`;
    stage.tokens = { read: 'right-to-read', manage: 'right-to-manage' };
    return stage;
  }
  show(values) { return fetch(`${this.url}mock`, { method: 'PUT', body: JSON.stringify(values) }); }
  async told() { return (await fetch(`${this.url}mock`)).json(); }
  stop() { this.child.kill(); }
}

/// A real daemon with streams, and the server of an attacker. An order that failed is an error.
class DaemonStage {
  static async start() {
    const stage = new DaemonStage();
    stage.child = python('stage.py', daemon);
    return Object.assign(stage, JSON.parse(await firstLine(stage.child)));
  }
  async do(what, values = {}) {
    const result = await (await fetch(`${this.evil}do`, { method: 'PUT', body: JSON.stringify({ do: what, ...values }) })).json();
    if (result?.error) throw new Error(`${what}: ${result.error}`);
    return result;
  }
  async stop() {
    const over = new Promise((done) => { this.child.once('close', done); });
    this.child.stdin.end();
    await over;
  }
}

/// A page that notes whatever it should not do: an error of the console, a script that ran, a request to elsewhere.
async function open(browser, stage, { language = 'en', theme = 'light', width = 1440, height = 900, token = stage.tokens.manage, clock } = {}) {
  const context = await browser.newContext({ locale: language === 'ru' ? 'ru-RU' : 'en-GB', colorScheme: theme, viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  if (clock) await page.clock.install();
  page.wrongs = [];
  page.on('pageerror', (error) => page.wrongs.push(`error: ${error.message}`));
  page.on('console', (message) => {
    // The first question is asked without a token: at a Unix socket none is needed.
    if (message.type() === 'error' && !/401|404|412|422|503|ERR_/.test(message.text())) page.wrongs.push(message.text());
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
  executablePath: found,
  args: ['--host-resolver-rules=MAP attacker.example 127.0.0.1', ...process.getuid() === 0 ? ['--no-sandbox'] : [], '--disable-gpu', '--disable-dev-shm-usage', '--disable-extensions'],
});
let failed = 0;
let done = 0;
for (const [name, run] of Object.entries(cases)) {
  if (!new RegExp(option('--only', '')).test(name)) continue;
  const stage = await (daemon ? DaemonStage : MockStage).start();
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
      foreign: async (url = 'about:blank') => {
        const page = await (await browser.newContext()).newPage();
        page.wrongs = [];
        opened.push(page);
        await page.goto(url);
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
  await stage.stop();
}
await browser.close();
console.log(`${done - failed} of ${done} passed`);
process.exit(failed || !done ? 1 : 0);
