// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// ws in a tunnel made by https-proxy-agent.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { perform, require, task } from './task.mjs';

const { WebSocket } = require('ws');
const { HttpsProxyAgent } = require('https-proxy-agent');

/// A WebSocket whose messages are awaited one by one.
async function connect() {
  const socket = new WebSocket(`${task.target.replace(/^http/, 'ws')}/ws`, { agent: new HttpsProxyAgent(task.proxy) });
  const messages = [];
  let wake = () => {};
  let failure = null;
  socket.on('message', (data) => {
    messages.push(data);
    wake();
  });
  const fail = (error) => {
    failure ??= error;
    wake();
  };
  socket.on('error', fail).on('close', () => fail(new Error('closed')));
  const next = async () => {
    while (messages.length === 0) {
      if (failure) throw failure;
      await new Promise((done) => {
        wake = done;
      });
    }
    return messages.shift();
  };
  const welcome = String(await next());
  const ask = (message) => {
    socket.send(message);
    return next();
  };
  return { socket, welcome, ask };
}

async function countEchoes(ask, count, pauseMs = 0) {
  let echoes = 0;
  for (let i = 0; i < count; ++i) {
    if (pauseMs && i > 0) await sleep(pauseMs);
    if (String(await ask(`message ${i}`)) === `message ${i}`) ++echoes;
  }
  return echoes;
}

await perform({
  echo: async () => {
    const { socket, welcome, ask } = await connect();
    const echoes = await countEchoes(ask, 5);
    const closed = new Promise((done) => {
      socket.on('close', (code) => done(code));
    });
    socket.close(1000);
    if (await closed !== 1000) throw new Error('not a clean close');
    return { welcome, echoes };
  },
  upload: async () => {
    const { ask } = await connect();
    return { sha256: createHash('sha256').update(await ask(readFileSync(task.file))).digest('hex') };
  },
  many: async () => {
    const all = await Promise.all(Array.from({ length: 10 }, connect));
    const echoes = await Promise.all(all.map(({ ask }) => countEchoes(ask, 1)));
    return { answers: echoes.reduce((sum, n) => sum + n, 0) };
  },
  silence: async () => {
    const { ask } = await connect();
    return { echoes: await countEchoes(ask, 2, 2000) };
  },
});
