// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A headless Chromium, controlled over the pipe of its DevTools protocol.
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { killTree, start } from './process.mjs';

export class Chromium {
  /// Has its own profile and home. `flags` are Chromium's; `login` answers a proxy that asks for a password.
  constructor(world, flags, { home = world.env.HOME, login = null } = {}) {
    const profile = mkdtempSync(join(world.dir, 'chromium-'));
    const sandbox = process.getuid() === 0 ? ['--no-sandbox'] : []; // root cannot use one
    this.login = login;
    this.said = null; // gets each line of the page's console
    this.#child = start('chromium', ['--headless=new', ...sandbox, `--user-data-dir=${profile}`, '--remote-debugging-pipe',
      '--no-first-run', '--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update',
      '--disable-default-apps', '--disable-sync', '--no-pings', ...flags], {
      env: { ...world.env, HOME: home, XDG_CONFIG_HOME: profile }, stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#child.ended.then(() => this.#fail(new Error('Chromium has ended')));
    this.#child.stdio[3].on('error', () => {});
    let rest = '';
    this.#child.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      messages.forEach((message) => this.#take(JSON.parse(message)));
    });
  }

  /// Opens a page; returns its error, or an empty text.
  async open(url) {
    const { targetId } = await this.#order('Target.createTarget', { url: 'about:blank' });
    this.#session = (await this.#order('Target.attachToTarget', { targetId, flatten: true })).sessionId;
    await this.#order('Runtime.enable');
    await this.#order('Fetch.enable', { handleAuthRequests: true });
    const { errorText } = await this.#order('Page.navigate', { url });
    return errorText ?? '';
  }

  /// The value of an expression in the page, also the result of a promise.
  async evaluate(expression) {
    const { result, exceptionDetails } = await this.#order('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
    return exceptionDetails ? `error: ${exceptionDetails.exception?.description ?? exceptionDetails.text}` : result.value;
  }

  async close() {
    killTree(this.#child);
    await this.#child.ended;
  }

  #child;
  #session;
  #number = 0;
  #waiting = new Map();
  #refused = false;

  #order(method, params = {}) {
    const id = ++this.#number;
    const session = this.#session ? { sessionId: this.#session } : {};
    this.#child.stdio[3].write(`${JSON.stringify({ id, method, params, ...session })}\0`);
    return new Promise((done, fail) => this.#waiting.set(id, { done, fail }));
  }

  #take({ id, method, params, result, error }) {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error) waiting?.fail(new Error(error.message));
    else waiting?.done(result);
    if (method === 'Fetch.requestPaused') this.#let('Fetch.continueRequest', { requestId: params.requestId });
    if (method === 'Fetch.authRequired') this.#let('Fetch.continueWithAuth', { requestId: params.requestId, authChallengeResponse: this.#answer(params) });
    if (method === 'Runtime.consoleAPICalled') this.said?.(params.args.map(({ value }) => value).join(' '));
  }

  /// A second question means that the login was wrong; a user would cancel then.
  #answer({ authChallenge }) {
    if (!this.login || authChallenge.source !== 'Proxy' || this.#refused) return { response: 'CancelAuth' };
    this.#refused = true;
    return { response: 'ProvideCredentials', username: this.login.user, password: this.login.password };
  }

  #let(method, params) {
    this.#order(method, params).catch(() => {}); // the request may have gone
  }

  #fail(error) {
    this.#waiting.forEach(({ fail }) => fail(error));
    this.#waiting.clear();
  }
}
