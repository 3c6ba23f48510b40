// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The cases of clients that are libraries. Each is one run of a client script, which gets its task
// as JSON in CLIENT_TASK and prints JSON lines: {"event": "e1 "} for each event as it arrives, then
// {"result": …} or {"error": {"message": …, "status": …}}.
import { acknowledger, check, checkEqual, checkExit, newName } from './check.mjs';
import { run } from './process.mjs';
import { wrongCredentials } from './proxies.mjs';
import { checkEchoed } from '../groups/curl.mjs';
import { sha256OfBytes } from '../mock/pattern.mjs';

const downloadSize = 5_000_000;

async function perform(world, client, scheme, scenario, proxyUrl, more = {}) {
  const gate = more.gate ?? newName('gate');
  const task = {
    client: client.name, scenario, scheme, proxy: proxyUrl, target: world.base(scheme), ca: world.tls.ca, apiKey: world.apiKey,
    file: world.upload.file, downloadSize, ...more, gate,
  };
  const environment = { NODE_EXTRA_CA_CERTS: task.ca, ...client.environment?.(task.ca) };
  const seen = [];
  const [program, ...args] = client.command(world);
  const result = await run(program, args, {
    env: { ...world.env, ...environment, CLIENT_TASK: JSON.stringify(task), CLIENT_MODULES: world.modules },
    timeoutMs: world.caseMs, onText: more.onText ?? acknowledger(world, gate, seen),
  });
  checkExit(result, 0, `the ${scenario} script`);
  const last = JSON.parse(result.stdout.trim().split('\n').at(-1));
  return { ...last, seen, process: result };
}

async function succeed(...args) {
  const outcome = await perform(...args);
  check(outcome.error === undefined, 'the client reports an error', outcome.error ?? {});
  return outcome;
}

const auth = (world) => world.proxies.auth.urlWith();

const scenarios = [
  {
    name: 'no credentials wanted, none given', needs: ['open'],
    run: async (world, client, scheme) => {
      const { result } = await succeed(world, client, scheme, 'models', world.proxies.open.url);
      checkEqual(result.models, 2, 'models');
    },
  },
  {
    name: 'right credentials', needs: ['auth'],
    run: async (world, client, scheme) => {
      const { result } = await succeed(world, client, scheme, 'models', auth(world));
      checkEqual(result.models, 2, 'models');
    },
  },
  ...[true, false].map((given) => ({
    name: `${given ? 'wrong' : 'missing'} credentials meet a 407`, needs: ['auth'],
    run: async (world, client, scheme) => {
      const { auth: proxy } = world.proxies;
      const outcome = await perform(world, client, scheme, 'models', given ? proxy.urlWith(wrongCredentials) : proxy.url);
      check(outcome.error !== undefined, 'the client should report an error', outcome.result ?? {});
      check(outcome.error.status === 407 || /\b407\b/.test(outcome.error.message), 'the error does not speak of a 407', outcome.error);
    },
  })),
  {
    name: 'a chat completion', needs: ['auth'],
    run: async (world, client, scheme) => {
      const { result } = await succeed(world, client, scheme, 'chat', auth(world));
      check(result.text.startsWith('length=5 sha256=2cf24dba'), 'not the answer to "hello"', result);
    },
  },
  {
    name: 'each event of a stream comes before the next is sent', needs: ['auth'],
    run: async (world, client, scheme) => {
      const { result, seen } = await succeed(world, client, scheme, 'stream', auth(world), { events: 6 });
      checkEqual(result.text, 'e1 e2 e3 e4 e5 e6 ', 'text');
      checkEqual(seen.join(), '1,2,3,4,5,6', 'events');
    },
  },
  {
    name: 'a stream cut upstream is an error', needs: ['auth'],
    run: async (world, client, scheme) => {
      const outcome = await perform(world, client, scheme, 'stream', auth(world), { events: 9, cutAfter: 3 });
      check(outcome.error !== undefined, 'the client takes the cut stream for a whole one', outcome.result ?? {});
      checkEqual(outcome.seen.join(), '1,2,3', 'events before the cut');
    },
  },
  {
    name: 'an upload of 20 MB', needs: ['auth'],
    run: async (world, client, scheme) => {
      const { result } = await succeed(world, client, scheme, 'upload', auth(world));
      checkEqual(result.length, world.upload.length, 'length');
      checkEqual(result.sha256, world.upload.sha256, 'sha256');
    },
  },
  {
    name: 'ten at once, twice', needs: ['auth'],
    run: async (world, client, scheme) => {
      const together = [newName('together'), newName('together')];
      const { result } = await succeed(world, client, scheme, 'many', auth(world), { together });
      checkEqual(result.answers, 20, 'answers');
    },
  },
  {
    name: 'a download of 5 MB', needs: ['auth'], kind: 'http',
    run: async (world, client, scheme) => {
      const { result } = await succeed(world, client, scheme, 'download', auth(world));
      checkEqual(result.sha256, sha256OfBytes(downloadSize), 'sha256');
    },
  },
  {
    name: 'the request arrives as it was sent', needs: ['auth'], kind: 'http',
    run: async (world, client, scheme) => {
      const path = `/echo?a=1&b=%20x&note=${world.querySecret}`;
      const { result } = await succeed(world, client, scheme, 'echo', auth(world), { path });
      checkEchoed(result, path, client.tunnels ? 'https' : scheme);
    },
  },
];

/// The cases of clients: [{ name, schemes, kind: 'http' | 'sdk', command(world), … }].
export function casesOf(clients) {
  return clients.flatMap((client) => client.schemes.flatMap((scheme) => scenarios
    .filter((scenario) => !scenario.kind || scenario.kind === client.kind)
    .map((scenario) => ({
      name: `${client.name} · ${scheme}: ${scenario.name}`, needs: scenario.needs, daemonOnly: client.daemonOnly,
      run: (world) => scenario.run(world, client, scheme),
    }))));
}

export { perform, succeed };
