#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A mock LLM provider for the real-clients suite; no dependencies.
//
//   server.mjs [--cert FILE --key FILE] [--git-root DIR] [--address A] [--port-http N] [--port-https N]
//
// Prints one JSON line, {"http":PORT,"https":PORT,"h2":PORT,"pid":PID}, and ends when its
// standard input ends. It logs nothing: what clients send may hold secrets.
//
// Every switch below is a query parameter or a header x-mock-<name>:
//   silence-ms  silence before the head of the answer and before each event
//   events      how many events a stream has (3)
//   gate        name of a gate: event N+1 leaves only after POST /control/ack?gate=…&n=N
//   gate-head   with gate: event 1 waits for ack 0, that is for "I have seen the head"
//   cut-after   the connection is cut after this many events, or bytes of /bytes/N
//   together    name of a barrier: nobody is answered before together-n (10) requests are here
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createSecureServer as createH2Server } from 'node:http2';
import { parseArgs } from 'node:util';
import { serveGit } from './git.mjs';
import { anthropicEvents, anthropicMessage, chatgptToken, openaiCompletion, openaiEvents, openaiResponseEvents } from './providers.mjs';
import { acceptWebSocket } from './websocket.mjs';
import { pattern } from './pattern.mjs';

const { values: options } = parseArgs({
  options: {
    cert: { type: 'string' },
    key: { type: 'string' },
    'git-root': { type: 'string' },
    address: { type: 'string', default: '127.0.0.1' },
    'port-http': { type: 'string', default: '0' },
    'port-https': { type: 'string', default: '0' },
  },
});

const gates = new Map(); // name → { acked, waiters: [{ n, open }] }
const barriers = new Map(); // name → [open]

function gate(name) {
  if (!gates.has(name)) gates.set(name, { acked: -1, waiters: [] });
  return gates.get(name);
}

function acknowledge(name, n) {
  const g = gate(name);
  g.acked = Math.max(g.acked, n);
  g.waiters = g.waiters.filter((w) => (w.n <= g.acked ? (w.open(), false) : true));
}

function passed(name, n) {
  const g = gate(name);
  return g.acked >= n ? Promise.resolve() : new Promise((open) => g.waiters.push({ n, open }));
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const sha256 = (data) => createHash('sha256').update(data).digest('hex');

async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts);
}

function sendJson(response, status, value, headers = {}) {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length, ...headers });
  response.end(body);
}

/// Cuts the connection in the middle of a response, without the last chunk and without TLS
/// close_notify.
function cut(response) {
  if (response.stream) response.stream.session.destroy();
  else response.socket.destroy();
}

/// Resolves once the kernel has the bytes: what was sent before a cut must arrive.
const write = (response, data) => new Promise((done) => response.write(data, done));

function setting(request, url, name, fallback) {
  return request.headers[`x-mock-${name}`] ?? url.searchParams.get(name) ?? fallback;
}

async function streamEvents(request, response, url, events) {
  const silence = Number(setting(request, url, 'silence-ms', 0));
  const name = setting(request, url, 'gate', null);
  const cutAfter = Number(setting(request, url, 'cut-after', Infinity));
  if (silence) await sleep(silence);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' });
  response.flushHeaders?.();
  const firstAck = setting(request, url, 'gate-head', null) ? 0 : 1;
  for (const { n, text } of events) {
    // n counts the events that a client reports; 0 marks those that only frame them.
    if (n > 0) {
      if (name && n - 1 >= firstAck) await passed(name, n - 1);
      if (silence) await sleep(silence);
    }
    await write(response, text);
    if (n >= cutAfter) {
      if (name) await passed(name, n);
      cut(response);
      return;
    }
  }
  response.end();
}

function hasKey(request) {
  return Boolean(request.headers.authorization || request.headers['x-api-key']);
}

const refuse = (response) =>
  sendJson(response, 401, { error: { message: 'No API key.', type: 'invalid_request_error', code: 'invalid_api_key' } });

