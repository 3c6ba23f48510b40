// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Java's own clients: HttpClient (since 11) and HttpURLConnection. Neither sends a proxy password for an https target
// until Basic is removed from the list of schemes disabled there.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkExit } from '../lib/check.mjs';
import { people } from '../lib/people.mjs';
import { phrases, statusOf } from '../lib/phrases.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';
import { refusals } from '../lib/refusals.mjs';

export const missing = (world) => missingPrograms(world, { java: 'default-jdk-headless', javac: 'default-jdk-headless' });

const allowed = '-Djdk.http.auth.tunneling.disabledSchemes=';
const small = ['-Xshare:auto', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Dfile.encoding=UTF-8'];

let compiled = null;

async function compile(world) {
  const classes = join(world.dir, 'java');
  mkdirSync(classes);
  checkExit(await run('javac', ['-d', classes, join(world.here, 'java/Client.java')], { env: world.env }), 0, 'javac');
  return classes;
}

async function ask(world, client, proxy, target, who, options = [allowed]) {
  compiled ??= compile(world);
  const result = await run('java', [...small, ...options, '-cp', await compiled, 'Client', client, proxy.host, String(proxy.port),
    `${target}/v1/models`, world.apiKey, world.tls.ca, ...(who ? [who.user, who.password] : [])], { env: world.env, timeoutMs: world.caseMs });
  checkExit(result, 0, 'java');
  return result;
}

async function passes(...args) {
  const result = await ask(...args);
  check(result.stdout.startsWith('200 ') && result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
}

async function says(expected, ...args) {
  const result = await ask(...args);
  check(result.stdout.includes(expected), `it does not say ${JSON.stringify(expected)}`, result);
}

const clients = {
  HttpClient: {
    way: 'new',
    tunnel: (phrase) => `java.io.IOException: Tunnel failed, got: ${statusOf(phrase)}`,
    request: (phrase) => `${statusOf(phrase)} `, // followed by the page
    // It asks its authenticator up to three times, then gives up.
    wrong: () => 'java.io.IOException: too many authentication attempts. Limit: 3',
  },
  HttpURLConnection: {
    way: 'old',
    tunnel: (phrase) => `java.io.IOException: Unable to tunnel through proxy. Proxy returns "HTTP/1.1 ${phrase}"`,
    request: (phrase) => phrase,
    wrong: (phrase) => phrase,
  },
  // With an authenticator HttpClient drops the request's own Authorization, and with it an API key, so some set the
  // field.
  'HttpClient with a Proxy-Authorization of its own': {
    way: 'field',
    tunnel: (phrase) => `java.io.IOException: Tunnel failed, got: ${statusOf(phrase)}`,
    request: (phrase) => `${statusOf(phrase)} `,
    wrong: (phrase) => `${statusOf(phrase)} `,
    only: ['right credentials', 'a wrong password'],
  },
};

function casesOf(name, { way, tunnel, request, wrong, only = [''] }) {
  const both = ['https', 'http'];
  return [
    ...both.map((scheme) => ({
      name: `${scheme}: no credentials wanted, none given`, needs: ['open'],
      run: (world) => passes(world, way, world.proxies.open, world.base(scheme)),
    })),
    ...['auth', 'umlauts', 'cyrillic'].flatMap((proxy) => both.map((scheme) => ({
      name: `${scheme}: right credentials (${proxy}), with ${allowed}`, needs: [proxy],
      run: (world) => passes(world, way, world.proxies[proxy], world.base(scheme), world.proxies[proxy].credentials),
    }))),
    {
      name: `https: right credentials do not pass without ${allowed}`, needs: ['auth'],
      run: async (world) => {
        const result = await ask(world, way, world.proxies.auth, world.base('https'), world.proxies.auth.credentials, []);
        check(!result.stdout.startsWith('200 ') && result.stdout.includes('407'), 'no 407', result);
      },
    },
    ...refusals.flatMap((refusal) => both.map((scheme) => ({
      name: `${scheme}: ${refusal.name}`, needs: refusal.needs, daemonOnly: true,
      run: (world) => {
        const isWrong = refusal.needs[0] === 'auth';
        const sees = scheme === 'https' ? tunnel : request;
        return says((isWrong && wrong ? wrong : sees)(refusal.phrase), world, way, world.proxies[refusal.needs[0]],
          refusal.target(world, scheme), isWrong ? wrongCredentials : null);
      },
    }))),
  ].filter((one) => only.some((text) => one.name.includes(text))).map((one) => ({ ...one, name: `${name} · ${one.name}` }));
}

/// Here a proxy is an InetSocketAddress, and neither client can be told that it speaks TLS. https.proxyHost names the
/// proxy for https:// targets, not one reached over TLS.
const throughTls = ['HttpClient', 'HttpURLConnection'].flatMap((name) => ['https', 'http'].map((scheme) => ({
  name: `${name} · ${scheme}: cannot speak TLS with a proxy; one that wants it says so`, needs: ['door'], daemonOnly: true,
  run: (world) => {
    const { way, tunnel, request } = clients[name];
    return says((scheme === 'https' ? tunnel : request)(phrases.clear), world, way, world.proxies.door, world.base(scheme), world.proxies.door.credentials);
  },
})));

/// Users of a file. Java writes Latin-1 to a SOCKS5 server, with "?" for what that has not.
const userCases = [
  { door: 'http', client: 'HttpClient', way: 'new' },
  { door: 'http', client: 'HttpURLConnection', way: 'old' },
  { door: 'socks5', client: 'HttpURLConnection', way: 'socks', latin1: true },
].flatMap(({ door, client, way, latin1 }) => [...Object.keys(people), 'added'].map((person) => ({
  name: `${client} · a user of a file · ${door}: ${person}`, needs: ['users'], daemonOnly: true,
  run: async (world) => {
    const { users } = world.proxies;
    if (!latin1 || person !== 'cyrillic') return passes(world, way, users, world.base('https'), users.users[person]);
    const said = 'java.net.SocketException: SOCKS : authentication failed';
    await says(said, world, way, users, world.base('https'), users.users[person]);
    return `cannot be sent, Java writes Latin-1 to a SOCKS5 server: ${said}`;
  },
})));

export const cases = () => [...userCases, ...Object.entries(clients).flatMap(([name, client]) => casesOf(name, client)), ...throughTls];
