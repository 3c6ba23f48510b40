// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// TLS with a proxy that has its own certificate: which clients accept what the proxy's commands export, and that they
// refuse another certificate. The proxies of this group let nothing pass in clear text.
import { join } from 'node:path';
import { acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { doorUrl, trustIn } from '../lib/door.mjs';
import { run } from '../lib/process.mjs';
import { missingNodeModules, missingPrograms, missingPythonModules } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';
import { perform, succeed } from '../lib/scenarios.mjs';

export const missing = async (world) => [
  ...await missingPrograms(world, { curl: 'curl', git: 'git' }),
  ...await missingPythonModules(world, { requests: 'python3-requests', httpx: 'python3-httpx', aiohttp: 'python3-aiohttp' }),
  ...missingNodeModules(world, ['axios', 'https-proxy-agent', 'http-proxy-agent', 'undici',
    'openai', 'openai-v4', '@anthropic-ai/sdk', 'anthropic-v0']),
];

const python = (name, more) => ({
  name, ...more, trust: 'bundle', isWhole: true, command: (world) => [world.python, '-B', join(world.here, 'python', `client_${name}.py`)],
});
const node = (name, file) => ({
  name, trust: 'both', isWhole: file === 'http.mjs', schemes: file === 'http.mjs' ? ['https', 'http'] : ['https'],
  command: (world) => [world.node, join(world.here, 'node', file)],
});

/// Per `trust`: a client that replaces its list of authorities gets the bundle, one that adds to it
/// (NODE_EXTRA_CA_CERTS) gets the certificate.
const libraries = [
  python('requests', { trustsAnybody: 'http' }),
  python('httpx', { environment: (file) => ({ SSL_CERT_FILE: file }) }),
  python('aiohttp'),
  node('axios', 'http.mjs'), // https-proxy-agent and http-proxy-agent
  node('undici', 'http.mjs'),
  ...['openai-agent', 'anthropic-agent', 'openai-undici', 'anthropic-undici'].map((name) => node(name, 'sdk.mjs')),
];

/// All cases for a library; the SDKs are built on libraries that have shown the rest.
const casesWith = (client, scheme) => [
  {
    name: `${client.name} · ${scheme}: each event of a stream comes before the next is sent`,
    run: async (world) => {
      const { [client.trust]: ca } = await trustIn(world, 'door');
      const { result, seen } = await succeed(world, client, scheme, 'stream', doorUrl(world.proxies.door), { events: 6, ca });
      checkEqual(result.text, 'e1 e2 e3 e4 e5 e6 ', 'text');
      checkEqual(seen.join(), '1,2,3,4,5,6', 'events');
    },
  },
  {
    name: `${client.name} · ${scheme}: an upload of 20 MB`,
    run: async (world) => {
      const { [client.trust]: ca } = await trustIn(world, 'door');
      const { result } = await succeed(world, client, scheme, 'upload', doorUrl(world.proxies.door), { ca });
      checkEqual(result.sha256, world.upload.sha256, 'sha256');
    },
  },
  {
    name: `${client.name} · ${scheme}: another certificate is refused`,
    run: async (world) => {
      const { [client.trust]: ca } = await trustIn(world, 'stranger');
      const outcome = await perform(world, client, scheme, 'models', doorUrl(world.proxies.door), { ca });
      check(outcome.error !== undefined, 'the client trusts a certificate that it does not know', outcome.result ?? {});
      check(/certificate/i.test(outcome.error.message), 'the error does not speak of the certificate', outcome.error);
    },
  },
  {
    name: `${client.name} · ${scheme}: a wrong password meets a 407`,
    run: async (world) => {
      const { [client.trust]: ca } = await trustIn(world, 'door');
      const { error } = await perform(world, client, scheme, 'models', doorUrl(world.proxies.door, wrongCredentials), { ca });
      check(error && (error.status === 407 || /\b407\b/.test(error.message)), 'the error does not speak of a 407', error ?? {});
    },
  },
].filter((one) => /stream|another certificate/.test(one.name) || (scheme === 'https' && client.isWhole))
  .filter((one) => !(client.trustsAnybody === scheme && /another certificate/.test(one.name)));

const libraryCases = libraries.flatMap((client) => (client.schemes ?? ['https', 'http']).flatMap((scheme) => casesWith(client, scheme)));

/// A known flaw of requests, described in docs/clients.md. If this fails, requests has fixed it.
const requestsInClear = {
  name: 'requests · http: looks at no certificate of the proxy',
  run: async (world) => {
    const { bundle: ca } = await trustIn(world, 'stranger');
    const client = libraries.find(({ name }) => name === 'requests');
    await succeed(world, client, 'http', 'models', doorUrl(world.proxies.door), { ca });
  },
};

const chat = JSON.stringify({ model: 'mock-small', stream: true, messages: [{ role: 'user', content: 'hello' }] });

/// curl's result for a stream of six events.
async function curlStream(world, options, proxy = doorUrl(world.proxies.door)) {
  const gate = newName('gate');
  return run('curl', ['-sS', '-N', '--max-time', String(world.caseMs / 1000), '--cacert', world.tls.ca, '-x', proxy, ...options,
    '-H', `Authorization: Bearer ${world.apiKey}`, '-H', 'Content-Type: application/json', '-d', chat,
    `${world.base('https')}/v1/chat/completions?events=6&gate=${gate}`], {
    env: world.env, timeoutMs: world.caseMs, onText: acknowledger(world, gate),
  });
}

const curlCases = [
  ...['certificate', 'bundle'].map((what) => ({
    name: `curl --proxy-cacert with the exported ${what}: each event of a stream comes before the next is sent`,
    run: async (world) => {
      const result = await curlStream(world, ['--proxy-cacert', (await trustIn(world, 'door'))[what]]);
      checkExit(result, 0, 'the stream stopped');
      checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
    },
  })),
  {
    name: 'curl --proxy-pinnedpubkey with the pin: each event of a stream comes before the next is sent',
    run: async (world) => {
      const result = await curlStream(world, ['--proxy-insecure', '--proxy-pinnedpubkey', (await trustIn(world, 'door')).pin]);
      checkExit(result, 0, 'the stream stopped');
      checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
    },
  },
  {
    name: 'curl --proxy-cacert with another certificate: refused',
    run: async (world) => checkExit(await curlStream(world, ['--proxy-cacert', (await trustIn(world, 'stranger')).certificate]), 60, 'curl'),
  },
  {
    name: 'curl in clear text: refused, and the answer says what to change',
    run: async (world) => {
      const result = await curlStream(world, [], world.proxies.door.urlWith());
      checkExit(result, 56, 'curl');
      check(/\b403\b/.test(result.stderr), 'not a 403', result);
    },
  },
];

const git = (world, file) => run('git', ['-c', `http.proxy=${doorUrl(world.proxies.door)}`, '-c', `http.proxySSLCAInfo=${file}`,
  '-c', 'http.proxyAuthMethod=basic', '-c', `http.sslCAInfo=${world.tls.ca}`, 'ls-remote', `${world.base('https')}/git/none.git`],
{ env: { ...world.env, GIT_TERMINAL_PROMPT: '0' }, timeoutMs: world.caseMs });

const gitCases = [
  {
    name: 'git http.proxySSLCAInfo with the exported certificate: the origin answers',
    run: async (world) => {
      const result = await git(world, (await trustIn(world, 'door')).certificate);
      check(/repository '.*' not found/.test(result.stderr), 'not the origin\'s answer', result);
    },
  },
  {
    name: 'git http.proxySSLCAInfo with another certificate: refused',
    run: async (world) => {
      const result = await git(world, (await trustIn(world, 'stranger')).certificate);
      check(result.code !== 0 && /certificate/i.test(result.stderr), 'git does not speak of the certificate', result);
    },
  },
];

export const cases = () => [...libraryCases, requestsInClear, ...curlCases, ...gitCases]
  .map((one) => ({ ...one, needs: ['door'], daemonOnly: true }));
