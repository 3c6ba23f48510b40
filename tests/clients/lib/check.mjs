// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What the cases share: assertions with useful details, and the side channel of the streams.
import { request } from 'node:http';

const tail = (text, size = 600) => (text.length > size ? `…${text.slice(-size)}` : text).trim();

export class Failure extends Error {}

export function check(condition, what, result) {
  if (condition) return;
  const detail = result === undefined ? '' : describe(result);
  throw new Failure(detail ? `${what}; ${detail}` : what);
}

export function checkEqual(actual, expected, what, result) {
  check(actual === expected, `${what}: ${JSON.stringify(actual)}, expected ${JSON.stringify(expected)}`, result);
}

function describe(result) {
  if (typeof result !== 'object' || result.stdout === undefined) return tail(JSON.stringify(result));
  const how = result.timedOut ? 'killed: out of time' : (result.error?.message ?? `exit ${result.code ?? result.signal}`);
  return [how, result.stdout && `out: ${tail(result.stdout)}`, result.stderr && `err: ${tail(result.stderr)}`]
    .filter(Boolean).join(' | ');
}

export function checkExit(result, code, what) {
  check(result.code === code && !result.timedOut, `${what}: exit code should be ${code}`, result);
}

/// For run()'s onText: tells the mock, bypassing the proxy, which events the client has reported.
/// The mock holds event n+1 back until then, so a proxy that collects events stops the stream.
export function acknowledger(world, gate, seen = []) {
  return (text) => {
    for (const [, n] of text.matchAll(/"e(\d+) "/g)) {
      if (seen.includes(Number(n))) continue;
      seen.push(Number(n));
      acknowledge(world, gate, Number(n));
    }
  };
}

export function acknowledge(world, gate, n) {
  const ack = request({
    host: '127.0.0.1', port: world.mock.http, method: 'POST', path: `/control/ack?gate=${gate}&n=${n}`, agent: false,
  }, (response) => response.resume());
  ack.on('error', () => {});
  ack.end();
}

let names = 0;

/// A name for a gate or a barrier that no other case uses.
export function newName(kind) {
  return `${kind}-${process.pid}-${++names}`;
}
