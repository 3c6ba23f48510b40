// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// SOCKS5 on the proxy's port: curl, requests with PySocks, httpx with socksio, and OpenBSD's nc, which ssh starts as
// its ProxyCommand.
import { checkAnswer, request } from './corkscrew.mjs';
import { acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms, missingPythonModules } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';
import { perform, succeed } from '../lib/scenarios.mjs';
import { join } from 'node:path';

export const missing = async (world) => [
  ...await missingPrograms(world, { curl: 'curl', 'nc.openbsd': 'netcat-openbsd' }),
  ...await missingPythonModules(world, {
    requests: 'python3-requests', httpx: 'python3-httpx', socks: 'python3-socks', socksio: 'python3-socksio',
  }),
];

function curl(world, args, extra = {}) {
  return run('curl', ['-sS', '--max-time', String(world.caseMs / 1000), '--cacert', world.tls.ca,
    '-H', `Authorization: Bearer ${world.apiKey}`, ...args], { env: world.env, timeoutMs: world.caseMs, ...extra });
}

const place = ({ host, port }) => `${host}:${port}`;
const login = ({ user, password }) => ['--proxy-user', `${user}:${password}`];
/// With the right credentials, or the given ones.
const url = (proxy, scheme, given = proxy.credentials) => (given ? proxy.urlWith(given) : proxy.url).replace('http:', `${scheme}:`);

/// CURLE_PROXY, and what curl says about the proxy's answer.
function checkRefused(result, words) {
  checkExit(result, 97, 'curl on a refusal');
  check(words.test(result.stderr), `curl does not say ${words}`, result);
}

async function models(world, args, scheme = 'https') {
  const result = await curl(world, [...args, `${world.base(scheme)}/v1/models`]);
  checkExit(result, 0, 'models');
  check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
}

const curlCases = [
  ...['https', 'http'].flatMap((scheme) => [
    {
      name: `curl --socks5-hostname · ${scheme}`, needs: ['open'],
      run: (world) => models(world, ['--socks5-hostname', place(world.proxies.open)], scheme),
    },
    {
      name: `curl --socks5, which looks the name up itself · ${scheme}`, needs: ['open'],
      run: (world) => models(world, ['-4', '--socks5', place(world.proxies.open)], scheme),
    },
    {
      name: `curl with a password · ${scheme}`, needs: ['auth'],
      run: (world) => models(world, ['--socks5-hostname', place(world.proxies.auth), ...login(world.proxies.auth.credentials)], scheme),
    },
    {
      name: `curl -x socks5h://, the password in the address · ${scheme}`, needs: ['auth'],
      run: (world) => models(world, ['-x', url(world.proxies.auth, 'socks5h')], scheme),
    },
  ]),
  {
    name: 'curl with a password where none is asked', needs: ['open'],
    run: (world) => models(world, ['--socks5-basic', '--socks5-hostname', place(world.proxies.open), ...login(wrongCredentials)]),
  },
  {
    name: 'curl with a wrong password', needs: ['auth'],
    run: async (world) => checkRefused(await curl(world, ['--socks5-hostname', place(world.proxies.auth),
      ...login(wrongCredentials), `${world.base('https')}/v1/models`]), /rejected by the SOCKS5 server/i),
  },
  {
    name: 'curl without a password', needs: ['auth'],
    run: async (world) => checkRefused(await curl(world, ['--socks5-hostname', place(world.proxies.auth),
      `${world.base('https')}/v1/models`]), /No authentication method was acceptable/i),
  },
  {
    name: 'curl to a host that is not allowed', needs: ['fenced'],
    run: async (world) => checkRefused(await curl(world, ['--socks5-hostname', place(world.proxies.fenced),
      `${world.base('https')}/v1/models`]), /\(2\)/),
  },
  {
    name: 'curl to a name that there is not', needs: ['open'],
    run: async (world) => checkRefused(await curl(world, ['--socks5-hostname', place(world.proxies.open),
      'https://nowhere.invalid/']), /\(4\)/),
  },
  {
    name: 'curl: each event of a stream comes before the next is sent', needs: ['auth'],
    run: async (world) => {
      const gate = newName('gate');
      const ask = JSON.stringify({ model: 'mock-small', stream: true, messages: [{ role: 'user', content: 'hello' }] });
      const result = await curl(world, ['-x', url(world.proxies.auth, 'socks5h'), '-N', '-H', 'Content-Type: application/json',
        '-d', ask, `${world.base('https')}/v1/chat/completions?events=6&gate=${gate}`], { onText: acknowledger(world, gate) });
      checkExit(result, 0, 'the stream stopped: an event was held back');
      checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
    },
  },
];

