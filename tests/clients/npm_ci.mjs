#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// npm_ci.mjs DIR [FROM]: installs FROM's package-lock.json (by default this folder's) into DIR with `npm ci`. Does
// nothing if the same lock file is already installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
if (process.argv.length < 3 || process.argv.length > 4) {
  console.error('usage: npm_ci.mjs DIR [FROM]');
  process.exit(2);
}
const dir = resolve(process.argv[2]);
const from = resolve(process.argv[3] ?? here);
const files = ['package.json', 'package-lock.json'];
const stamp = join(dir, 'node_modules', '.installed-lock');
const wanted = createHash('sha256').update(files.map((name) => readFileSync(join(from, name))).join('\0')).digest('hex');

if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
  console.log('The npm packages are installed already.');
  process.exit(0);
}
mkdirSync(dir, { recursive: true });
if (dir !== from) files.forEach((name) => copyFileSync(join(from, name), join(dir, name)));
const { error, status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: dir, stdio: ['ignore', 'inherit', 'inherit'] });
if (error) {
  console.error('npm is missing: install the Debian package "npm"');
  process.exit(1);
}
if (status === 0) writeFileSync(stamp, wanted);
else console.error(`npm ci failed in ${dir}`);
process.exit(status ?? 1);
