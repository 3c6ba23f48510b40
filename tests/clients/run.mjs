#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Runs real clients through the proxy against a mock LLM provider. See README.md.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { makeCertificates } from './lib/certificates.mjs';
import { Failure } from './lib/check.mjs';
import { agentGroups, isOn, ordinaryGroups, realGroups, whyNot } from './lib/groups.mjs';
import { enterNamespace } from './lib/namespace.mjs';
import { killAll, run, start } from './lib/process.mjs';
import { existingProxy, startDaemon, stopDaemon } from './lib/proxies.mjs';
import { pattern } from './mock/pattern.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const skipped = 77; // what ctest takes for "skipped"
const usage = `usage: run.mjs [options] [DAEMON]

  DAEMON                 the proxy's program (or the environment's SAMI_DAEMON)
  --group NAME           may be repeated (default: all that need nothing large):
                         ${ordinaryGroups.join(', ')};
                         with SAMI_REAL=1 ${realGroups.join(', ')};
                         with SAMI_AGENTS=1 ${agentGroups.join(', ')}
  --only TEXT            only the cases whose name contains TEXT
  --jobs N               cases at once (3)
  --case-seconds N       a case that takes longer fails (45)
  --run-seconds N        the whole run ends as failed after this time (170 a group)
  --modules DIR          where "npm ci" installed package-lock.json (default: this folder)
  --agent-modules DIR    where it installed agents/package-lock.json (default: the folder agents)
  --keep                 keep the run's temporary folder
  --proxy-url URL        use a proxy that runs already, without credentials …
  --auth-proxy-url URL   … and one with the credentials in URL, instead of DAEMON
`;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    group: { type: 'string', multiple: true },
    only: { type: 'string' },
    jobs: { type: 'string', default: '3' },
    'case-seconds': { type: 'string', default: '45' },
    'run-seconds': { type: 'string' },
    modules: { type: 'string', default: here },
    'agent-modules': { type: 'string', default: join(here, 'agents') },
    keep: { type: 'boolean' },
    'proxy-url': { type: 'string' },
    'auth-proxy-url': { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  },
});

function giveUp(message) {
  console.error(message);
  process.exit(2);
}

if (options.help) {
  console.log(usage);
  process.exit(0);
}
const binary = positionals[0] ?? process.env.SAMI_DAEMON;
const override = options['proxy-url'] || options['auth-proxy-url'];
if (!binary && !override) giveUp(usage);
if (!override && !existsSync(binary)) giveUp(`There is no daemon at ${binary}.`);
if (options['auth-proxy-url'] && !new URL(options['auth-proxy-url']).username) giveUp('--auth-proxy-url needs credentials in its URL.');
const known = [...ordinaryGroups, ...realGroups, ...agentGroups];
let groups = options.group ?? known;
for (const name of groups) {
  if (!known.includes(name)) giveUp(`There is no group "${name}": ${known.join(', ')}.`);
}
for (const name of groups) {
  if (!isOn(name)) console.log(`skip  ${name} · ${whyNot(name)}`);
}
groups = groups.filter(isOn);
if (groups.length === 0) process.exit(skipped);

const modulesOf = Object.fromEntries(await Promise.all(groups.map(async (name) => [name, await import(`./groups/${name}.mjs`)])));
if (groups.some((name) => modulesOf[name].isolated)) {
  const reason = enterNamespace(); // returns only if it cannot be entered, or from inside
  if (reason) {
    groups.filter((name) => modulesOf[name].isolated).forEach((name) => console.log(`skip  ${name} · ${reason}`));
    groups = groups.filter((name) => !modulesOf[name].isolated);
    if (groups.length === 0) process.exit(skipped);
  }
}

// What clients and daemons inherit: no proxy variables, and none of the user's settings or configuration files.
const dir = mkdtempSync(join(tmpdir(), 'sami-clients-'));
const passed = ['PATH', 'LD_LIBRARY_PATH', 'QT_PLUGIN_PATH', 'ASAN_OPTIONS', 'LSAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'];
const env = {
  ...Object.fromEntries(passed.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]])),
  HOME: join(dir, 'home'), XDG_CONFIG_HOME: join(dir, 'home'), TMPDIR: dir, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8',
};