const libraries = [
  { name: 'requests', scheme: 'socks5h' }, // PySocks: the name goes to the proxy
  { name: 'requests', scheme: 'socks5' }, // ... it resolves the name itself
  { name: 'httpx', scheme: 'socks5' }, // socksio: the name goes to the proxy
];

const libraryCases = libraries.flatMap(({ name, scheme }) => {
  const client = { name, command: (world) => [world.python, '-B', join(world.here, 'python', `client_${name}.py`)] };
  const title = `${name} · ${scheme}`;
  return [
    {
      name: `${title}: no password`, needs: ['open'],
      run: async (world) => {
        const { result } = await succeed(world, client, 'https', 'models', url(world.proxies.open, scheme));
        checkEqual(result.models, 2, 'models');
      },
    },
    {
      name: `${title}: a wrong password`, needs: ['auth'],
      run: async (world) => {
        const outcome = await perform(world, client, 'https', 'models', url(world.proxies.auth, scheme, wrongCredentials));
        check(outcome.error !== undefined, 'the client should report an error', outcome.result ?? {});
        check(/auth|username|password/i.test(outcome.error.message), 'the error does not speak of the password', outcome.error);
      },
    },
    ...['https', 'http'].flatMap((target) => [
      {
        name: `${title}: each event of a stream comes before the next is sent · ${target}`, needs: ['auth'],
        run: async (world) => {
          const { result, seen } = await succeed(world, client, target, 'stream', url(world.proxies.auth, scheme), { events: 6 });
          checkEqual(result.text, 'e1 e2 e3 e4 e5 e6 ', 'text');
          checkEqual(seen.join(), '1,2,3,4,5,6', 'events');
        },
      },
      {
        name: `${title}: an upload of 20 MB · ${target}`, needs: ['auth'],
        run: async (world) => {
          const { result } = await succeed(world, client, target, 'upload', url(world.proxies.auth, scheme));
          checkEqual(result.sha256, world.upload.sha256, 'sha256');
        },
      },
      {
        name: `${title}: ten at once, twice · ${target}`, needs: ['auth'],
        run: async (world) => {
          const together = [newName('together'), newName('together')];
          const { result } = await succeed(world, client, target, 'many', url(world.proxies.auth, scheme), { together });
          checkEqual(result.answers, 20, 'answers');
        },
      },
    ]),
  ];
});

/// What comes back through nc, and its complaints. It cannot pass a password to SOCKS5.
async function pump(world, proxy, host) {
  const { stdout, stderr } = await run('nc.openbsd', ['-X', '5', '-x', place(proxy), host, String(world.mock.http)],
    { env: world.env, timeoutMs: world.caseMs, input: request });
  return stdout + stderr;
}

const pipeCases = [
  { name: 'nc -X 5 to a name', needs: ['open'], run: async (world) => checkAnswer(await pump(world, world.proxies.open, 'localhost')) },
  { name: 'nc -X 5 to an address', needs: ['open'], run: async (world) => checkAnswer(await pump(world, world.proxies.open, '127.0.0.1')) },
  {
    name: 'nc -X 5 to a host that is not allowed', needs: ['fenced'],
    run: async (world) => {
      const text = await pump(world, world.proxies.fenced, 'localhost');
      check(/connection failed, SOCKSv5 error: Connection not allowed by ruleset/i.test(text), 'nc does not say why', text);
    },
  },
];

export const cases = () => [...curlCases, ...libraryCases, ...pipeCases];
