// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Claude Code and Codex, each allowed only its provider's hosts. The names lead to a mock in a namespace without a way
// out. The proxy's log shows which requests of an agent were refused.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificates } from '../lib/certificates.mjs';
import { check, checkExit, newName } from '../lib/check.mjs';
import { setName } from '../lib/namespace.mjs';
import { run, start } from '../lib/process.mjs';
import { chatgptToken } from '../mock/providers.mjs';

export const isolated = true;

const scripts = { claude: '@anthropic-ai/claude-code/cli-wrapper.cjs', codex: '@openai/codex/bin/codex.js' };
const scriptOf = (world, program) => join(world.agentModules, 'node_modules', scripts[program]);

export const missing = (world) => Object.keys(scripts)
  .filter((program) => !existsSync(scriptOf(world, program)))
  .map((program) => `${program} is missing: run npm_ci.mjs ${world.agentModules} ${join(world.here, 'agents')}`);

let provider = null;

/// The hosts that the programs ask for here and that their presets let through.
const names = ['api.anthropic.com', 'platform.claude.com', 'claude.com', 'claude.ai', 'downloads.claude.ai', 'api.openai.com',
  'auth.openai.com', 'chatgpt.com'];

/// One mock for all the providers' hosts; returns what signed its certificate.
async function startProvider(world) {
  const dir = join(world.dir, 'providers');
  mkdirSync(dir);
  const tls = await makeCertificates(dir, world.env, names);
  names.forEach((name) => setName(name, '127.0.0.1'));
  const child = start(world.node, [join(world.here, 'mock/server.mjs'), '--cert', tls.cert, '--key', tls.key, '--port-https', '443'],
    { env: world.env, stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((done, fail) => {
    child.stdout.once('data', done);
    child.ended.then(() => fail(new Error('the mock of the providers did not start')));
  });
  return tls.ca;
}

/// The targets in a daemon's log, and whether they were let through.
function targetsOf(log) {
  const lines = log.split('\n').filter((line) => line.includes('"method":"CONNECT"')).map((line) => JSON.parse(line));
  const named = (wanted) => [...new Set(lines.filter(wanted).map((line) => line.target.replace(/:443$/, '')))].sort();
  return { passed: named((line) => line.status === 200), refused: named((line) => line.status === 403) };
}

async function ask(world, { program, args, proxy: name, files = {}, env = {}, passed, refused }) {
  provider ??= startProvider(world);
  const ca = await provider;
  const proxy = world.proxies[name];
  const before = proxy.log.length;
  const home = join(world.dir, newName('agent'));
  for (const [path, content] of Object.entries({ 'work/README': 'A folder to work in.\n', ...files })) {
    mkdirSync(join(home, path, '..'), { recursive: true });
    writeFileSync(join(home, path), content, { mode: 0o600 });
  }
  const url = proxy.urlWith();
  const result = await run(world.node, [scriptOf(world, program), ...args], {
    cwd: join(home, 'work'), timeoutMs: world.caseMs, input: '',
    env: {
      ...world.env, HOME: home, XDG_CONFIG_HOME: join(home, '.config'), HTTPS_PROXY: url, HTTP_PROXY: url, https_proxy: url, http_proxy: url,
      NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca, ...env,
    },
  });
  let seen = targetsOf(proxy.log.slice(before));
  // A tunnel is logged when it ends.
  for (const deadline = Date.now() + 3000; Date.now() < deadline && !passed.every((host) => seen.passed.includes(host));) {
    await new Promise((done) => setTimeout(done, 50));
    seen = targetsOf(proxy.log.slice(before));
  }
  console.log(`      ${program} asked for ${seen.passed.join(', ')}; refused: ${seen.refused.join(', ') || 'nothing'}`);
  checkExit(result, 0, program);
  check(result.stdout.includes('e1 e2 e3'), 'not the provider\'s answer', result);
  for (const host of passed) check(seen.passed.includes(host), `it did not ask for ${host}`, seen);
  for (const host of seen.refused) check(refused.includes(host), `${host} is not on the list`, seen);
}

/// Sessions of signed-in users, valid for that many more seconds.
function chatgptSession(seconds) {
  const token = chatgptToken(Date.now() / 1000 + seconds);
  return JSON.stringify({
    OPENAI_API_KEY: null, last_refresh: new Date().toISOString(),
    tokens: { id_token: token, access_token: token, refresh_token: 'mock', account_id: 'mock' },
  });
}

const claudeSession = (seconds) => JSON.stringify({
  claudeAiOauth: {
    accessToken: 'mock-access', refreshToken: 'mock-refresh', expiresAt: Date.now() + seconds * 1000, scopes: ['user:inference', 'user:profile'], subscriptionType: 'max',
  },
});

const claude = { program: 'claude', args: ['-p', 'hello'], proxy: 'anthropic', refused: [] };
// Codex also looks for plugins on GitHub and reports its usage to ab.chatgpt.com; it works without both.
const codex = { program: 'codex', args: ['exec', '--skip-git-repo-check', 'hello'], proxy: 'openai', refused: ['ab.chatgpt.com', 'api.github.com', 'github.com'] };

let last = Promise.resolve();

/// One after the other: each checks what was added to its proxy's log.
function inTurn(work) {
  const done = last.then(work);
  last = done.catch(() => {});
  return done;
}

export const cases = () => [
  {
    name: 'claude, with an API key', needs: ['anthropic'],
    run: (world) => ask(world, { ...claude, env: { ANTHROPIC_API_KEY: world.apiKey }, passed: ['api.anthropic.com'] }),
  },
  {
    name: 'claude, signed in', needs: ['anthropic'],
    run: (world) => ask(world, { ...claude, files: { '.claude/.credentials.json': claudeSession(86_400) }, passed: ['api.anthropic.com'] }),
  },
  {
    name: 'claude, signed in, when the session is to be renewed', needs: ['anthropic'],
    run: (world) => ask(world, {
      ...claude, files: { '.claude/.credentials.json': claudeSession(-60) }, passed: ['api.anthropic.com', 'platform.claude.com'],
    }),
  },
  {
    name: 'codex, with an API key', needs: ['openai'],
    run: (world) => ask(world, { ...codex, env: { CODEX_API_KEY: world.apiKey }, passed: ['api.openai.com'] }),
  },
  {
    name: 'codex, signed in with ChatGPT', needs: ['openai'],
    run: (world) => ask(world, { ...codex, files: { '.codex/auth.json': chatgptSession(86_400) }, passed: ['chatgpt.com'] }),
  },
  {
    name: 'codex, signed in, when the session is to be renewed', needs: ['openai'],
    run: (world) => ask(world, {
      ...codex, files: { '.codex/auth.json': chatgptSession(-60) }, passed: ['auth.openai.com', 'chatgpt.com'],
    }),
  },
].map((one) => ({ ...one, daemonOnly: true, run: (world) => inTurn(() => one.run(world)) }));
