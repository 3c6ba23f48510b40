// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A recreated container gets another address. Its name changes at once, and the proxy must follow, whatever it has
// cached. The container is a network namespace at the other end of a veth pair.
import { join } from 'node:path';
import { check, checkExit, newName } from '../lib/check.mjs';
import { setName } from '../lib/namespace.mjs';
import { killTree, run, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

export const isolated = true;

export const missing = (world) => missingPrograms(world, { curl: 'curl', ip: 'iproute2', nsenter: 'util-linux' });

const ports = { http: 8000, https: 8443 }; // of every origin: each has its own address

async function must(world, program, ...args) {
  checkExit(await run(program, args, { env: world.env }), 0, [program, ...args].join(' '));
}

let network = null;

/// The pid of the other end; created once.
async function otherEnd(world) {
  const holder = start('unshare', ['--net', 'sleep', 'infinity'], { env: world.env, stdio: ['ignore', 'ignore', 'inherit'] });
  for (const own = (await run('readlink', ['/proc/self/ns/net'])).stdout; ;) {
    const its = await run('readlink', [`/proc/${holder.pid}/ns/net`]);
    if (its.stdout !== own) break; // until then it is still being set up
  }
  await must(world, 'ip', 'link', 'add', 'near', 'type', 'veth', 'peer', 'name', 'far', 'netns', String(holder.pid));
  await must(world, 'ip', 'address', 'add', '10.99.0.254/24', 'dev', 'near');
  await must(world, 'ip', 'link', 'set', 'near', 'up');
  await must(world, 'nsenter', '-t', String(holder.pid), '-n', 'ip', 'link', 'set', 'far', 'up');
  return { pid: String(holder.pid) };
}

let addresses = 0;

/// A mock provider at a new address of the other end.
async function startOrigin(world) {
  network ??= otherEnd(world);
  const { pid } = await network;
  const address = `10.99.0.${++addresses}`;
  await must(world, 'nsenter', '-t', pid, '-n', 'ip', 'address', 'add', `${address}/24`, 'dev', 'far');
  const child = start('nsenter', ['-t', pid, '-n', world.node, join(world.here, 'mock/server.mjs'), '--cert', world.tls.cert,
    '--key', world.tls.key, '--address', address, '--port-http', String(ports.http), '--port-https', String(ports.https)],
  { env: world.env, stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((done, fail) => {
    child.stdout.once('data', done);
    child.ended.then(() => fail(new Error(`the origin at ${address} did not start`)));
  });
  return {
    address,
    end: () => {
      killTree(child);
      return child.ended;
    },
    leave: () => must(world, 'nsenter', '-t', pid, '-n', 'ip', 'address', 'del', `${address}/24`, 'dev', 'far'),
  };
}

const ask = (world, scheme, name) => run('curl', ['-sS', '-k', '--max-time', String(world.caseMs / 1000), '-x', world.proxies.moving.url,
  '-H', `Authorization: Bearer ${world.apiKey}`, `${scheme}://${name}:${ports[scheme]}/v1/models`], { env: world.env, timeoutMs: world.caseMs });

/// What happens to the old address, and how soon the proxy can know: the kernel probes a vanished neighbour for 3 s.
const ways = [
  { name: 'its old address refuses', leave: false, seconds: 5 },
  { name: 'its old address is gone', leave: true, seconds: 10 },
];

export const cases = () => ways.flatMap((way) => ['https', 'http'].map((scheme) => ({
  name: `${scheme}: an origin moves, ${way.name}; the next request reaches it`, needs: ['moving'], daemonOnly: true,
  run: async (world) => {
    const name = `${newName('moving')}.test`;
    const before = await startOrigin(world);
    setName(name, before.address);
    checkExit(await ask(world, scheme, name), 0, 'a request before the move');
    await before.end();
    if (way.leave) await before.leave();
    // No container is recreated faster, and a proxy need not look a name up more than once a second.
    await new Promise((done) => setTimeout(done, 1200));
    const after = await startOrigin(world);
    setName(name, after.address);
    const startedAt = Date.now();
    const result = await ask(world, scheme, name);
    const took = (Date.now() - startedAt) / 1000;
    checkExit(result, 0, 'the first request after the move');
    check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
    check(took < way.seconds, `it took ${took} s`);
    await after.end();
  },
})));
