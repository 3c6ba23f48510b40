// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { createReadStream } from 'node:fs';
import { acknowledge, acknowledger, check, checkEqual, checkExit, newName } from '../lib/check.mjs';
import { run } from '../lib/process.mjs';
import { missingPrograms } from '../lib/programs.mjs';
import { credentials, foreignCredentials, wrongCredentials } from '../lib/proxies.mjs';
import { sha256OfBytes } from '../mock/pattern.mjs';

export const missing = (world) => missingPrograms(world, { curl: 'curl' });

function curl(world, args, extra = {}) {
  return run('curl', ['-sS', '--max-time', String(world.caseMs / 1000), '--cacert', world.tls.ca, ...args],
    { env: world.env, timeoutMs: world.caseMs, ...extra });
}

const key = (world) => ['-H', `Authorization: Bearer ${world.apiKey}`];
const status = ['-o', '/dev/null', '-w', '%{http_connect} %{http_code} %{num_connects}'];
const json = (text) => ['-H', 'Content-Type: application/json', '-d', JSON.stringify(text)];
const ask = { model: 'mock-small', messages: [{ role: 'user', content: 'hello' }] };

/// Checks a refusal by the proxy: the status of the CONNECT, or of the request.
function checkRefused(result, scheme, code) {
  checkExit(result, scheme === 'http' ? 0 : 56, 'curl on a refusal');
  const [connect, http] = result.stdout.split(' ');
  checkEqual(scheme === 'http' ? http : connect, String(code), 'status of the proxy', result);
}

async function models(world, scheme, args, host) {
  const result = await curl(world, [...args, ...key(world), `${world.base(scheme, host)}/v1/models`]);
  checkExit(result, 0, 'models');
  check(result.stdout.includes('"mock-large"'), 'the list of models is not there', result);
}

const viaAuth = (world) => ['-x', world.proxies.auth.urlWith()];

