// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { spawn } from 'node:child_process';

const running = new Set(); // what killAll() ends: only this program's children

function killGroup(child, signal) {
  try {
    process.kill(-child.pid, signal); // its own group, so that git's helpers die too
  } catch {
    // It had already gone.
  }
}

export function start(program, args, { env, cwd, stdio = ['ignore', 'pipe', 'pipe'] } = {}) {
  const child = spawn(program, args, { env, cwd, stdio, detached: true });
  running.add(child);
  child.ended = new Promise((done) => {
    child.on('error', (error) => done({ code: null, signal: null, error }));
    child.on('close', (code, signal) => done({ code, signal }));
  }).finally(() => running.delete(child));
  return child;
}

/// Ends a child of start(), and its children.
export function killTree(child) {
  killGroup(child, 'SIGKILL');
}

export async function killAll() {
  const all = [...running];
  all.forEach((child) => killGroup(child, 'SIGKILL'));
  await Promise.all(all.map((child) => child.ended)); // waited for, so that none remains as a zombie
}

/// Runs a program to its end. `onText` gets all of standard output so far, each time more arrives.
export async function run(program, args, { env, cwd, input, onText, timeoutMs = 60_000 } = {}) {
  const child = start(program, args, { env, cwd, stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'] });
  let stdout = '';
  let stderr = '';
  let timedOut = false;
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    onText?.(stdout);
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  if (input !== undefined) {
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  }
  const timer = setTimeout(() => {
    timedOut = true;
    killGroup(child, 'SIGKILL');
  }, timeoutMs);
  const end = await child.ended;
  clearTimeout(timer);
  return { ...end, stdout, stderr, timedOut, program };
}
