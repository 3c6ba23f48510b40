// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Balancers that name their clients with the PROXY protocol: HAProxy with both versions, nginx's stream module.
// Balancer and client have separate addresses on the loopback device of a private network.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { check, checkExit, newName } from '../lib/check.mjs';
import { killTree, run, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

export const isolated = true;

export const missing = (world) => missingPrograms(world, { curl: 'curl', haproxy: 'haproxy', ip: 'iproute2', nginx: 'nginx' });

const balancer = '10.98.0.1'; // as in the profile "balanced"
/// One client for each way, so that a log line belongs to one case.
const clientOf = (port) => `10.98.0.${port - 8400}`;

let addresses = null;

/// Adds both addresses to the loopback device, once.
async function giveAddresses(world) {
  for (const address of [balancer, ...ways.map(({ port }) => clientOf(port))]) {
    checkExit(await run('ip', ['address', 'add', `${address}/32`, 'dev', 'lo'], { env: world.env }), 0, `the address ${address}`);
  }
}

const haproxyConfig = (options, port, proxy) => `
defaults
  mode tcp
  timeout connect 5s
  timeout client 60s
  timeout server 60s
listen front
  bind ${balancer}:${port}
  option httpchk GET /health
  server sami ${balancer}:${proxy.port} check inter 100ms rise 1 fall 1 ${options}
`;

function startHaproxy(world, options, port, proxy) {
  const file = join(world.dir, `${newName('haproxy')}.cfg`);
  writeFileSync(file, haproxyConfig(options, port, proxy));
  return start('haproxy', ['-db', '-f', file], { env: world.env });
}

const nginxConfig = (module, port, proxy) => `
${module ? `load_module ${module};` : ''}
daemon off;
master_process off;
error_log stderr;
pid nginx.pid;
events { }
stream {
  server { listen ${balancer}:${port}; proxy_pass ${balancer}:${proxy.port}; proxy_protocol on; }
}
`;

async function startNginx(world, port, proxy) {
  const where = (await run('sh', ['-c', 'command -v nginx'], { env: world.env })).stdout.trim();
  const module = join(dirname(where), '../lib/nginx/modules/ngx_stream_module.so');
  const folder = join(world.dir, newName('nginx'));
  mkdirSync(join(folder, 'logs'), { recursive: true });
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, nginxConfig(existsSync(module) ? module : '', port, proxy));
  return start('nginx', ['-p', folder, '-c', file], { env: world.env });
}

const answers = (port) => new Promise((done) => {
  const socket = connect(port, balancer, () => done(socket.destroy() && true)).on('error', () => done(false));
});

/// curl's request to the mock's list of models, from the client's address.
const ask = (world, port) => run('curl', ['-sS', '--interface', clientOf(port), '-x', `http://${balancer}:${port}`, '--cacert', world.tls.ca,
  '-H', `Authorization: Bearer ${world.apiKey}`, `${world.base('https')}/v1/models`], { env: world.env, timeoutMs: world.caseMs });

/// Whether the proxy's log has that text, or gets it: the line may follow a moment after the client
/// is done.
async function isLogged(proxy, what, from = 0) {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 20))) {
    if (what.test(proxy.log.slice(from))) return true;
  }
  return false;
}

async function passesOn(world, child, port) {
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      log += text;
    });
  }
  const { balanced } = world.proxies;
  const logged = balanced.log.length;
  try {
    let result = null;
    // Until the balancer listens and its first check has passed.
    for (const deadline = Date.now() + 15_000; Date.now() < deadline; await new Promise((done) => setTimeout(done, 100))) {
      if (!(await answers(port))) continue;
      result = await ask(world, port);
      if (result.code === 0) break;
    }
    check(result, 'the balancer does not listen', log);
    check(result.code === 0, `no request passes through both: ${log.slice(-300)}`, result);
    check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
    const named = new RegExp(`client=${clientOf(port)} CONNECT .* via=${balancer}$`, 'm');
    check(await isLogged(balanced, named, logged), 'the log does not name client and balancer', balanced.log.slice(logged));
  } finally {
    killTree(child);
    await child.ended;
  }
}

const ways = [
  { name: 'HAProxy, version 1 (send-proxy)', port: 8471, start: (world, port, proxy) => startHaproxy(world, 'send-proxy check-send-proxy', port, proxy) },
  { name: 'HAProxy, version 2 (send-proxy-v2)', port: 8472, start: (world, port, proxy) => startHaproxy(world, 'send-proxy-v2 check-send-proxy', port, proxy) },
  {
    name: 'HAProxy, version 2 with a checksum and a unique id', port: 8473,
    start: (world, port, proxy) => startHaproxy(world, 'send-proxy-v2 proxy-v2-options crc32c,unique-id check-send-proxy', port, proxy),
  },
  { name: 'nginx (proxy_protocol on)', port: 8474, start: startNginx },
];

export const cases = () => [
  ...ways.map((way) => ({
    name: `${way.name}: the proxy sees the client behind it`, needs: ['balanced'], daemonOnly: true,
    run: async (world) => {
      addresses ??= giveAddresses(world);
      await addresses;
      await passesOn(world, await way.start(world, way.port, world.proxies.balanced), way.port);
    },
  })),
  {
    name: 'a balancer without the PROXY protocol is not answered, though its address is named', needs: ['balanced'], daemonOnly: true,
    run: async (world) => {
      addresses ??= giveAddresses(world);
      await addresses;
      const { balanced } = world.proxies;
      const result = await run('curl', ['-sS', '--interface', balancer, '-x', `http://${balancer}:${balanced.port}`,
        `${world.base('http')}/v1/models`], { env: world.env, timeoutMs: world.caseMs });
      check(result.code !== 0 && result.stdout === '', 'something was answered', result);
      check(await isLogged(balanced, /reason=proxy_protocol_missing/), 'the log does not say what is missing', balanced.log);
    },
  },
];
