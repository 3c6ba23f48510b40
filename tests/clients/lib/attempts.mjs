// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Cases of one request each, many of which share a client process: starting Python or Node takes longer than all of
// them together.
import { join } from 'node:path';
import { checkExit } from './check.mjs';
import { run } from './process.mjs';

const runners = [
  {
    clients: ['requests', 'httpx', 'aiohttp'],
    command: (world) => [world.python, ['-B', '-W', 'ignore', join(world.here, 'python/attempts.py')]],
  },
  { clients: ['undici', 'undici-absolute', 'axios'], command: (world) => [world.node, [join(world.here, 'node/attempts.mjs')]] },
];

async function perform(world, command, attempts) {
  const [program, args] = command(world);
  const result = await run(program, args, {
    env: {
      ...world.env, NODE_EXTRA_CA_CERTS: world.tls.ca, CLIENT_MODULES: world.modules,
      CLIENT_TASK: JSON.stringify({ attempts, ca: world.tls.ca, apiKey: world.apiKey }),
    },
    timeoutMs: world.caseMs,
  });
  checkExit(result, 0, 'the client script');
  return result.stdout.trim().split('\n').map((line) => JSON.parse(line));
}

/// Cases [{ name, needs, attempt(world) → { client, proxy, url }, judge({ result, error }) }] in run.mjs's format.
export function attemptCases(cases) {
  let outcomes = null; // of all chosen cases, once the first one runs
  const chosen = new Set();
  const performAll = async (world) => {
    const all = [...chosen].map((one) => ({ one, attempt: one.attempt(world) }));
    const byCase = new Map();
    await Promise.all(runners.map(async ({ clients, command }) => {
      const own = all.filter(({ attempt }) => clients.includes(attempt.client));
      if (own.length === 0) return;
      const results = await perform(world, command, own.map(({ attempt }) => attempt));
      own.forEach(({ one }, i) => byCase.set(one, results[i]));
    }));
    return byCase;
  };
  return cases.map((one) => ({
    name: one.name, needs: one.needs, daemonOnly: one.daemonOnly,
    choose: () => chosen.add(one),
    run: async (world) => {
      outcomes ??= performAll(world);
      one.judge((await outcomes).get(one));
    },
  }));
}
