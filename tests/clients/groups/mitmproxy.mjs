// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// mitmproxy in front of the proxy ("upstream mode"): it sends CONNECT in HTTP/1.1 without Host.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { check, checkExit, newName } from '../lib/check.mjs';
import { phrases } from '../lib/phrases.mjs';
import { killTree, run, start } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';

export const missing = (world) => missingPrograms(world, { curl: 'curl', mitmdump: 'mitmproxy' });

async function through(world, proxy, who, scheme) {
  const home = join(world.dir, newName('mitmproxy'));
  mkdirSync(home);
  const child = start('mitmdump', ['--mode', `upstream:${proxy.url}`, '--set', `confdir=${home}`, '--listen-host', '127.0.0.1', '-p', '0',
    '--set', `ssl_verify_upstream_trusted_ca=${world.tls.ca}`, ...(who ? ['--set', `upstream_auth=${who.user}:${who.password}`] : [])],
  { env: { ...world.env, PYTHONUNBUFFERED: '1', PYTHONDONTWRITEBYTECODE: '1' } });
  try {
    const port = await new Promise((done, fail) => {
      let log = '';
      const collect = (text) => {
        log += text;
        const found = /listening at \S*:(\d+)/.exec(log);
        if (found) done(found[1]);
      };
      child.stdout.setEncoding('utf8').on('data', collect);
      child.stderr.setEncoding('utf8').on('data', collect);
      child.ended.then(() => fail(new Error(`mitmdump did not start: ${log}`)));
    });
    return await run('curl', ['-sS', '-i', '-w', '\n%{http_code}', '-x', `http://127.0.0.1:${port}`, '--cacert', join(home, 'mitmproxy-ca-cert.pem'),
      '-H', `Authorization: Bearer ${world.apiKey}`, `${world.base(scheme)}/v1/models`], { env: world.env, timeoutMs: world.caseMs });
  } finally {
    killTree(child);
  }
}

async function passes(world, proxy, scheme) {
  const result = await through(world, proxy, proxy.credentials, scheme);
  checkExit(result, 0, 'models');
  check(result.stdout.includes('"mock-large"') && result.stdout.endsWith('\n200'), 'the list of models is not there', result);
}

export const cases = () => ['https', 'http'].flatMap((scheme) => [
  { name: 'no credentials wanted, none given', needs: ['open'], run: (world) => passes(world, world.proxies.open, scheme) },
  { name: 'right credentials', needs: ['auth'], run: (world) => passes(world, world.proxies.auth, scheme) },
  {
    name: 'wrong credentials meet a 407 that says so', needs: ['auth'],
    run: async (world) => {
      const result = await through(world, world.proxies.auth, wrongCredentials, scheme);
      // For a refused request curl gets the response itself, for a refused tunnel mitmproxy's page about it.
      const expected = scheme === 'https' ? `refused HTTP CONNECT request: ${phrases.password}` : `HTTP/1.1 ${phrases.password}`;
      check(result.stdout.includes(expected), `curl does not see ${JSON.stringify(expected)}`, result);
    },
  },
].map((one) => ({ ...one, name: `${scheme}: ${one.name}` })));
