// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A private network and mounts: names resolve by our /etc/hosts, addresses can be added and removed, and there is no
// way out. All of it disappears with the last process inside.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inside = 'SAMI_CLIENTS_NAMESPACE'; // the folder with the files mounted over those in /etc

/// Restarts this program in a namespace and exits with its exit code. Returns nothing if this is already that
/// namespace, and the reason if none can be made.
export function enterNamespace() {
  const folder = process.env[inside];
  if (folder) {
    process.on('exit', () => rmSync(folder, { recursive: true, force: true })); // also if the outer one was ended
    return null;
  }
  const own = process.getuid() === 0 ? [] : ['--map-root-user'];
  const probe = spawnSync('unshare', [...own, '--net', '--mount', 'ip', 'link', 'set', 'lo', 'up'], { encoding: 'utf8' });
  if (probe.status !== 0) return `no network namespace can be made: ${(probe.error?.message ?? probe.stderr).trim()}`;
  const dir = mkdtempSync(join(tmpdir(), 'sami-clients-etc-'));
  writeFileSync(join(dir, 'hosts'), localhost);
  writeFileSync(join(dir, 'resolv.conf'), 'options timeout:1 attempts:1\n');
  writeFileSync(join(dir, 'nsswitch.conf'), 'hosts: files\n');
  const mounts = ['hosts', 'resolv.conf', 'nsswitch.conf'].map((name) => `mount --bind "${dir}/${name}" /etc/${name}`);
  const script = ['ip link set lo up', ...mounts, 'exec "$@"'].join(' && ');
  // Whatever ends this program also ends the inner one, which then ends what it has started.
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'unshare', ...own, '--net', '--mount', 'sh', '-c', script, 'sh',
    process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, [inside]: dir } });
  rmSync(dir, { recursive: true, force: true });
  process.exit(status ?? 1);
}

const localhost = '127.0.0.1 localhost\n'.padEnd(8192, '\n');
const names = new Map();

/// Sets the address of a name: glibc rereads the file each time. Writes in place, because the mount is of this very
/// file, and keeps the size, so that nobody reads half of it.
export function setName(name, address) {
  names.set(name, address);
  const lines = [...names].map(([known, where]) => `${where} ${known}\n`);
  const file = openSync(join(process.env[inside], 'hosts'), 'r+');
  writeSync(file, (localhost.trimEnd() + '\n' + lines.join('')).padEnd(localhost.length, '\n'), 0);
  closeSync(file);
}
