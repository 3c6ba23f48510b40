// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Chromium with a proxy set by --proxy-server: over TLS, trusted through the user's certificate list or the pin; in
// clear text; and over SOCKS5. The user signs in when asked. There is no way out, because Chromium's unsolicited
// requests to its maker go to the proxy too.
import { mkdirSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { Chromium } from '../lib/chromium.mjs';
import { trustIn } from '../lib/door.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';

export const isolated = true;

export const missing = async (world) => [
  ...await missingPrograms(world, { chromium: 'chromium' }),
  ...(await run('certutil', [], { env: world.env })).error ? ['certutil is missing: install the Debian package "libnss3-tools"'] : [],
];

/// A home with a certificate list of authorities ("C,,") and of directly trusted servers ("P,,").
async function homeThatTrusts(world, files) {
  const home = mkdtempSync(join(world.dir, 'home-'));
  const database = join(home, '.pki/nssdb');
  mkdirSync(database, { recursive: true });
  checkExit(await run('certutil', ['-d', `sql:${database}`, '-N', '--empty-password'], { env: world.env }), 0, 'certutil');
  for (const [file, flags] of files) {
    checkExit(await run('certutil', ['-d', `sql:${database}`, '-A', '-n', newName('trusted'), '-t', flags, '-i', file], { env: world.env }), 0, 'certutil');
  }
  return home;
}

/// Chromium bypasses the proxy for localhost unless told not to.
const by = (address) => [`--proxy-server=${address}`, '--proxy-bypass-list=<-loopback>'];
const address = (proxy, scheme) => `${scheme}://localhost:${proxy.port}`;

/// Runs in the page: requests a stream and prints each event.
const ask = (world, gate) => `(async () => {
  const response = await fetch('/v1/chat/completions', { method: 'POST', body: ${JSON.stringify(JSON.stringify(
    { model: 'mock-small', stream: true, messages: [{ role: 'user', content: 'hello' }] }))}, headers: {
    'content-type': 'application/json', authorization: 'Bearer ${world.apiKey}', 'x-mock-events': '6', 'x-mock-gate': '${gate}' } });
  let text = '';
  for (const reader = response.body.pipeThrough(new TextDecoderStream()).getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return response.status + ' ' + text;
    text += value;
    console.log(text);
  }
})()`;

/// The page's error and, if there is none, the stream of six events.
async function visit(world, scheme, flags, options) {
  const chromium = new Chromium(world, flags, options);
  const timer = setTimeout(() => chromium.close(), world.caseMs);
  try {
    const error = await chromium.open(`${world.base(scheme)}/echo`);
    if (error) return { error };
    const gate = newName('gate');
    chromium.said = acknowledger(world, gate);
    return { error, page: await chromium.evaluate('document.body.innerText'), text: await chromium.evaluate(ask(world, gate)) };
  } finally {
    clearTimeout(timer);
    await chromium.close();
  }
}

function checkWhole(result) {
  checkEqual(result.error, '', 'the page\'s error');
  check(result.text.startsWith('200 '), 'no 200', result);
  checkEqual(result.text.match(/"e\d+ "/g)?.length, 6, 'events', result);
}

const stream = 'each event of a stream comes before the next is sent';

export const cases = () => [
  ...['https', 'http'].flatMap((scheme) => [
    {
      name: `${scheme}: the exported certificate in the user's list, ${stream}`, needs: ['door'],
      run: async (world) => {
        const { door } = world.proxies;
        const home = await homeThatTrusts(world, [[world.tls.ca, 'C,,'], [(await trustIn(world, 'door')).certificate, 'P,,']]);
        checkWhole(await visit(world, scheme, by(address(door, 'https')), { home, login: door.credentials }));
      },
    },
    {
      name: `${scheme}: another certificate in the user's list is refused`, needs: ['door'],
      run: async (world) => {
        const { door } = world.proxies;
        const home = await homeThatTrusts(world, [[world.tls.ca, 'C,,'], [(await trustIn(world, 'stranger')).certificate, 'P,,']]);
        const { error } = await visit(world, scheme, by(address(door, 'https')), { home, login: door.credentials });
        checkEqual(error, 'net::ERR_PROXY_CERTIFICATE_INVALID', 'the page\'s error');
      },
    },
  ]),
  {
    name: `--ignore-certificate-errors-spki-list with the pin, ${stream}`, needs: ['door'],
    run: async (world) => {
      const { door } = world.proxies;
      const pin = (await trustIn(world, 'door')).pin.replace('sha256//', '');
      const home = await homeThatTrusts(world, [[world.tls.ca, 'C,,']]);
      checkWhole(await visit(world, 'https', [...by(address(door, 'https')), `--ignore-certificate-errors-spki-list=${pin}`], { home, login: door.credentials }));
    },
  },
  {
    name: '--ignore-certificate-errors-spki-list with another pin is refused', needs: ['door'],
    run: async (world) => {
      const { door } = world.proxies;
      const pin = (await trustIn(world, 'stranger')).pin.replace('sha256//', '');
      const home = await homeThatTrusts(world, [[world.tls.ca, 'C,,']]);
      const { error } = await visit(world, 'https', [...by(address(door, 'https')), `--ignore-certificate-errors-spki-list=${pin}`], { home, login: door.credentials });
      checkEqual(error, 'net::ERR_PROXY_CERTIFICATE_INVALID', 'the page\'s error');
    },
  },
  {
    name: 'a wrong password through TLS', needs: ['door'],
    run: async (world) => {
      const { door } = world.proxies;
      const home = await homeThatTrusts(world, [[world.tls.ca, 'C,,'], [(await trustIn(world, 'door')).certificate, 'P,,']]);
      const { error } = await visit(world, 'https', by(address(door, 'https')), { home, login: wrongCredentials });
      check(/net::ERR_/.test(error), 'the page has no error', error);
    },
  },
  {
    name: `an http:// address, ${stream}`, needs: ['auth'],
    run: async (world) => {
      const { auth } = world.proxies;
      checkWhole(await visit(world, 'https', by(address(auth, 'http')), { home: await homeThatTrusts(world, [[world.tls.ca, 'C,,']]), login: auth.credentials }));
    },
  },
  {
    name: `a socks5:// address, which has no password, ${stream}`, needs: ['open'],
    run: async (world) => {
      const { open } = world.proxies;
      checkWhole(await visit(world, 'https', by(address(open, 'socks5')), { home: await homeThatTrusts(world, [[world.tls.ca, 'C,,']]) }));
    },
  },
].map((one) => ({ ...one, daemonOnly: true }));
