// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The task of a client script, and how it reports; see lib/scenarios.mjs.
import { createRequire } from 'node:module';
import { join } from 'node:path';

export const task = JSON.parse(process.env.CLIENT_TASK);

/// Loads from the folder in which `npm ci` ran, which is not the source folder.
export const require = createRequire(join(process.env.CLIENT_MODULES, 'package.json'));

export const question = { model: 'mock-small', messages: [{ role: 'user', content: 'hello' }] };

export const streamHeaders = {
  'x-mock-gate': task.gate,
  'x-mock-events': String(task.events ?? 3),
  ...(task.cutAfter ? { 'x-mock-cut-after': String(task.cutAfter) } : {}),
};

export const say = (line) => console.log(JSON.stringify(line));

/// Reports one event of a stream and returns its text.
export function report(text) {
  if (text) say({ event: text });
  return text ?? '';
}

/// An error and what caused it.
export function describe(error) {
  const causes = [];
  for (let e = error; e; e = e.cause) causes.push(`${e.name}: ${e.message}`);
  return causes.join(' <- ');
}

/// Performs the task's scenario; exits even if agents keep connections open.
export async function perform(scenarios) {
  try {
    say({ result: await scenarios[task.scenario]() });
  } catch (error) {
    if (error instanceof TypeError && error.cause === undefined) throw error; // the script is wrong
    say({ error: { message: describe(error), status: error.status ?? error.response?.status ?? null } });
  }
  process.exit(0);
}