async function handleProvider(request, response, url) {
  if (!hasKey(request)) {
    await readBody(request);
    return refuse(response);
  }
  if (url.pathname === '/v1/models') {
    const data = ['mock-small', 'mock-large'].map((id) => ({
      id, object: 'model', created: 1700000000, owned_by: 'mock', type: 'model', display_name: id,
      created_at: '2026-01-01T00:00:00Z',
    }));
    return sendJson(response, 200, { object: 'list', data, has_more: false, first_id: data[0].id, last_id: data[1].id });
  }
  const body = await readBody(request);
  if (url.pathname.endsWith('/responses')) return streamEvents(request, response, url, openaiResponseEvents('mock-small', 3));
  if (url.pathname === '/v1/files') return handleFile(request, response, body);
  let message;
  try {
    message = JSON.parse(body);
  } catch {
    return sendJson(response, 400, { error: { message: 'The body is not JSON.', type: 'invalid_request_error' } });
  }
  const last = message.messages?.at(-1)?.content ?? '';
  const text = typeof last === 'string' ? last : (last[0]?.text ?? '');
  const anthropic = url.pathname === '/v1/messages';
  if (message.stream) {
    const count = Number(setting(request, url, 'events', 3));
    return streamEvents(request, response, url, (anthropic ? anthropicEvents : openaiEvents)(message.model, count));
  }
  const silence = Number(setting(request, url, 'silence-ms', 0));
  if (silence) await sleep(silence);
  const reply = `length=${Buffer.byteLength(text)} sha256=${sha256(text)}`;
  sendJson(response, 200, (anthropic ? anthropicMessage : openaiCompletion)(message.model, reply));
}

/// OpenAI's file upload: the part called "file" of a multipart form.
function handleFile(request, response, body) {
  const boundary = /boundary="?([^";]+)/.exec(request.headers['content-type'] ?? '')?.[1];
  if (!boundary) return sendJson(response, 400, { error: { message: 'Not a form.' } });
  let at = 0;
  for (;;) {
    const head = body.indexOf('\r\n\r\n', at);
    const end = head < 0 ? -1 : body.indexOf(`\r\n--${boundary}`, head + 4);
    if (end < 0) return sendJson(response, 400, { error: { message: 'The form has no part "file".' } });
    if (/name="?file"?[;\r]/.test(`${body.toString('latin1', at, head)}\r`)) {
      const part = body.subarray(head + 4, end);
      return sendJson(response, 200, {
        id: `file-${sha256(part)}`, object: 'file', bytes: part.length, created_at: 1700000000,
        filename: 'upload', purpose: 'assistants', status: 'processed',
      });
    }
    at = end;
  }
}

async function handleBytes(request, response, url) {
  const count = Number(url.pathname.slice('/bytes/'.length));
  if (!Number.isSafeInteger(count) || count < 0) return sendJson(response, 400, { error: 'bad count' });
  const chunked = url.searchParams.has('chunked');
  const cutAfter = Number(setting(request, url, 'cut-after', Infinity));
  response.writeHead(200, {
    'content-type': 'application/octet-stream', ...(chunked ? {} : { 'content-length': count }),
  });
  if (request.method === 'HEAD') return response.end();
  const block = pattern(64 * 1024);
  for (let sent = 0; sent < count;) {
    if (sent >= cutAfter) return cut(response);
    const size = Math.min(block.length, count - sent, cutAfter - sent);
    await write(response, block.subarray(0, size));
    if (response.destroyed) return;
    sent += size;
  }
  response.end();
}

async function handleUpload(request, response) {
  const hash = createHash('sha256');
  let length = 0;
  for await (const part of request) {
    length += part.length;
    hash.update(part);
  }
  sendJson(response, 200, { length, sha256: hash.digest('hex') });
}

/// Opens once `n` requests with one name are here at the same time.
function barrier(name, n) {
  const waiting = barriers.get(name) ?? [];
  barriers.set(name, waiting);
  return new Promise((open) => {
    waiting.push(open);
    if (waiting.length < n) return;
    barriers.delete(name);
    waiting.forEach((release) => release());
  });
}