function casesOf(scheme) {
  const url = (world, path) => `${world.base(scheme)}${path}`;
  return [
    {
      name: 'no credentials wanted, none given', needs: ['open'],
      run: (world) => models(world, scheme, ['-x', world.proxies.open.url]),
    },
    {
      name: 'the target is an address', needs: ['open'],
      run: (world) => models(world, scheme, ['-x', world.proxies.open.url], '127.0.0.1'),
    },
    {
      name: 'right credentials in the URL', needs: ['auth'],
      run: (world) => models(world, scheme, viaAuth(world)),
    },
    {
      name: 'right credentials by --proxy-user', needs: ['auth'],
      run: (world) => models(world, scheme, ['-x', world.proxies.auth.url, '--proxy-user',
        `${world.proxies.auth.credentials.user}:${world.proxies.auth.credentials.password}`]),
    },
    {
      name: 'the 407 dance of --proxy-anyauth', needs: ['auth'],
      run: (world) => models(world, scheme, [...viaAuth(world), '--proxy-anyauth']),
    },
    {
      name: 'wrong credentials meet a 407', needs: ['auth'],
      run: async (world) => checkRefused(await curl(world,
        ['-x', world.proxies.auth.urlWith(wrongCredentials), ...status, url(world, '/v1/models')]), scheme, 407),
    },
    {
      name: 'missing credentials meet a 407 that says Basic', needs: ['auth'],
      run: async (world) => {
        const result = await curl(world, ['-x', world.proxies.auth.url, '-D', '-', ...status, url(world, '/v1/models')]);
        check(/^proxy-authenticate: *basic realm=/im.test(result.stdout), 'no Proxy-Authenticate: Basic', result);
        checkRefused({ ...result, stdout: result.stdout.split('\n').at(-1) }, scheme, 407);
      },
    },
    {
      name: 'a chat completion', needs: ['auth'],
      run: async (world) => {
        const result = await curl(world, [...viaAuth(world), ...key(world), ...json(ask), url(world, '/v1/chat/completions')]);
        checkExit(result, 0, 'chat');
        check(result.stdout.includes('length=5 '), 'not the answer to "hello"', result);
      },
    },
    ...['/v1/chat/completions', '/v1/messages'].map((path) => ({
      name: `each event of ${path} comes before the next is sent`, needs: ['auth'],
      run: async (world) => {
        const gate = newName('gate');
        const result = await curl(world, [...viaAuth(world), '-N', ...key(world), ...json({ ...ask, stream: true }),
          url(world, `${path}?events=6&gate=${gate}&note=${world.querySecret}`)], { onText: acknowledger(world, gate) });
        checkExit(result, 0, 'the stream stopped: an event was held back');
        checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 6, 'events', result);
      },
    })),
    {
      name: 'the head of a stream comes before its first event', needs: ['open'],
      run: async (world) => {
        const gate = newName('gate');
        const result = await curl(world, ['-x', world.proxies.open.url, '-N', '-i', ...key(world), ...json({ ...ask, stream: true }),
          url(world, `/v1/messages?gate=${gate}&gate-head=1`)],
        {
          onText: (text) => {
            if (/^content-type: text\/event-stream/im.test(text)) acknowledge(world, gate, text.includes('"e') ? 9 : 0);
          },
        });
        checkExit(result, 0, 'the stream stopped: its head was held back');
        check(result.stdout.includes('message_stop'), 'the stream has no end', result);
      },
    },
    {
      name: 'a stream with silence before and between', needs: ['open'],
      run: async (world) => {
        const result = await curl(world, ['-x', world.proxies.open.url, '-N', ...key(world), '-H', 'x-mock-silence-ms: 700',
          ...json({ ...ask, stream: true }), url(world, '/v1/chat/completions')]);
        checkExit(result, 0, 'the stream');
        check(result.stdout.includes('[DONE]'), 'the stream has no end', result);
      },
    },
    {
      name: 'silences under PROXY_TIMEOUT_MS never add up', needs: ['hasty'],
      run: async (world) => {
        const result = await curl(world, ['-x', world.proxies.hasty.url, '-N', ...key(world), '-H', 'x-mock-silence-ms: 500',
          ...json({ ...ask, stream: true }), url(world, '/v1/chat/completions?events=6')]);
        checkExit(result, 0, 'a stream of 3.5 s with PROXY_TIMEOUT_MS=1500');
      },
    },
    {
      name: 'silence over PROXY_TIMEOUT_MS ends the request', needs: ['hasty'],
      run: async (world) => {
        const result = await curl(world, ['-x', world.proxies.hasty.url, ...key(world), '-H', 'x-mock-silence-ms: 20000',
          ...json(ask), ...status, url(world, '/v1/chat/completions')]);
        check(!result.timedOut, 'it never ended', result);
        if (scheme === 'http') checkEqual(result.stdout.split(' ')[1], '504', 'status', result);
        else check([52, 56, 35].includes(result.code), 'a tunnel that was cut should be an error', result);
      },
    },
    ...['chunked', 'sse', 'Content-Length'].map((framing) => ({
      name: `a ${framing} body cut upstream is an error, and nothing that came is lost`, needs: ['auth'],
      run: async (world) => {
        const args = {
          'chunked': [url(world, '/bytes/3000000?chunked=1&cut-after=1000000')],
          'Content-Length': [url(world, '/bytes/3000000?cut-after=1000000')],
          'sse': [...json({ ...ask, stream: true }), url(world, '/v1/chat/completions?events=9&cut-after=4')],
        }[framing];
        const result = await curl(world, [...viaAuth(world), ...key(world), ...args]);
        check([18, 56].includes(result.code), 'curl should see a cut body (18 or 56)', { ...result, stdout: `${result.stdout.length} characters` });
        if (framing === 'sse') checkEqual(result.stdout.match(/"e\d+ "/g)?.length, 4, 'events before the cut', result);
        // The bytes are not text: let curl count them.
        const counted = framing !== 'sse' && await curl(world, [...viaAuth(world), '-o', '/dev/null', '-w', '%{size_download}', ...args]);
        if (counted) checkEqual(counted.stdout, '1000000', 'bytes before the cut', counted);
      },
    })),
    {
      name: 'an upload of 20 MB with its length', needs: ['auth'],
      run: (world) => upload(world, [...viaAuth(world), '-T', world.upload.file, url(world, '/upload')]),
    },
    {
      name: 'an upload of 20 MB that expects 100-continue', needs: ['auth'],
      run: (world) => upload(world, [...viaAuth(world), '-H', 'Expect: 100-continue', '--expect100-timeout', '1000',
        '-X', 'POST', '-T', world.upload.file, url(world, '/upload')]),
    },
    {
      name: 'an upload of 20 MB in chunks', needs: ['auth'],
      run: (world) => upload(world, [...viaAuth(world), '-H', 'Transfer-Encoding: chunked', '-T', world.upload.file, url(world, '/upload')]),
    },
    {
      name: 'a multipart form of 20 MB', needs: ['auth'],
      run: async (world) => {
        const result = await curl(world, [...viaAuth(world), ...key(world), '-F', 'purpose=assistants',
          '-F', `file=@${world.upload.file}`, url(world, '/v1/files')]);
        checkExit(result, 0, 'upload');
        check(result.stdout.includes(world.upload.sha256), 'another sha256', result);
      },
    },
    ...['', '?chunked=1'].map((query) => ({
      name: `a download of 20 MB${query && ' in chunks'}`, needs: ['auth'],
      run: async (world) => {
        const file = `${world.dir}/${newName('download')}`;
        const result = await curl(world, [...viaAuth(world), '-o', file, url(world, `/bytes/20000000${query}`)]);
        checkExit(result, 0, 'download');
        checkEqual(await sha256OfFile(file), sha256OfBytes(20_000_000), 'sha256');
      },
    })),
    {
      name: 'ten at once', needs: ['auth'],
      run: async (world) => {
        const together = newName('together');
        const target = url(world, `/v1/models?together=${together}`);
        const result = await curl(world, [...viaAuth(world), ...key(world), '-Z', '--parallel-immediate', '--parallel-max', '10',
          '-w', '%{http_code}\n', ...Array.from({ length: 10 }, () => ['-o', '/dev/null', target]).flat()]);
        checkExit(result, 0, 'ten requests');
        checkEqual(result.stdout, '200\n'.repeat(10), 'statuses', result);
      },
    },
    {
      name: 'five in a row on one connection', needs: ['auth'],
      run: async (world) => {
        const result = await curl(world, [...viaAuth(world), ...key(world), '-w', '%{num_connects}\n',
          ...Array.from({ length: 5 }, () => ['-o', '/dev/null', url(world, '/v1/models')]).flat()]);
        checkExit(result, 0, 'five requests');
        checkEqual(result.stdout, '1\n0\n0\n0\n0\n', 'new connections', result);
      },
    },
    {
      name: 'HEAD has no body, and the connection goes on', needs: ['auth'],
      run: async (world) => {
        const result = await curl(world, [...viaAuth(world), '-w', '%{http_code} %{num_connects}\n', '-I', '-o', '/dev/null', '-o', '/dev/null',
          url(world, '/bytes/5000'), url(world, '/bytes/5000')]);
        checkExit(result, 0, 'HEAD');
        checkEqual(result.stdout, '200 1\n200 0\n', 'answers', result);
      },
    },
    {
      name: 'the request arrives as it was sent', needs: ['auth'],
      run: async (world) => {
        const target = `/echo?a=1&b=%20x&note=${world.querySecret}`;
        const result = await curl(world, [...viaAuth(world), ...key(world), url(world, target)]);
        checkExit(result, 0, 'echo');
        checkEchoed(JSON.parse(result.stdout), target, scheme, '1.1');
      },
    },
  ].map((one) => ({ ...one, name: `${scheme}: ${one.name}` }));
}

