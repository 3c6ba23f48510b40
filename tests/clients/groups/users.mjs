// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Users of a file that htpasswd and `user add` have written: each client through each door that it speaks, with
// passwords of three alphabets; and users who lose their place amid a stream.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attemptCases } from '../lib/attempts.mjs';
import { acknowledge, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { doorUrl, trustIn } from '../lib/door.mjs';
import { people, userCommand } from '../lib/people.mjs';
import { run } from '../lib/process.mjs';
import { missingNodeModules, missingPrograms, missingPythonModules } from '../lib/programs.mjs';
import { perform } from '../lib/scenarios.mjs';

export const missing = async (world) => [
  ...await missingPrograms(world, { curl: 'curl', git: 'git', wget: 'wget' }),
  // htpasswd has no --version, and says so with an exit code.
  ...(await run('htpasswd', [], { env: world.env })).error ? ['htpasswd is missing: install the Debian package "apache2-utils"'] : [],
  ...await missingPythonModules(world, {
    requests: 'python3-requests', httpx: 'python3-httpx', aiohttp: 'python3-aiohttp', socks: 'python3-socks', socksio: 'python3-socksio',
  }),
  ...missingNodeModules(world, ['axios', 'https-proxy-agent', 'http-proxy-agent', 'undici',
    'openai', 'openai-v4', '@anthropic-ai/sdk', 'anthropic-v0']),
];

const who = [...Object.keys(people), 'added'];

/// The proxy's address as typed for a door.
const doors = {
  http: (proxy, person) => proxy.urlWith(person),
  tls: (proxy, person) => doorUrl(proxy, person),
  socks5: (proxy, person) => proxy.urlWith(person).replace('http:', 'socks5:'),
  socks5h: (proxy, person) => proxy.urlWith(person).replace('http:', 'socks5h:'),
};

/// `latin1`: what it puts into a header is Latin-1, and nothing else can be sent.
const libraries = [
  { client: 'requests', through: ['http', 'tls', 'socks5h'], latin1: true },
  { client: 'httpx', through: ['http', 'tls', 'socks5'] },
  { client: 'aiohttp', through: ['http', 'tls'], latin1: true },
  { client: 'axios', through: ['http', 'tls'] }, // https-proxy-agent
  { client: 'undici', through: ['http', 'tls'] },
  ...['openai-agent', 'anthropic-agent', 'openai-undici', 'anthropic-undici'].map((client) => ({ client, through: ['http', 'tls'] })),
];

function judgeIn({ client, latin1 }, door, person) {
  if (latin1 && person === 'cyrillic' && !door.startsWith('socks')) {
    return ({ error, result }) => {
      check(error?.startsWith('UnicodeEncodeError'), `${client} should not be able to send this`, error ?? result);
      return `cannot be sent, ${client} writes a header in Latin-1: ${error}`;
    };
  }
  return ({ error, result }) => {
    checkEqual(result?.models, 2, 'models', error);
  };
}

const libraryCases = libraries.flatMap((library) => library.through.flatMap((door) => who.map((person) => ({
  name: `${library.client} · ${door}: ${person}`, needs: ['users'], judge: judgeIn(library, door, person),
  attempt: (world) => {
    const { users } = world.proxies;
    return { client: library.client, proxy: doors[door](users, users.users[person]), url: world.base('https') };
  },
}))));

/// Programs, as a shell starts them: { through, run(world, door, { user, password }) }.
const programs = {
  curl: {
    through: ['http', 'tls', 'socks5h'],
    run: async (world, door, { user, password }) => {
      const proxy = new URL(doors[door](world.proxies.users, people.ascii));
      const { certificate } = await trustIn(world, 'users');
      const result = await run('curl', ['-sS', '-x', `${proxy.protocol}//${proxy.host}`, '--proxy-user', `${user}:${password}`,
        '--proxy-cacert', certificate, '--cacert', world.tls.ca, '-H', `Authorization: Bearer ${world.apiKey}`,
        `${world.base('https')}/v1/models`], { env: world.env, timeoutMs: world.caseMs });
      checkExit(result, 0, 'models');
      check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
    },
  },
  git: {
    through: ['http', 'tls', 'socks5h'],
    run: async (world, door, person) => {
      const { certificate } = await trustIn(world, 'users');
      const result = await run('git', ['-c', `http.proxy=${doors[door](world.proxies.users, person)}`,
        '-c', `http.proxySSLCAInfo=${certificate}`, '-c', 'http.proxyAuthMethod=basic', '-c', `http.sslCAInfo=${world.tls.ca}`,
        'ls-remote', `${world.base('https')}/git/none.git`],
      { env: { ...world.env, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '/bin/false' }, timeoutMs: world.caseMs });
      check(/repository '.*' not found/.test(result.stderr), 'not the origin\'s answer', result);
    },
  },
  wget: {
    through: ['http'],
    run: async (world, door, { user, password }) => {
      const proxy = world.proxies.users.url;
      const result = await run('wget', ['-nv', '-O', '-', '--tries=1', `--ca-certificate=${world.tls.ca}`,
        `--header=Authorization: Bearer ${world.apiKey}`, `--proxy-user=${user}`, `--proxy-password=${password}`,
        `${world.base('https')}/v1/models`],
      { env: { ...world.env, http_proxy: proxy, https_proxy: proxy }, timeoutMs: world.caseMs });
      checkExit(result, 0, 'models');
      check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
    },
  },
};

const programCases = Object.entries(programs).flatMap(([name, program]) => program.through.flatMap((door) => who.map((person) => ({
  name: `${name} · ${door}: ${person}`, needs: ['users'],
  run: (world) => program.run(world, door, world.proxies.users.users[person]),
}))));

/// So that what passes above passes by its password.
const wrongCases = programs.curl.through.map((door) => ({
  name: `curl · ${door}: a wrong password, and somebody else's`, needs: ['users'],
  run: async (world) => {
    for (const password of ['not-the-password', people.umlauts.password]) {
      const error = await programs.curl.run(world, door, { ...people.ascii, password }).catch((failure) => failure);
      check(/\b407\b|rejected by the SOCKS5 server/.test(error?.message), 'it is let in, or the error is another one', String(error));
    }
  },
}));

const chat = JSON.stringify({ model: 'mock-small', stream: true, messages: [{ role: 'user', content: 'hello' }] });

/// A curl of that user, with what its user sees.
async function curl(world, door, person, path, more = [], extra = {}) {
  const { leavers } = world.proxies;
  return run('curl', ['-sS', '-v', '-N', '-x', doors[door](leavers, leavers.users[person]),
    '--proxy-cacert', (await trustIn(world, 'leavers')).certificate, '--cacert', world.tls.ca,
    '-H', `Authorization: Bearer ${world.apiKey}`, '-H', 'Content-Type: application/json', ...more, `${world.base('https')}${path}`],
  { env: world.env, timeoutMs: world.caseMs, ...extra });
}

const withCurl = (door) => ({
  stream: (world, person, gate, onText) => curl(world, door, person, `/v1/chat/completions?events=3&gate=${gate}`, ['-d', chat], { onText }),
  next: (world, person) => curl(world, door, person, '/v1/models'),
  hasFailed: (result) => result.code !== 0 && !result.timedOut,
  text: (result) => result.stderr.split('\n').filter((line) => /^curl: |^< HTTP/.test(line)).join(' | '),
});

const withLibrary = (name, command, trust, door) => {
  const ask = async (world, person, scenario, more) => {
    const { leavers } = world.proxies;
    const { [trust]: ca } = await trustIn(world, 'leavers');
    const client = { name, command, environment: (file) => ({ SSL_CERT_FILE: file }) };
    return perform(world, client, 'https', scenario, doors[door](leavers, leavers.users[person]), { ...more, ca });
  };
  return {
    stream: (world, person, gate, onText) => ask(world, person, 'stream', { gate, events: 3, onText }),
    next: (world, person) => ask(world, person, 'models', {}),
    hasFailed: (outcome) => outcome.error !== undefined,
    text: (outcome) => outcome.error.message,
  };
};

const viaSdk = (name, door) => withLibrary(name, (world) => [world.node, join(world.here, 'node/sdk.mjs')], 'both', door);
const httpx = (door) => withLibrary('httpx', (world) => [world.python, '-B', join(world.here, 'python/client_httpx.py')], 'bundle', door);

/// Who streams by what, and what the client then says of the next request. openai-agent is the SDK over
/// https-proxy-agent, which hands the proxy's answer on as if it were the provider's; httpx carries the Python SDKs.
const streams = [
  { person: 'removed', what: 'curl · http', by: withCurl('http'), says: /< HTTP\/1\.1 407 Wrong user name or password/ },
  { person: 'removed', what: 'curl · socks5h', by: withCurl('socks5h'), says: /rejected by the SOCKS5 server/ },
  { person: 'disabled', what: 'the OpenAI SDK · tls', by: viaSdk('openai-agent', 'tls'), says: /403 .*but this user is disabled/ },
  { person: 'disabled', what: 'curl · tls', by: withCurl('tls'), says: /< HTTP\/1\.1 403 This user is disabled/ },
  { person: 'expired', what: 'httpx · http', by: httpx('http'), says: /ProxyError.*403 This user has expired/ },
  { person: 'expired', what: 'the Anthropic SDK · http', by: viaSdk('anthropic-undici', 'http'), says: /Proxy response \(403\)/ },
];

/// Starts the stream and returns once its user has seen the first event.
async function begin(world, person, by) {
  const gate = newName('gate');
  let seen = null;
  const first = new Promise((done) => {
    seen = done;
  });
  const ended = by.stream(world, person, gate, (text) => {
    if (text.includes('"e1 "')) seen();
  }).then((outcome) => ({ outcome, at: Date.now() }));
  await Promise.race([first, ended.then(({ outcome }) => check(false, 'the stream ended before its first event', outcome))]);
  return { gate, ended };
}

/// One change of each kind: two by the commands, one by an editor.
async function turnOut(world) {
  const file = world.proxies.leavers.usersFile;
  await userCommand(world.binary, world.env, file, ['remove', 'removed']);
  await userCommand(world.binary, world.env, file, ['disable', 'disabled']);
  const text = readFileSync(file, 'utf8').replace(/^(expired:[^:\n]*)$/m, '$1:until=2020-01-31');
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

const withinMs = 15_000;

const leaving = {
  name: 'removed, disabled, expired amid a stream: it ends within 15 s, the neighbour\'s goes on, the next request says why',
  needs: ['leavers'],
  run: async (world) => {
    const neighbour = withCurl('http');
    const [stays, ...leave] = await Promise.all([begin(world, 'neighbour', neighbour), ...streams.map(({ person, by }) => begin(world, person, by))]);
    const changedAt = Date.now();
    await turnOut(world);
    const ends = await Promise.all(leave.map(({ ended }) => ended));
    ends.forEach(({ outcome, at }, i) => {
      check(streams[i].by.hasFailed(outcome), `${streams[i].what}: the stream of ${streams[i].person} did not fail`, outcome);
      check(at - changedAt < withinMs, `${streams[i].what}: it ended after ${at - changedAt} ms`);
    });
    for (const n of [1, 2, 3]) acknowledge(world, stays.gate, n);
    const { outcome } = await stays.ended;
    checkExit(outcome, 0, 'the neighbour\'s stream');
    checkEqual(outcome.stdout.match(/"e\d+ "/g)?.length, 3, 'its events', outcome);

    const lines = world.proxies.leavers.log.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
    for (const { person } of streams) {
      const reasons = lines.filter((line) => line.user === person && line.how === 'closed').map((line) => line.reason);
      checkEqual([...new Set(reasons)].join(), `user_${person}`, `the log's reason for ${person}`);
    }
    const said = await Promise.all(streams.map(async ({ person, by, what, says }) => {
      const next = await by.next(world, person);
      check(by.hasFailed(next), `${what}: ${person} is let in`, next);
      check(says.test(by.text(next)), `${what} should say ${says} to ${person}`, by.text(next));
      return `\n        ${person}, ${what}: ${by.text(next).trimEnd().replaceAll('\n', ' ')}`;
    }));
    return said.join('');
  },
};

export const cases = () => [
  leaving, ...attemptCases(libraryCases, 'users'), ...programCases, ...wrongCases,
].map((one) => ({ ...one, daemonOnly: true }));
