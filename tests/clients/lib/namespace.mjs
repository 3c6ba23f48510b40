// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A network and mounts of our own: names mean what /etc/hosts in here says, addresses are ours to give and to take,
// and there is no way out. All of it goes with the last process in it.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const inside = 'SAMI_CLIENTS_NAMESPACE'; // the folder that has the files mounted over those of /etc

/// Starts this program again in a namespace and ends with its exit code. Comes back with nothing when this is
/// that namespace already, and with the reason where none can be made.
export function enterNamespace() {
  const folder = process.env[inside];
  if (folder) {
    process.on('exit', () => rmSync(folder, { recursive: true, force: true })); // also when the one outside was ended
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
  // Whoever ends this program ends the one inside too, which then ends what it has started.
  const { status } = spawnSync('setpriv', ['--pdeathsig', 'TERM', 'unshare', ...own, '--net', '--mount', 'sh', '-c', script, 'sh',
    process.execPath, ...process.argv.slice(1)], { stdio: 'inherit', env: { ...process.env, [inside]: dir } });
  rmSync(dir, { recursive: true, force: true });
  process.exit(status ?? 1);
}

const localhost = '127.0.0.1 localhost\n'.padEnd(8192, '\n');
const names = new Map();

/// Says which address a name has from now on: glibc reads the file anew each time. The file keeps its place, for the
/// mount is of this very one, and its size, so that nobody reads half of it.
export function setName(name, address) {
  names.set(name, address);
  const lines = [...names].map(([known, where]) => `${where} ${known}\n`);
  const file = openSync(join(process.env[inside], 'hosts'), 'r+');
  writeSync(file, (localhost.trimEnd() + '\n' + lines.join('')).padEnd(localhost.length, '\n'), 0);
  closeSync(file);
}
