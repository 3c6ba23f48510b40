// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// HAProxy in front of the proxy: it sends no traffic before its check has found the server well. It checks without
// credentials.
import { writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { check, checkExit, newName } from '../lib/check.mjs';
import { killTree, run, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

export const missing = (world) => missingPrograms(world, { curl: 'curl', haproxy: 'haproxy' });

/// A listening socket to pass on, so that no port is guessed.
async function listening() {
  const server = createServer();
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return server;
}

const config = (checks, proxy, statistics) => `
global
  stats socket ${statistics} level user
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen front
  bind fd@3
  ${checks.join('\n  ')}
  server sami ${proxy.host}:${proxy.port} check inter 100ms rise 1 fall 1
`;

/// The server's row of "show stat", as an object by column.
function statusOf(path) {
  return new Promise((done) => {
    let text = '';
    const socket = connect(path, () => socket.write('show stat\n'));
    socket.setEncoding('utf8').on('data', (part) => {
      text += part;
    }).on('error', () => done(null)).on('close', () => {
      const [names, ...rows] = text.replace(/^# /, '').trim().split('\n').map((line) => line.split(','));
      const row = rows.find((values) => values[names.indexOf('svname')] === 'sami');
      done(row ? Object.fromEntries(names.map((name, i) => [name, row[i]])) : null);
    });
  });
}

async function withHaproxy(world, proxy, checks, use) {
  const statistics = join(world.dir, newName('haproxy'));
  const file = `${statistics}.cfg`;
  writeFileSync(file, config(checks, proxy, statistics));
  const server = await listening();
  const { port } = server.address();
  const child = start('haproxy', ['-db', '-f', file], { env: world.env, stdio: ['ignore', 'ignore', 'pipe', server._handle.fd] });
  server.close(); // HAProxy keeps its copy
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    log += text;
  });
  try {
    let seen = null;
    // A server counts as up until its first check has finished ("INI"); "* " precedes the last result while the next
    // check runs.
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 50))) {
      seen = await statusOf(statistics);
      if (seen?.check_status && !seen.check_status.endsWith('INI')) break;
    }
    check(seen, 'HAProxy does not answer', log);
    check(seen.status === 'UP' && seen.check_status.endsWith('L7OK') && seen.check_code === '200',
      `HAProxy holds the proxy for ${seen.status}: ${seen.check_status} ${seen.check_code}`, log);
    await use(port);
  } finally {
    killTree(child);
  }
}

const ways = {
  'option httpchk (OPTIONS / in HTTP/1.0)': ['option httpchk'],
  'OPTIONS /health': ['option httpchk OPTIONS /health'],
  'HEAD /status in HTTP/1.1': ['option httpchk', 'http-check send meth HEAD uri /status ver HTTP/1.1 hdr Host sami'],
  'GET /health': ['option httpchk GET /health'],
};

export const cases = () => Object.entries(ways).flatMap(([what, checks]) => ['open', 'auth'].map((name) => ({
  name: `${what} finds the proxy up, and requests pass (${name})`, needs: [name], daemonOnly: true,
  run: (world) => withHaproxy(world, world.proxies[name], checks, async (port) => {
    const { credentials } = world.proxies[name];
    const result = await run('curl', ['-sS', '-x', `http://127.0.0.1:${port}`,
      ...(credentials ? ['--proxy-user', `${credentials.user}:${credentials.password}`] : []), '--cacert', world.tls.ca,
      '-H', `Authorization: Bearer ${world.apiKey}`, `${world.base('https')}/v1/models`], { env: world.env, timeoutMs: world.caseMs });
    checkExit(result, 0, 'a request through both');
  }),
})));
