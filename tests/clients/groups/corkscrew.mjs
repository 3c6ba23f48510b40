// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// corkscrew, which ssh starts as its ProxyCommand: its input goes into a tunnel, and the tunnel's data to its output.
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { check, newName } from '../lib/check.mjs';
import { phrases, reasonOf } from '../lib/phrases.mjs';
import { killTree, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

export const missing = (world) => missingPrograms(world, { corkscrew: 'corkscrew' });

export const request = 'GET /echo?through=a-pipe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n';

/// Writes the request as soon as `ready`, and returns everything that came back. Keeps its own end open, as ssh does.
function converse(world, { input, output, ready = () => true }) {
  return new Promise((done) => {
    let text = '';
    let asked = false;
    const ask = () => {
      if (asked || !ready(text)) return;
      asked = true;
      input.write(request);
    };
    const timer = setTimeout(() => done(text), world.caseMs);
    const end = () => {
      clearTimeout(timer);
      done(text);
    };
    output.setEncoding('latin1').on('data', (part) => {
      text += part;
      ask();
    }).on('end', end).on('error', end);
    input.on('error', () => {});
    ask();
  });
}

export function checkAnswer(text) {
  check(text.includes('HTTP/1.1 200 OK') && text.includes('/echo?through=a-pipe'), 'not the origin\'s answer', text);
}

async function pump(world, proxy, authFile) {
  const child = start('corkscrew', [proxy.host, String(proxy.port), 'localhost', String(world.mock.http), ...(authFile ? [authFile] : [])],
    { env: world.env, stdio: ['pipe', 'pipe', 'pipe'] });
  let errors = '';
  const complained = new Promise((done) => {
    child.stderr.setEncoding('utf8').on('data', (part) => {
      errors += part;
    }).on('end', done);
  });
  try {
    const text = await converse(world, { input: child.stdin, output: child.stdout });
    // Its complaint may come after the end of its output.
    if (!text) await complained;
    return text + errors;
  } finally {
    killTree(child);
  }
}

function authFile(world, { user, password }) {
  const file = join(world.dir, newName('corkscrew'));
  writeFileSync(file, `${user}:${password}\n`);
  return file;
}

/// Sends the head as the unpatched program writes it: the field ends with a bare LF.
async function tunnelByHand(world, proxy, { user, password }) {
  const socket = connect(proxy.port, proxy.host);
  try {
    socket.write(`CONNECT localhost:${world.mock.http} HTTP/1.0\nProxy-Authorization: Basic ${
      Buffer.from(`${user}:${password}`).toString('base64')}\r\n\r\n`, 'latin1');
    return await converse(world, { input: socket, output: socket, ready: (text) => text.includes('\r\n\r\n') });
  } finally {
    socket.destroy();
  }
}

export const cases = () => [
  {
    name: 'without an auth file', needs: ['open'],
    run: async (world) => checkAnswer(await pump(world, world.proxies.open)),
  },
  {
    name: 'with an auth file', needs: ['auth'],
    run: async (world) => checkAnswer(await pump(world, world.proxies.auth, authFile(world, world.proxies.auth.credentials))),
  },
  {
    name: 'with a wrong auth file it says why the tunnel does not open', needs: ['auth'],
    run: async (world) => {
      const text = await pump(world, world.proxies.auth, authFile(world, { user: 'sami', password: 'not-the-password' }));
      check(!text.includes('200 OK') && text.includes(reasonOf(phrases.password)), `it does not say "${reasonOf(phrases.password)}"`, text);
    },
  },
  {
    name: 'the octets of corkscrew 2.0 as its author left it', needs: ['auth'],
    run: async (world) => {
      const text = await tunnelByHand(world, world.proxies.auth, world.proxies.auth.credentials);
      check(/^HTTP\/1\.[01] 200 /.test(text), 'the tunnel does not open', text);
      checkAnswer(text.slice(text.indexOf('\r\n\r\n')));
    },
  },
  {
    name: 'the same with a wrong password: a 407, and the connection ends', needs: ['auth'],
    run: async (world) => {
      const text = await tunnelByHand(world, world.proxies.auth, { user: 'sami', password: 'not-the-password' });
      check(/^HTTP\/1\.[01] 407 /.test(text) && !text.includes('200 OK'), 'not a 407 alone', text);
    },
  },
];