/// What arrived here, without the values of secrets.
async function handleEcho(request, response) {
  const body = await readBody(request);
  const secret = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'cookie']);
  const headers = Object.entries(request.headers).map(([key, value]) => [key, secret.has(key) ? '***' : value]);
  sendJson(response, 200, {
    method: request.method, target: request.url, version: request.httpVersion,
    headers: Object.fromEntries(headers), length: body.length,
  });
}

/// Renews a sign-in, at Anthropic or OpenAI.
async function handleToken(request, response) {
  await readBody(request);
  const token = chatgptToken(Date.now() / 1000 + 3600);
  sendJson(response, 200, {
    token_type: 'Bearer', access_token: token, id_token: token, refresh_token: 'mock', expires_in: 3600, scope: 'user:inference user:profile',
  });
}

/// The accounts of a user signed in with ChatGPT; Codex asks before each turn.
function handleAccounts(request, response) {
  request.resume();
  const account = {
    id: 'mock', name: 'mock', structure: 'personal', plan_type: 'plus', workspace_backend_origin: 'https://chatgpt.com',
    account_routing_override: 'NO_CONSTRAINT',
  };
  sendJson(response, 200, { accounts: [account], account_ordering: [account.id], default_account_id: account.id });
}

/// Redirects the client to a fragment of a page.
function handleRedirect(request, response) {
  request.resume();
  response.writeHead(302, { location: '/echo?a=1#usage', 'content-length': 0 });
  response.end();
}

function handleControl(request, response, url) {
  if (url.pathname === '/control/ack') acknowledge(url.searchParams.get('gate'), Number(url.searchParams.get('n')));
  request.resume();
  sendJson(response, 200, {});
}

async function route(request, response) {
  const url = new URL(request.url, 'http://mock.test');
  const path = url.pathname;
  const together = setting(request, url, 'together', null);
  if (together) await barrier(together, Number(setting(request, url, 'together-n', 10)));
  if (path === '/v1/oauth/token' || path === '/oauth/token') return handleToken(request, response);
  if (path === '/backend-api/wham/accounts/check') return handleAccounts(request, response);
  if (path.startsWith('/v1/') || path === '/backend-api/codex/responses') return handleProvider(request, response, url);
  if (path.startsWith('/control/')) return handleControl(request, response, url);
  if (path.startsWith('/bytes/')) return handleBytes(request, response, url);
  if (path.startsWith('/git/') && options['git-root']) return serveGit(request, response, url, options['git-root']);
  if (path === '/upload') return handleUpload(request, response);
  if (path === '/redirect') return handleRedirect(request, response);
  if (path === '/echo') return handleEcho(request, response);
  return sendJson(response, 404, { error: { message: 'No such page.' } });
}

function handle(request, response) {
  response.on('error', () => {});
  route(request, response).catch(() => {
    // The client has gone or the mock is broken; both show on the client's side.
    if (response.headersSent) response.destroy?.();
    else sendJson(response, 500, { error: { message: 'The mock failed.' } });
  });
}

function listen(server, port) {
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  return new Promise((done, fail) => {
    server.once('error', fail);
    server.listen(Number(port), options.address, () => done(server.address().port));
  });
}

const http1 = { keepAliveTimeout: 60_000, requestTimeout: 0 };
const plain = createHttpServer(http1, handle).on('upgrade', acceptWebSocket);
const ports = { http: await listen(plain, options['port-http']) };
if (options.cert && options.key) {
  const tls = { cert: readFileSync(options.cert), key: readFileSync(options.key) };
  const secure = createHttpsServer({ ...http1, ...tls, ALPNProtocols: ['http/1.1'] }, handle).on('upgrade', acceptWebSocket);
  ports.https = await listen(secure, options['port-https']);
  ports.h2 = await listen(createH2Server({ ...tls, allowHTTP1: true }, handle), 0);
}
console.log(JSON.stringify({ ...ports, pid: process.pid }));
process.stdin.resume().on('end', () => process.exit(0));
