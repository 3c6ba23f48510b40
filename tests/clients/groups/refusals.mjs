// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What each client's user sees of a refusal. Nearly all clients drop the body of a refused CONNECT.
import { attemptCases } from '../lib/attempts.mjs';
import { check, checkEqual } from '../lib/check.mjs';
import { reasonOf, statusOf } from '../lib/phrases.mjs';
import { run } from '../lib/process.mjs';
import { missingNodeModules, missingPrograms, missingPythonModules } from '../lib/programs.mjs';
import { refusals } from '../lib/refusals.mjs';

export const missing = async (world) => [
  ...await missingPrograms(world, { curl: 'curl', git: 'git', wget: 'wget' }),
  ...await missingPythonModules(world, { requests: 'python3-requests', httpx: 'python3-httpx', aiohttp: 'python3-aiohttp' }),
  ...missingNodeModules(world, ['axios', 'https-proxy-agent', 'http-proxy-agent', 'undici']),
];

/// A string literal as Python writes it.
const quoted = (text) => (text.includes('\'') ? `"${text}"` : `'${text}'`);

/// Libraries: their error when the proxy refuses a tunnel, and when it refuses a request.
const libraries = {
  requests: { https: (phrase) => `Tunnel connection failed: ${phrase}`, http: (phrase) => `status ${phrase}` },
  httpx: { https: (phrase) => `ProxyError: ${phrase}`, http: (phrase) => `status ${phrase}` },
  aiohttp: {
    https: (phrase) => `${statusOf(phrase)}, message=${quoted(reasonOf(phrase))}`, http: (phrase) => `status ${phrase}`,
  },
  // These keep only the number, or add their own words.
  undici: {
    https: (phrase) => `Proxy response (${statusOf(phrase)}) !== 200 when HTTP Tunneling`,
    http: (phrase) => `Proxy response (${statusOf(phrase)}) !== 200 when HTTP Tunneling`,
  },
  'undici-absolute': {
    http: (phrase) => (statusOf(phrase) === '407' ? 'Proxy Authentication Required (407)' : `status ${statusOf(phrase)}`),
  },
  axios: { https: (phrase) => `status code ${statusOf(phrase)}`, http: (phrase) => `status code ${statusOf(phrase)}` },
};

const libraryCases = refusals.flatMap((refusal) => Object.entries(libraries).flatMap(([client, sees]) => ['https', 'http']
  .filter((scheme) => sees[scheme])
  .map((scheme) => ({
    name: `${client} · ${scheme}: ${refusal.name}`, needs: refusal.needs, daemonOnly: true,
    attempt: (world) => ({ client, proxy: refusal.proxyUrl(world), url: refusal.target(world, scheme) }),
    judge: ({ error, result }) => {
      check(error, 'no error', result);
      const expected = sees[scheme](refusal.phrase);
      check(error.includes(expected), `the error does not say ${JSON.stringify(expected)}`, error);
    },
  }))));

/// Programs: their output.
const programs = {
  curl: {
    args: (world, proxyUrl, url) => ['-sS', '-v', '-x', proxyUrl, '--cacert', world.tls.ca, url],
    https: (phrase) => [`< HTTP/1.1 ${phrase}`, `CONNECT tunnel failed, response ${statusOf(phrase)}`],
    http: (phrase) => [`< HTTP/1.1 ${phrase}`],
  },
  wget: {
    args: (world, proxyUrl, url) => ['-nv', '-O', '-', '--tries=1', `--ca-certificate=${world.tls.ca}`, '-e', `http_proxy=${proxyUrl}`,
      '-e', `https_proxy=${proxyUrl}`, '-e', 'use_proxy=yes', url],
    https: (phrase) => [`Proxy tunneling failed: ${reasonOf(phrase)}`],
    http: (phrase) => [`ERROR ${statusOf(phrase)}: ${reasonOf(phrase)}`],
  },
  git: {
    args: (world, proxyUrl, url) => ['-c', `http.proxy=${proxyUrl}`, '-c', 'http.proxyAuthMethod=basic',
      '-c', `http.sslCAInfo=${world.tls.ca}`, 'ls-remote', `${url}/git/none.git`],
    https: (phrase) => (statusOf(phrase) === '407' ? ['407'] : [`CONNECT tunnel failed, response ${statusOf(phrase)}`]),
    http: (phrase) => [statusOf(phrase)],
  },
};

const programCases = refusals.flatMap((refusal) => Object.entries(programs).flatMap(([program, { args, ...sees }]) => ['https', 'http']
  .map((scheme) => ({
    name: `${program} · ${scheme}: ${refusal.name}`, needs: refusal.needs, daemonOnly: true,
    run: async (world) => {
      const result = await run(program, args(world, refusal.proxyUrl(world), refusal.target(world, scheme)),
        { env: { ...world.env, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '/bin/false' }, timeoutMs: world.caseMs });
      check(!result.timedOut, 'out of time', result);
      for (const expected of sees[scheme](refusal.phrase)) {
        check(result.stderr.includes(expected), `${program} does not say ${JSON.stringify(expected)}`, result);
      }
    },
  }))));

const bodyCases = refusals.map((refusal) => ({
  name: `curl · http: the page explains ${refusal.name}`, needs: refusal.needs, daemonOnly: true,
  run: async (world) => {
    const result = await run('curl', ['-sS', '-w', '\n%{http_code}', '-x', refusal.proxyUrl(world), refusal.target(world, 'http')],
      { env: world.env, timeoutMs: world.caseMs });
    const code = result.stdout.split('\n').at(-1);
    checkEqual(code, statusOf(refusal.phrase), 'status', result);
    const setting = /\b[A-Z]+(_[A-Z]+)+\b/.exec(refusal.phrase)?.[0] ?? '';
    check(result.stdout.length > 20 && result.stdout.includes(setting), `the page does not name ${setting}`, result);
  },
}));

export const cases = () => [...attemptCases(libraryCases), ...programCases, ...bodyCases];
