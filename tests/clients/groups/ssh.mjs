// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// OpenSSH through SOCKS5, with nc as its ProxyCommand. The server is one process per connection, on loopback, with keys
// and settings of this run: it neither needs nor touches a service.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { killTree, run, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';

const sshd = '/usr/sbin/sshd'; // it must be called by its absolute path

export const missing = (world) => missingPrograms(world, { ssh: 'openssh-client', [sshd]: 'openssh-server', 'nc.openbsd': 'netcat-openbsd' });

const serverConfig = (folder) => `
HostKey ${folder}/host
AuthorizedKeysFile ${folder}/user.pub
AuthenticationMethods publickey
PidFile none
PermitRootLogin yes
StrictModes no
UsePAM no
`;

/// As root, the server needs an empty folder owned by root: here in a private mount, where /run holds nothing else.
const asRoot = ['unshare', '--mount', 'sh', '-c',
  'mount -t tmpfs none /run && mkdir /run/sshd && chmod 755 /run/sshd && exec "$@"', 'sh'];

let served = null;

/// A server on its own port, for any number of connections; { folder, port }.
async function serve(world) {
  const folder = join(world.dir, 'ssh');
  mkdirSync(folder, { mode: 0o700 });
  for (const name of ['host', 'user']) {
    checkExit(await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, name)], { env: world.env }), 0, 'ssh-keygen');
  }
  writeFileSync(join(folder, 'config'), serverConfig(folder));
  const command = [...(process.getuid() === 0 ? asRoot : []), sshd, '-i', '-e', '-f', join(folder, 'config')];
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    start(command[0], command.slice(1), { env: world.env, stdio: [socket, socket, 'ignore'] }).ended.then(() => socket.destroy());
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  server.unref();
  const { port } = server.address();
  const [kind, key] = readFileSync(join(folder, 'host.pub'), 'utf8').split(' ');
  writeFileSync(join(folder, 'known'), `[localhost]:${port} ${kind} ${key}\n`);
  return { folder, port };
}

/// The output of ssh through the proxy, for a command at the other end.
async function ssh(world, proxy, ...command) {
  served ??= serve(world);
  const { folder, port } = await served;
  const options = ['BatchMode=yes', 'IdentitiesOnly=yes', 'StrictHostKeyChecking=yes', `UserKnownHostsFile=${folder}/known`,
    `ProxyCommand=nc.openbsd -X 5 -x ${proxy.host}:${proxy.port} %h %p`].flatMap((option) => ['-o', option]);
  return ['-F', 'none', '-i', join(folder, 'user'), '-p', String(port), ...options, `${userInfo().username}@localhost`, ...command];
}

export const cases = () => [
  {
    name: 'ProxyCommand nc -X 5: each line comes back before the next is sent', needs: ['open'],
    run: async (world) => {
      const child = start('ssh', await ssh(world, world.proxies.open, 'cat'), { env: world.env, stdio: ['pipe', 'pipe', 'pipe'] });
      let errors = '';
      child.stderr.setEncoding('utf8').on('data', (text) => {
        errors += text;
      });
      const timer = setTimeout(() => killTree(child), world.caseMs);
      let lines = 0;
      child.stdin.on('error', () => {});
      child.stdin.write('line 1\n');
      let text = '';
      for await (const part of child.stdout.setEncoding('utf8')) {
        text += part;
        if (!text.endsWith(`line ${lines + 1}\n`)) continue;
        if (++lines < 6) child.stdin.write(`line ${lines + 1}\n`);
        else child.stdin.end();
      }
      clearTimeout(timer);
      const end = await child.ended;
      checkEqual(end.code, 0, 'exit code', { stdout: text, stderr: errors, ...end });
      checkEqual(lines, 6, 'lines', errors);
    },
  },
  {
    name: 'ProxyCommand nc -X 5: 20 MB there and back', needs: ['open'],
    run: async (world) => {
      const copy = join(world.dir, newName('copy'));
      const args = await ssh(world, world.proxies.open, 'cat');
      const words = args.map((word) => `'${word}'`).join(' ');
      checkExit(await run('sh', ['-c', `ssh ${words} <'${world.upload.file}' >'${copy}'`], { env: world.env, timeoutMs: world.caseMs }), 0, 'ssh');
      check(readFileSync(copy).equals(readFileSync(world.upload.file)), 'it is not what was sent');
    },
  },
  {
    name: 'ProxyCommand nc -X 5 where the host is not allowed', needs: ['fenced'],
    run: async (world) => {
      const result = await run('ssh', await ssh(world, world.proxies.fenced, 'true'), { env: world.env, timeoutMs: world.caseMs });
      checkExit(result, 255, 'ssh');
      check(/Connection not allowed by ruleset/i.test(result.stderr), 'nc does not say why', result);
    },
  },
].map((one) => ({ ...one, daemonOnly: true }));
