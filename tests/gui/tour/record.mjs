// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// record.mjs MODULES DAEMON [SECONDS] > trace.json: records ten minutes of the providers' own SDKs through the daemon,
// for the pictures of the documents.
//
// Programs, daemon and bytes are real. The provider is the mock of tests/clients, because a test cannot reach the real
// ones: it sends the requested number of events and waits a fixed time before each. Each program has its own tap in
// front of the daemon, which counts the bytes of each second in both directions.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, connect } from 'node:net';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const [modules, daemon, seconds = '600'] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const require = createRequire(join(resolve(modules), 'package.json'));
const { ProxyAgent, fetch } = require('undici');
const OpenAI = require('openai').default;
const Anthropic = require('@anthropic-ai/sdk').default;
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const limit = Number(seconds);

/// What each program does, repeatedly: a number of events, the time between them (ms), and then a rest (s). A chat
/// sends its whole history with each question, unless it is forgetful.
const programs = [
  { name: 'openai: a chat', sdk: 'openai', events: 420, pace: 24, rest: 14 },
  { name: 'anthropic: long answers, read in between', sdk: 'anthropic', events: 900, pace: 31, rest: 70 },
  { name: 'openai: short answers', sdk: 'openai', events: 130, pace: 55, rest: 22 },
  { name: 'anthropic: documents, summed up', sdk: 'anthropic', events: 60, pace: 20, rest: 40, document: 30_000, isForgetful: true },
  { name: 'openai: one answer after the other', sdk: 'openai', events: 1500, pace: 11, rest: 1, isForgetful: true },
];

/// The port that it prints when it is ready.
async function started(command, args, env, pattern) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'inherit'] });
  process.on('exit', () => child.kill());
  let said = '';
  for await (const text of child.stdout.iterator({ destroyOnReturn: false })) {
    said += text;
    const found = pattern.exec(said);
    if (found) {
      child.stdout.resume();
      return Number(found[1]);
    }
  }
  throw new Error(`${command} did not start: ${said}`);
}

const mock = await started(process.execPath, [join(here, '../../clients/mock/server.mjs')], {},
  /"http":(\d+)/);
const proxy = await started(resolve(daemon), [], { PROXY_ADDRESS: '127.0.0.1', PROXY_PORT: '0', ALLOW_PRIVATE_TARGETS: '127.0.0.0/8' },
  / started .* port=(\d+)/);

const began = Date.now();
const secondNow = () => Math.floor((Date.now() - began) / 1000);

/// Counts the bytes between the program and the daemon.
async function tap(record) {
  const count = (list, data) => {
    const second = secondNow();
    if (second < limit) list[second] += data.length;
  };
  const server = createServer((client) => {
    const upstream = connect(proxy, '127.0.0.1');
    client.on('data', (data) => { count(record.up, data); upstream.write(data); });
    upstream.on('data', (data) => { count(record.down, data); client.write(data); });
    for (const [one, other] of [[client, upstream], [upstream, client]]) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server.address().port;
}

async function ask(program, client, messages, headers) {
  let text = '';
  if (program.sdk === 'openai') {
    const stream = await client.chat.completions.create({ model: 'mock-small', stream: true, messages }, { headers });
    for await (const chunk of stream) text += chunk.choices[0].delta.content ?? '';
  } else {
    const stream = client.messages.stream({ model: 'mock-small', max_tokens: 4096, messages }, { headers });
    for await (const event of stream) if (event.type === 'content_block_delta') text += event.delta.text;
  }
  return text;
}

async function run(program, record) {
  const dispatcher = new ProxyAgent(`http://127.0.0.1:${await tap(record)}`);
  const settings = { apiKey: 'none', maxRetries: 0, fetch, fetchOptions: { dispatcher } };
  const target = `http://127.0.0.1:${mock}`;
  const client = program.sdk === 'openai' ? new OpenAI({ ...settings, baseURL: `${target}/v1` }) : new Anthropic({ ...settings, baseURL: target });
  const headers = { 'x-mock-events': String(program.events), 'x-mock-silence-ms': String(program.pace) };
  let messages = [];
  await sleep(1700 * programs.indexOf(program));
  for (;;) {
    const question = program.document ? 'Sum this up: ' + 'word '.repeat(program.document / 5) : 'And then?';
    if (program.isForgetful) messages = [];
    messages.push({ role: 'user', content: question });
    messages.push({ role: 'assistant', content: await ask(program, client, messages, headers) });
    await sleep(1000 * program.rest);
  }
}

const records = programs.map(({ name }) => ({ name, up: Array(limit).fill(0), down: Array(limit).fill(0) }));
// They keep asking until this ends; one that fails ends it.
await Promise.race([Promise.all(programs.map((program, i) => run(program, records[i]))), sleep(1000 * limit)]);
const rows = records.map((record) => `  ${JSON.stringify(record)}`).join(',\n');
process.stdout.write(`{"recorded": "${new Date().toISOString().slice(0, 10)}", "unit": "octets in each second", "programs": [\n${rows}\n]}\n`);
process.exit(0);
