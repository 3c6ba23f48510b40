// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { mkdirSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { makeLeavers, makePeople, newUsersFile } from './people.mjs';
import { start } from './process.mjs';

/// Passwords as people choose them, with every character that a URL, a shell or a header could stumble over.
export const credentials = { user: 'sami', password: 'p@s:s/ %"\'$' };
export const wrongCredentials = { user: 'sami', password: 'not-the-password' };
export const foreignCredentials = { user: 'Ольга', password: 'пароль très long' };
export const umlautCredentials = { user: 'müller', password: 'Größe über Maß' };
export const cyrillicCredentials = { user: 'Ольга', password: 'пароль' };
export const quickstartCredentials = { user: 'admin', password: 'secret123' };

const authSettings = ({ user, password }) => ({ PROXY_AUTH_USERNAME: user, PROXY_AUTH_PASSWORD: password });

// The guard's limit is raised: all wrong credentials of a run come from one address.
const manyAttempts = { AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS: '1000' };

const agentSettings = (preset) => ({
  ...authSettings(credentials), ...manyAttempts, ALLOWED_HOSTS: preset, LOG_FORMAT: 'json', LOG_LEVEL: 'debug',
});

/// The settings of each of the suite's proxies, besides the common ones.
const profiles = {
  open: { settings: {} },
  auth: { credentials, settings: { ...authSettings(credentials), ...manyAttempts, LOG_LEVEL: 'debug' } },
  guard: {
    credentials: foreignCredentials,
    settings: { ...authSettings(foreignCredentials), AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS: '3', LOG_FORMAT: 'json' },
  },
  hasty: { settings: { PROXY_TIMEOUT_MS: '1500' } },
  umlauts: { credentials: umlautCredentials, settings: { ...authSettings(umlautCredentials), ...manyAttempts } },
  cyrillic: { credentials: cyrillicCredentials, settings: { ...authSettings(cyrillicCredentials), ...manyAttempts } },
  fenced: { settings: { ALLOWED_HOSTS: 'api.openai.com' } },
  closed: { settings: { ALLOW_PRIVATE_TARGETS: '' } },
  // With its own identity. Nothing passes these in clear text, so whatever passes used TLS.
  door: { credentials, identity: true, settings: { ...authSettings(credentials), ...manyAttempts, PROXY_TLS: 'require' } },
  openDoor: { identity: true, settings: { PROXY_TLS: 'require' } },
  // With a users file. Their clients come in clear text, over TLS and by SOCKS5.
  users: { makeUsers: makePeople, identity: true, settings: manyAttempts },
  leavers: { makeUsers: makeLeavers, identity: true, settings: { ...manyAttempts, LOG_FORMAT: 'json' } },
  balanced: { settings: { PROXY_ADDRESS: '0.0.0.0', PROXY_PROXY_PROTOCOL_FROM: '10.98.0.1' } },
  moving: { settings: { ALLOW_PRIVATE_TARGETS: '10.99.0.0/24' } },
  anthropic: { credentials, settings: agentSettings('@anthropic') },
  openai: { credentials, settings: agentSettings('@openai') },
  quickstart: { credentials: quickstartCredentials, settings: authSettings(quickstartCredentials) },
};

export class Proxy {
  constructor(name, host, port, own) {
    this.name = name;
    this.host = host;
    this.port = port;
    this.credentials = own;
    this.users = {}; // those of its users file, by what is special about them
    this.usersFile = null;
    this.log = '';
    this.child = null;
    this.state = null; // the state folder, if it has its own identity
  }

  get url() {
    return `http://${this.host}:${this.port}`;
  }

  /// Everybody whom it lets in by a password.
  get everybody() {
    return [...(this.credentials ? [this.credentials] : []), ...Object.values(this.users)];
  }

  /// The URL with credentials, by default the right ones.
  urlWith({ user, password } = this.credentials) {
    return `http://${encodeAll(user)}:${encodeAll(password)}@${this.host}:${this.port}`;
  }
}

/// encodeURIComponent leaves !'()* alone, but not every client does.
function encodeAll(text) {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/// A proxy that is already running (--proxy-url, --auth-proxy-url).
export function existingProxy(name, text) {
  const url = new URL(text);
  const own = url.username && {
    user: decodeURIComponent(url.username), password: decodeURIComponent(url.password),
  };
  return new Proxy(name, url.hostname, Number(url.port || 80), own || null);
}

function health(port) {
  return new Promise((done) => {
    const request = get({ host: '127.0.0.1', port, path: '/health', agent: false, timeout: 2000 }, (response) => {
      response.resume();
      done(response.statusCode === 200);
    });
    request.on('error', () => done(false)).on('timeout', () => request.destroy());
  });
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

/// A folder in which the daemon and its commands create an identity.
export function newStateFolder(env, name) {
  const folder = join(env.TMPDIR, `state-${name}`);
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/// Starts the daemon with a profile's settings, on a port that the system picks.
export async function startDaemon(binary, name, { env, ca }) {
  const profile = profiles[name];
  const dead = 'http://127.0.0.1:9'; // a system proxy must not be used: this one never answers
  const proxy = new Proxy(name, '127.0.0.1', 0, profile.credentials ?? null);
  if (profile.identity) proxy.state = newStateFolder(env, name);
  if (profile.makeUsers) {
    proxy.usersFile = newUsersFile(env, name);
    proxy.users = await profile.makeUsers(binary, env, proxy.usersFile);
  }
  proxy.child = start(binary, [], {
    env: {
      ...env, http_proxy: dead, https_proxy: dead, all_proxy: dead, HTTP_PROXY: dead, HTTPS_PROXY: dead,
      PROXY_ADDRESS: '127.0.0.1', PROXY_PORT: '0', PROXY_UPSTREAM_CA_FILE: ca,
      // The mock listens on loopback; localhost has two addresses, and only 127.0.0.1 answers.
      ALLOW_PRIVATE_TARGETS: '127.0.0.0/8,::1/128',
      ...profile.settings, ...(proxy.state ? { PROXY_STATE_DIR: proxy.state } : {}),
      ...(proxy.usersFile ? { PROXY_USERS_FILE: proxy.usersFile } : {}),
    },
  });
  const collect = (text) => {
    proxy.log += text;
  };
  proxy.child.stdout.setEncoding('utf8').on('data', collect);
  proxy.child.stderr.setEncoding('utf8').on('data', collect);
  let ended = null;
  proxy.child.ended.then((end) => {
    ended = end;
  });
  for (const deadline = Date.now() + 15_000; Date.now() < deadline && !ended; await sleep(20)) {
    const port = /\bport["=: ]+(\d+)|127\.0\.0\.1:(\d+)/.exec(proxy.log);
    proxy.port = Number(port?.[1] ?? port?.[2] ?? 0);
    if (proxy.port && await health(proxy.port)) return proxy;
  }
  const why = ended ? `it ended with ${ended.error?.message ?? ended.code ?? ended.signal}` : 'no port or no healthy answer in 15 s';
  throw new Error(`the daemon "${name}" did not start: ${why}\n${proxy.log}`);
}

/// Stops a daemon and reports how it ended.
export async function stopDaemon(proxy) {
  proxy.child.kill('SIGTERM');
  const timer = setTimeout(() => proxy.child.kill('SIGKILL'), 15_000);
  const end = await proxy.child.ended;
  clearTimeout(timer);
  return end;
}