const world = {
  dir, env, here, binary,
  node: process.execPath,
  python: process.env.SAMI_PYTHON ?? (existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3'),
  modules: resolve(options.modules),
  agentModules: resolve(options['agent-modules']),
  caseMs: Number(options['case-seconds']) * 1000,
  apiKey: 'sk-mock-8f3b1c-not-for-logs',
  querySecret: 'query-7d21-not-for-logs',
  proxies: {},
  mock: null,
  tls: null,
  upload: null,
  base(scheme, host = 'localhost') {
    return `${scheme === 'h2' ? 'https' : scheme}://${host}:${this.mock[scheme]}`;
  },
};

async function startMock() {
  world.tls = await makeCertificates(dir, env);
  const root = join(dir, 'git');
  mkdirSync(root);
  const args = [join(here, 'mock/server.mjs'), '--cert', world.tls.cert, '--key', world.tls.key, '--git-root', root];
  // It ends with its standard input, so it cannot outlive this program.
  const child = start(world.node, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const line = await new Promise((done, fail) => {
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (part) => {
      text += part;
      if (text.includes('\n')) done(text);
    });
    child.ended.then(() => fail(new Error('the mock did not start')));
  });
  world.mock = { ...JSON.parse(line), child, gitRoot: root };
}

/// 20 MiB of printable text, which also fits into a JSON string.
function makeUpload() {
  const data = Buffer.from(pattern(15 * 1024 * 1024).toString('base64'), 'latin1');
  world.upload = {
    file: join(dir, 'upload.txt'), length: data.length, sha256: createHash('sha256').update(data).digest('hex'),
  };
  writeFileSync(world.upload.file, data);
}

/// The proxies that the cases need. Drops a case whose proxy is not available, and says so.
async function startProxies(cases) {
  const names = new Set(cases.flatMap((one) => one.needs));
  if (override) {
    if (options['proxy-url']) world.proxies.open = existingProxy('open', options['proxy-url']);
    if (options['auth-proxy-url']) world.proxies.auth = existingProxy('auth', options['auth-proxy-url']);
    return cases.filter((one) => {
      const possible = one.needs.every((name) => world.proxies[name]) && !one.daemonOnly;
      if (!possible) console.log(`skip  ${one.name} (not with --proxy-url)`);
      return possible;
    });
  }
  for (const name of names) {
    world.proxies[name] = await startDaemon(binary, name, { env, ca: world.tls.ca });
  }
  return cases;
}

let finishing = false; // from here on failures are caused by being killed
let succeeded = 0;
let failed = 0;

/// `note` is what a client said that people may want to read.
function report(name, error, startedAt, note) {
  if (finishing) return;
  const took = `${((Date.now() - startedAt) / 1000).toFixed(1)} s`;
  if (error) ++failed;
  else ++succeeded;
  const detail = error && (error instanceof Failure ? error.message : (error.stack ?? String(error)));
  console.log(error ? `FAIL  ${name} (${took}): ${detail}` : `ok    ${name} (${took})${note ? `: ${note}` : ''}`);
}

async function runCase(one) {
  const startedAt = Date.now();
  let timer;
  const tooLong = new Promise((_done, fail) => {
    timer = setTimeout(() => fail(new Failure('out of time')), world.caseMs + 5000);
  });
  try {
    const note = await Promise.race([one.run(world), tooLong]);
    report(one.name, null, startedAt, note);
  } catch (error) {
    report(one.name, error, startedAt);
  } finally {
    clearTimeout(timer);
  }
}

async function runCases(cases) {
  const waiting = [...cases];
  const worker = async () => {
    for (let one = waiting.shift(); one && !finishing; one = waiting.shift()) await runCase(one);
  };
  await Promise.all(Array.from({ length: Number(options.jobs) }, worker));
}

/// What must hold for a daemon at the end.
async function closeDaemons() {
  const basic = ({ user, password }) => Buffer.from(`${user}:${password}`).toString('base64');
  for (const proxy of Object.values(world.proxies)) {
    if (!proxy.child) continue;
    const alive = proxy.child.exitCode === null && proxy.child.signalCode === null;
    await runCase({
      name: `daemon ${proxy.name}: still runs, and SIGTERM ends it with 0`,
      run: async () => {
        if (!alive) throw new Failure(`it ended on its own: ${proxy.child.exitCode ?? proxy.child.signalCode}\n${proxy.log.slice(-3000)}`);
        const end = await stopDaemon(proxy);
        if (end.code !== 0) throw new Failure(`it ended with ${end.code ?? end.signal}\n${proxy.log.slice(-3000)}`);
      },
    });
    await runCase({
      name: `daemon ${proxy.name}: no secret in its log`,
      run: () => {
        const own = proxy.everybody.flatMap((one) => [one.password, basic(one)]);
        const found = [...own, 'not-the-password', world.apiKey, world.querySecret].filter((text) => proxy.log.includes(text));
        if (found.length) throw new Failure(`its log holds ${found.map((text) => JSON.stringify(text)).join(', ')}`);
      },
    });
  }
}

async function loadCases() {
  const cases = [];
  for (const name of groups) {
    const group = modulesOf[name];
    const missing = await group.missing(world);
    if (missing.length === 0) {
      cases.push(...group.cases(world).map((one) => ({ ...one, name: `${name} · ${one.name}` })));
      continue;
    }
    for (const what of missing) report(`${name} · its clients are here`, new Failure(what), Date.now());
  }
  return options.only ? cases.filter((one) => one.name.includes(options.only)) : cases;
}

async function finish() {
  if (finishing) return;
  finishing = true;
  await killAll();
  if (!options.keep) rmSync(dir, { recursive: true, force: true });
  console.log(`${succeeded} passed, ${failed} failed`);
  process.exit(failed > 0 || succeeded === 0 ? 1 : 0);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    report('run: not interrupted', new Failure(`ended by ${signal}`), Date.now());
    finish();
  });
}
const runSeconds = Number(options['run-seconds'] ?? 170 * groups.length);
setTimeout(() => {
  report('run: ends in time', new Failure(`not done after ${runSeconds} s`), Date.now());
  finish();
}, runSeconds * 1000).unref();

try {
  mkdirSync(env.HOME);
  const openssl = await run('openssl', ['version'], { env });
  if (openssl.error) throw new Failure('openssl is missing: install the Debian package "openssl"');
  let cases = await loadCases();
  if (cases.length > 0) {
    await startMock();
    makeUpload();
    cases = await startProxies(cases);
    cases.forEach((one) => one.choose?.());
    await runCases(cases);
    await closeDaemons();
  }
} catch (error) {
  report('run: could be set up', error, Date.now());
}
if (options.keep) console.log(`kept: ${dir}`);
await finish();
