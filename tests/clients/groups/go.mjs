// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Go's net/http: a tunnel and absolute-form, in clear text, over TLS with the proxy, and over SOCKS5.
import { join } from 'node:path';
import { acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { doorUrl, trustIn } from '../lib/door.mjs';
import { people } from '../lib/people.mjs';
import { run } from '../lib/process.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';

export async function missing(world) {
  const { error } = await run('go', ['version'], { env: world.env }); // it has no --version
  return error ? ['go is missing: install the Debian package "golang-go"'] : [];
}

let built = null;

async function build(world) {
  const program = join(world.dir, 'go-client');
  const env = { ...world.env, GOCACHE: join(world.dir, 'go-cache'), GO111MODULE: 'off' };
  checkExit(await run('go', ['build', '-o', program, join(world.here, 'go/client.go')], { env, timeoutMs: world.caseMs }), 0, 'go build');
  return program;
}

/// A stream of six events through the proxy at that address; `ca` replaces the system's list.
async function stream(world, scheme, proxy, ca) {
  built ??= build(world);
  const gate = newName('gate');
  const result = await run(await built, [world.base(scheme), world.apiKey, gate, '6'], {
    env: { ...world.env, LLM_PROXY: proxy, SSL_CERT_FILE: ca, SSL_CERT_DIR: world.env.HOME }, timeoutMs: world.caseMs,
    onText: acknowledger(world, gate),
  });
  checkExit(result, 0, 'the client');
  return result;
}

function checkWhole(result) {
  check(result.stdout.startsWith('status: 200'), 'no 200', result);
  checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
}

function checkSays(result, words) {
  check(words.test(result.stdout), `it does not say ${words}`, result);
}

const title = 'each event of a stream comes before the next is sent';

const casesWith = (scheme) => [
  {
    name: `an http:// address, ${title}`, needs: ['auth'],
    run: async (world) => checkWhole(await stream(world, scheme, world.proxies.auth.urlWith(), world.tls.ca)),
  },
  {
    name: `an https:// address with the exported bundle, ${title}`, needs: ['door'],
    run: async (world) => checkWhole(await stream(world, scheme, doorUrl(world.proxies.door), (await trustIn(world, 'door')).bundle)),
  },
  {
    name: 'another certificate is refused', needs: ['door'],
    run: async (world) => checkSays(await stream(world, scheme, doorUrl(world.proxies.door), (await trustIn(world, 'stranger')).bundle), /x509: certificate/),
  },
  {
    name: 'a wrong password through TLS', needs: ['door'],
    // Go reports the reason phrase of a response to CONNECT, and passes on the whole response to a
    // request.
    run: async (world) => checkSays(await stream(world, scheme, doorUrl(world.proxies.door, wrongCredentials), (await trustIn(world, 'door')).bundle),
      scheme === 'https' ? /^error: .*password/im : /^status: 407/),
  },
  {
    name: `a socks5:// address, ${title}`, needs: ['auth'],
    run: async (world) => checkWhole(await stream(world, scheme, world.proxies.auth.urlWith().replace('http:', 'socks5:'), world.tls.ca)),
  },
].map((one) => ({ ...one, name: `${scheme}: ${one.name}`, daemonOnly: true }));

/// Users of a file, each through each door.
const userDoors = {
  http: (proxy, person) => proxy.urlWith(person),
  tls: doorUrl,
  socks5: (proxy, person) => proxy.urlWith(person).replace('http:', 'socks5:'),
};
const userCases = Object.entries(userDoors).flatMap(([door, url]) => [...Object.keys(people), 'added'].map((person) => ({
  name: `a user of a file · ${door}: ${person}`, needs: ['users'], daemonOnly: true,
  run: async (world) => {
    const { users } = world.proxies;
    checkWhole(await stream(world, 'https', url(users, users.users[person]), (await trustIn(world, 'users')).bundle));
  },
})));

export const cases = () => [...['https', 'http'].flatMap(casesWith), ...userCases];
