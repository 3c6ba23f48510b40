// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { wrongCredentials } from '../lib/proxies.mjs';

export const missing = (world) => missingPrograms(world, { wget: 'wget' });

/// The proxy comes from the environment, as wget's users set it.
function wget(world, proxyUrl, args, extra = {}) {
  return run('wget', ['-nv', '-O', '-', '--tries=1', '--timeout=40', `--ca-certificate=${world.tls.ca}`,
    `--header=Authorization: Bearer ${world.apiKey}`, ...args],
  { env: { ...world.env, http_proxy: proxyUrl, https_proxy: proxyUrl }, timeoutMs: world.caseMs, ...extra });
}

const auth = (world) => world.proxies.auth.urlWith();
const stream = JSON.stringify({ model: 'mock-small', stream: true, messages: [{ role: 'user', content: 'hello' }] });

async function models(world, proxyUrl, scheme, args = []) {
  const result = await wget(world, proxyUrl, [...args, `${world.base(scheme)}/v1/models`]);
  checkExit(result, 0, 'models');
  check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
}

function casesOf(scheme) {
  return [
    { name: 'no credentials wanted, none given', needs: ['open'], run: (world) => models(world, world.proxies.open.url, scheme) },
    { name: 'right credentials in the URL', needs: ['auth'], run: (world) => models(world, auth(world), scheme) },
    {
      name: 'right credentials by --proxy-password', needs: ['auth'],
      run: (world) => models(world, world.proxies.auth.url, scheme, [`--proxy-user=${world.proxies.auth.credentials.user}`,
        `--proxy-password=${world.proxies.auth.credentials.password}`]),
    },
    ...[true, false].map((given) => ({
      name: `${given ? 'wrong' : 'missing'} credentials meet a 407`, needs: ['auth'],
      run: async (world) => {
        const { auth: proxy } = world.proxies;
        const result = await wget(world, given ? proxy.urlWith(wrongCredentials) : proxy.url, [`${world.base(scheme)}/v1/models`]);
        check([4, 8].includes(result.code), 'wget should fail with 4 or 8', result);
        check(/407|User name and password needed|Wrong user name or password/i.test(result.stderr), 'wget does not speak of a 407', result);
      },
    })),
    {
      name: 'each event of a stream comes before the next is sent', needs: ['auth'],
      run: async (world) => {
        const gate = newName('gate');
        const result = await wget(world, auth(world), [`--post-data=${stream}`,
          `${world.base(scheme)}/v1/chat/completions?events=6&gate=${gate}`], { onText: acknowledger(world, gate) });
        checkExit(result, 0, 'the stream stopped: an event was held back');
        checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
      },
    },
    {
      name: 'a stream cut upstream is an error, and nothing that came is lost', needs: ['auth'],
      run: async (world) => {
        const result = await wget(world, auth(world), [`--post-data=${stream}`,
          `${world.base(scheme)}/v1/chat/completions?events=9&cut-after=4`]);
        check(result.code !== 0 && !result.timedOut, 'wget takes the cut stream for a whole one', result);
        checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 4, 'events before the cut', result);
      },
    },
    {
      name: 'an upload of 20 MB', needs: ['auth'],
      run: async (world) => {
        const result = await wget(world, auth(world), [`--post-file=${world.upload.file}`, `${world.base(scheme)}/upload`]);
        checkExit(result, 0, 'upload');
        checkEqual(JSON.parse(result.stdout).sha256, world.upload.sha256, 'sha256', result);
      },
    },
    {
      name: 'a download of 5 MB in chunks', needs: ['auth'],
      run: async (world) => {
        const result = await wget(world, auth(world), ['-O', '/dev/null', '-v', '--progress=dot:mega', `${world.base(scheme)}/bytes/5000000?chunked=1`]);
        checkExit(result, 0, 'download');
        check(result.stderr.includes('[5000000]'), 'not 5,000,000 bytes', result);
      },
    },
    {
      name: 'ten at once', needs: ['auth'],
      run: async (world) => {
        const target = `${world.base(scheme)}/v1/models?together=${newName('together')}`;
        const results = await Promise.all(Array.from({ length: 10 }, () => wget(world, auth(world), [target])));
        results.forEach((result) => checkExit(result, 0, 'one of ten'));
      },
    },
    {
      name: 'three in a row', needs: ['auth'],
      run: async (world) => {
        const target = `${world.base(scheme)}/v1/models`;
        const result = await wget(world, auth(world), [target, target, target]);
        checkExit(result, 0, 'three requests');
        checkEqual(result.stdout.match(/"object":"list"/g)?.length, 3, 'answers', result);
      },
    },
  ].map((one) => ({ ...one, name: `${scheme}: ${one.name}` }));
}

export const cases = () => [...casesOf('https'), ...casesOf('http')];
