// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Cases of one request each, many of which share a client process: starting Python or Node takes longer than all of
// them together.
import { join } from 'node:path';
import { checkExit } from './check.mjs';
import { trustIn } from './door.mjs';
import { run } from './process.mjs';

const runners = [
  {
    clients: ['requests', 'httpx', 'aiohttp'],
    command: (world) => [world.python, ['-B', '-W', 'ignore', join(world.here, 'python/attempts.py')]],
  },
  {
    clients: ['undici', 'undici-absolute', 'axios', 'openai-agent', 'anthropic-agent', 'openai-undici', 'anthropic-undici'],
    command: (world) => [world.node, [join(world.here, 'node/attempts.mjs')]],
  },
];

async function perform(world, command, attempts, door) {
  const [program, args] = command(world);
  // Node adds to its list of authorities; Python's clients replace theirs.
  const { both, bundle } = door ? await trustIn(world, door) : { both: world.tls.ca, bundle: world.tls.ca };
  const result = await run(program, args, {
    env: {
      ...world.env, NODE_EXTRA_CA_CERTS: both, SSL_CERT_FILE: bundle, CLIENT_MODULES: world.modules,
      CLIENT_TASK: JSON.stringify({ attempts, ca: bundle, apiKey: world.apiKey }),
    },
    timeoutMs: world.caseMs,
  });
  checkExit(result, 0, 'the client script');
  return result.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

/// Cases [{ name, needs, attempt(world) → { client, proxy, url }, judge({ result, error }) }] in run.mjs's format. `door`
/// is the proxy with an identity that the clients trust, if any.
export function attemptCases(cases, door = null) {
  let outcomes = null; // of all chosen cases, once the first one runs
  const chosen = new Set();
  const performAll = async (world) => {
    const all = [...chosen].map((one) => ({ one, attempt: one.attempt(world) }));
    const byCase = new Map();
    await Promise.all(runners.map(async ({ clients, command }) => {
      const own = all.filter(({ attempt }) => clients.includes(attempt.client));
      if (own.length === 0) return;
      const results = await perform(world, command, own.map(({ attempt }) => attempt), door);
      own.forEach(({ one }, i) => byCase.set(one, results[i]));
    }));
    return byCase;
  };
  return cases.map((one) => ({
    name: one.name, needs: one.needs, daemonOnly: one.daemonOnly,
    choose: () => chosen.add(one),
    run: async (world) => {
      outcomes ??= performAll(world);
      return one.judge((await outcomes).get(one));
    },
  }));
}
