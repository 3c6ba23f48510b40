// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// git over its smart HTTP protocol. Its upload is a push of 20 MB, its stream the side-band
// progress.
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';

export const missing = (world) => missingPrograms(world, { git: 'git' });

function git(world, args, proxyUrl = '', cwd = world.dir) {
  return run('git', ['-c', `http.proxy=${proxyUrl}`, '-c', 'http.proxyAuthMethod=basic', '-c', 'init.defaultBranch=main',
    '-c', 'user.name=Test', '-c', 'user.email=test@mock.test', '-c', 'gc.auto=0', '-c', 'core.compression=0', ...args],
  {
    cwd, timeoutMs: world.caseMs,
    env: { ...world.env, GIT_SSL_CAINFO: world.tls.ca, GIT_TERMINAL_PROMPT: '0', GIT_ASKPASS: '/bin/false', GIT_CONFIG_NOSYSTEM: '1' },
  });
}

async function must(world, args, proxyUrl, cwd) {
  const result = await git(world, args, proxyUrl, cwd);
  checkExit(result, 0, `git ${args[0]}`);
  return result.stdout.trim();
}

/// A bare repository behind the mock with one commit; returns its name. Each case has its own.
async function makeRepository(world, file = null) {
  const name = newName('repository');
  const work = join(world.dir, name);
  mkdirSync(work);
  await must(world, ['init', '-q'], '', work);
  if (file) copyFileSync(file, join(work, 'large.txt'));
  writeFileSync(join(work, 'README'), 'A repository behind the mock.\n');
  await must(world, ['add', '.'], '', work);
  await must(world, ['commit', '-q', '-m', 'Start'], '', work);
  const bare = join(world.mock.gitRoot, `${name}.git`);
  await must(world, ['clone', '-q', '--bare', work, bare]);
  await must(world, ['config', 'http.receivepack', 'true'], '', bare);
  await must(world, ['config', 'core.compression', '0'], '', bare);
  return { path: `/git/${name}.git`, work, bare };
}

async function checkClone(world, proxyUrl, scheme, file) {
  const repository = await makeRepository(world, file);
  const copy = join(world.dir, newName('clone'));
  await must(world, ['clone', '-q', `${world.base(scheme)}${repository.path}`, copy], proxyUrl);
  const head = (where) => must(world, ['rev-parse', 'HEAD'], '', where);
  checkEqual(await head(copy), await head(repository.work), 'HEAD');
}

const auth = (world) => world.proxies.auth.urlWith();

function casesOf(scheme) {
  return [
    { name: 'clone, no credentials wanted', needs: ['open'], run: (world) => checkClone(world, world.proxies.open.url, scheme) },
    { name: 'clone, right credentials', needs: ['auth'], run: (world) => checkClone(world, auth(world), scheme) },
    {
      name: 'clone with the 407 dance (proxyAuthMethod anyauth)', needs: ['auth'],
      run: async (world) => {
        const repository = await makeRepository(world);
        const copy = join(world.dir, newName('clone'));
        await must(world, ['-c', 'http.proxyAuthMethod=anyauth', 'clone', '-q', `${world.base(scheme)}${repository.path}`, copy], auth(world));
      },
    },
    ...[true, false].map((given) => ({
      name: `clone, ${given ? 'wrong' : 'missing'} credentials meet a 407`, needs: ['auth'],
      run: async (world) => {
        const { auth: proxy } = world.proxies;
        const result = await git(world, ['ls-remote', `${world.base(scheme)}/git/none.git`], given ? proxy.urlWith(wrongCredentials) : proxy.url);
        checkExit(result, 128, 'ls-remote');
        check(/407|Proxy Authentication/i.test(result.stderr) || /could not read (Username|Password) for 'http:\/\/.*@?127\.0\.0\.1/.test(result.stderr),
          'git does not speak of the proxy\'s 407', result);
      },
    })),
    { name: 'clone of 20 MB', needs: ['auth'], run: (world) => checkClone(world, auth(world), scheme, world.upload.file) },
    {
      name: 'push of 20 MB', needs: ['auth'],
      run: async (world) => {
        const repository = await makeRepository(world);
        copyFileSync(world.upload.file, join(repository.work, 'large.txt'));
        await must(world, ['add', '.'], '', repository.work);
        await must(world, ['commit', '-q', '-m', 'Add 20 MB'], '', repository.work);
        await must(world, ['push', '-q', `${world.base(scheme)}${repository.path}`, 'HEAD:refs/heads/large'], auth(world), repository.work);
        const head = (where, ref) => must(world, ['rev-parse', ref], '', where);
        checkEqual(await head(repository.bare, 'large'), await head(repository.work, 'HEAD'), 'what arrived');
      },
    },
    {
      name: 'fetch after a clone', needs: ['auth'],
      run: async (world) => {
        const repository = await makeRepository(world);
        const copy = join(world.dir, newName('clone'));
        await must(world, ['clone', '-q', `${world.base(scheme)}${repository.path}`, copy], auth(world));
        await must(world, ['commit', '-q', '--allow-empty', '-m', 'Go on'], '', repository.work);
        await must(world, ['push', '-q', repository.bare, 'HEAD'], '', repository.work);
        await must(world, ['pull', '-q', '--ff-only'], auth(world), copy);
        const head = (where) => must(world, ['rev-parse', 'HEAD'], '', where);
        checkEqual(await head(copy), await head(repository.work), 'HEAD');
      },
    },
    {
      name: 'ten at once', needs: ['auth'],
      run: async (world) => {
        const repository = await makeRepository(world);
        const target = `${world.base(scheme)}${repository.path}`;
        const header = ['-c', `http.extraHeader=x-mock-together: ${newName('together')}`];
        const results = await Promise.all(Array.from({ length: 10 },
          () => git(world, [...header, '-c', 'protocol.version=0', 'ls-remote', target], auth(world))));
        results.forEach((result) => checkExit(result, 0, 'one of ten'));
      },
    },
  ].map((one) => ({ ...one, name: `${scheme}: ${one.name}` }));
}

export const cases = () => [...casesOf('https'), ...casesOf('http')];