async function upload(world, args) {
  const result = await curl(world, args);
  checkExit(result, 0, 'upload');
  const seen = JSON.parse(result.stdout);
  checkEqual(seen.length, world.upload.length, 'length');
  checkEqual(seen.sha256, world.upload.sha256, 'sha256');
}

async function sha256OfFile(file) {
  const { createHash } = await import('node:crypto');
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part);
  return hash.digest('hex');
}

export function checkEchoed(seen, target, scheme, version = seen.version) {
  checkEqual(seen.target, target, 'target');
  checkEqual(seen.version, version, 'HTTP version');
  for (const name of ['proxy-authorization', 'proxy-connection', 'x-forwarded-for', 'forwarded', 'x-real-ip']) {
    check(!(name in seen.headers), `the target sees ${name}`, seen.headers);
  }
  checkEqual('via' in seen.headers, scheme === 'http', 'a Via field', seen.headers);
}

const others = [
  {
    name: 'https: HTTP/2 in the tunnel', needs: ['auth'],
    run: async (world) => {
      const result = await curl(world, [...viaAuth(world), ...key(world), '--http2', '-w', ' %{http_version}', `${world.base('h2')}/v1/models`]);
      checkExit(result, 0, 'models');
      check(result.stdout.endsWith(' 2'), 'not HTTP/2', result);
    },
  },
  {
    name: 'https: each event of an HTTP/2 stream comes before the next is sent', needs: ['auth'],
    run: async (world) => {
      const gate = newName('gate');
      const result = await curl(world, [...viaAuth(world), '-N', ...key(world), '--http2', ...json({ ...ask, stream: true }),
        `${world.base('h2')}/v1/messages?events=6&gate=${gate}`], { onText: acknowledger(world, gate) });
      checkExit(result, 0, 'the stream stopped: an event was held back');
    },
  },
  {
    name: 'https: ten HTTP/2 streams at once in one tunnel', needs: ['auth'],
    run: async (world) => {
      const target = `${world.base('h2')}/v1/models?together=${newName('together')}`;
      const result = await curl(world, [...viaAuth(world), ...key(world), '-Z', '--http2', '-w', '%{http_code}\n',
        ...Array.from({ length: 10 }, () => ['-o', '/dev/null', target]).flat()]);
      checkExit(result, 0, 'ten streams');
      checkEqual(result.stdout, '200\n'.repeat(10), 'statuses', result);
    },
  },
  {
    name: 'https: CONNECT in HTTP/1.0 (--proxy1.0)', needs: ['auth'],
    run: (world) => models(world, 'https', ['--proxy1.0', `${world.proxies.auth.host}:${world.proxies.auth.port}`,
      '--proxy-user', `${credentialsOf(world).user}:${credentialsOf(world).password}`]),
  },
  {
    name: 'https: without the test authority curl refuses the mock', needs: ['open'],
    run: async (world) => {
      const result = await run('curl', ['-sS', '-x', world.proxies.open.url, `${world.base('https')}/v1/models`],
        { env: world.env, timeoutMs: world.caseMs });
      checkExit(result, 60, 'TLS goes end to end, so the certificate is the mock\'s');
    },
  },
  {
    name: 'http: a tunnel to a plain port (--proxytunnel)', needs: ['auth'],
    run: (world) => models(world, 'http', [...viaAuth(world), '--proxytunnel']),
  },
  {
    name: 'http: an HTTP/1.0 request', needs: ['auth'],
    run: (world) => models(world, 'http', [...viaAuth(world), '--http1.0']),
  },
  {
    name: 'http: an upload from a pipe, in chunks of their own time', needs: ['auth'],
    run: async (world) => {
      const result = await curl(world, [...viaAuth(world), '-T', '-', `${world.base('http')}/upload`], { input: 'hello' });
      checkExit(result, 0, 'upload');
      checkEqual(JSON.parse(result.stdout).length, 5, 'length', result);
    },
  },
  {
    name: 'http: OPTIONS and unknown methods pass', needs: ['open'],
    run: async (world) => {
      const send = async (method, path, ...args) => {
        const result = await curl(world, ['-x', world.proxies.open.url, '-X', method, ...args, `${world.base('http')}${path}`]);
        checkExit(result, 0, method);
        return JSON.parse(result.stdout);
      };
      checkEqual((await send('PROPFIND', '/echo')).method, 'PROPFIND', 'method');
      checkEqual((await send('OPTIONS', '/echo')).method, 'OPTIONS', 'method');
    },
  },
  ...['http', 'https'].flatMap((scheme) => [
    {
      name: `${scheme}: a refused port of the target is a 502`, needs: ['open'], daemonOnly: true,
      run: async (world) => {
        const target = `${scheme}://127.0.0.1:1025/`; // nobody listens there
        checkRefused(await curl(world, ['-x', world.proxies.open.url, ...status, target]), scheme, 502);
      },
    },
    {
      name: `${scheme}: an unknown host is a 502`, needs: ['open'], daemonOnly: true,
      run: async (world) => checkRefused(await curl(world,
        ['-x', world.proxies.open.url, ...status, `${scheme}://no-such-host.invalid/`]), scheme, 502),
    },
    {
      name: `${scheme}: port 25 of the target is refused with the setting's name`, needs: ['open'], daemonOnly: true,
      run: async (world) => {
        const result = await curl(world, ['-x', world.proxies.open.url, ...status, `${scheme}://127.0.0.1:25/`]);
        checkRefused(result, scheme, 403);
        if (scheme !== 'http') return;
        const page = await curl(world, ['-x', world.proxies.open.url, `${scheme}://127.0.0.1:25/`]);
        check(page.stdout.includes('ALLOWED_PORTS'), 'the page does not name ALLOWED_PORTS', page);
      },
    },
    {
      name: `${scheme}: the metadata address is refused with the setting's name`, needs: ['open'], daemonOnly: true,
      run: async (world) => {
        const target = `${scheme}://169.254.169.254:80/latest/meta-data`;
        checkRefused(await curl(world, ['-x', world.proxies.open.url, ...status, target]), scheme, 403);
        if (scheme !== 'http') return;
        const page = await curl(world, ['-x', world.proxies.open.url, target]);
        check(page.stdout.includes('ALLOW_PRIVATE_TARGETS'), 'the page does not name ALLOW_PRIVATE_TARGETS', page);
      },
    },
  ]),
  {
    name: 'guard: missing credentials never block, wrong ones do, right ones that were right before still pass',
    needs: ['guard'],
    run: async (world) => {
      const proxy = world.proxies.guard;
      const tryWith = async (who) => {
        const result = await curl(world, ['-x', who ? proxy.urlWith(who) : proxy.url, '-D', '-', ...key(world), ...status,
          `${world.base('http')}/v1/models`]);
        return { code: result.stdout.split('\n').at(-1).split(' ')[1], result };
      };
      const expect = async (who, code, what) => {
        const got = await tryWith(who);
        checkEqual(got.code, code, what, got.result);
        return got.result;
      };
      for (let i = 0; i < 12; ++i) await expect(null, '407', `request ${i + 1} without credentials`);
      await expect(foreignCredentials, '200', 'right credentials, in UTF-8, after twelve without');
      for (let i = 0; i < 5; ++i) await expect(wrongCredentials, '407', `the same wrong credentials, time ${i + 1}`);
      for (const i of [2, 3]) await expect({ ...wrongCredentials, password: `guess ${i}` }, '407', `wrong credentials ${i}`);
      const blocked = await expect(wrongCredentials, '429', 'the fourth wrong credentials');
      check(/^retry-after: *\d+/im.test(blocked.stdout), 'no Retry-After', blocked);
      await expect(foreignCredentials, '200', 'right credentials while blocked');
    },
  },
];

const credentialsOf = (world) => world.proxies.auth.credentials ?? credentials;

export const cases = () => [...casesOf('https'), ...casesOf('http'), ...others];
