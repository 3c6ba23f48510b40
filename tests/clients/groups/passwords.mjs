// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Passwords outside ASCII. The setting is UTF-8. requests and aiohttp send Latin-1, httpx and curl send UTF-8, and both
// are right: RFC 7617 leaves the charset open, and none of them reads its `charset` parameter.
import { attemptCases } from '../lib/attempts.mjs';
import { check, checkEqual, checkExit } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms, missingPythonModules } from '../lib/programs.mjs';

export const missing = async (world) => [
  ...await missingPrograms(world, { curl: 'curl' }),
  ...await missingPythonModules(world, { requests: 'python3-requests', httpx: 'python3-httpx', aiohttp: 'python3-aiohttp' }),
];

const clients = [{ name: 'requests', latin1: true }, { name: 'httpx' }, { name: 'aiohttp', latin1: true }];

/// Text that a client turns into these UTF-8 bytes when it writes Latin-1.
const disguised = (text) => Buffer.from(text, 'utf8').toString('latin1');

const passes = ({ error, result }) => checkEqual(result?.models, 2, 'models', error);
const fails = (pattern) => ({ error, result }) => check(error && pattern.test(error), `the error does not speak of ${pattern.source}`, error ?? result);

function casesOf({ name: client, latin1 }, scheme) {
  return [
    { name: 'umlauts', needs: ['umlauts'], judge: passes },
    { name: 'wrong umlauts meet a 407', needs: ['umlauts'], change: ({ user, password }) => ({ user, password: `${password}ü` }), judge: fails(/\b407\b/) },
    !latin1 && { name: 'Cyrillic', needs: ['cyrillic'], judge: passes },
    latin1 && {
      name: 'Cyrillic does not leave the client, which can write Latin-1 only', needs: ['cyrillic'], judge: fails(/^UnicodeEncodeError/),
    },
    latin1 && {
      name: 'Cyrillic as the octets of UTF-8, .encode().decode("latin-1")', needs: ['cyrillic'], judge: passes,
      change: ({ user, password }) => ({ user: disguised(user), password: disguised(password) }),
    },
  ].filter(Boolean).map(({ name, needs, change = (own) => own, judge }) => ({
    name: `${client} · ${scheme}: ${name}`, needs, judge,
    attempt: (world) => {
      const proxy = world.proxies[needs[0]];
      return { client, proxy: proxy.urlWith(change(proxy.credentials)), url: world.base(scheme) };
    },
  }));
}

const curlCases = ['umlauts', 'cyrillic'].flatMap((name) => ['https', 'http'].map((scheme) => ({
  name: `curl · ${scheme}: ${name}, as a shell hands them over`, needs: [name],
  run: async (world) => {
    const proxy = world.proxies[name];
    const result = await run('curl', ['-sS', '-x', proxy.url, '--proxy-user', `${proxy.credentials.user}:${proxy.credentials.password}`,
      '--cacert', world.tls.ca, '-H', `Authorization: Bearer ${world.apiKey}`, `${world.base(scheme)}/v1/models`],
    { env: world.env, timeoutMs: world.caseMs });
    checkExit(result, 0, 'models');
    check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
  },
})));

export const cases = () => [
  ...attemptCases(clients.flatMap((client) => ['https', 'http'].flatMap((scheme) => casesOf(client, scheme)))), ...curlCases,
];
