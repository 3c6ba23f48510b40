// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The API of the door that served this page. The token stays here and goes nowhere else.
let token = '';

export const setToken = (text) => { token = text; };

const ask = (path, options = {}) => fetch(`api/v1/${path}`, {
  cache: 'no-store', credentials: 'omit', redirect: 'error', referrerPolicy: 'no-referrer', ...options,
  headers: { ...(token ? { Authorization: `Bearer ${token}` } : {}), ...options.headers },
});

/// The server's problem answer, as an error with its status.
async function problem(answer) {
  const { detail, code } = await answer.json().catch(() => ({}));
  return Object.assign(new Error(detail ?? `HTTP ${answer.status}`), { status: answer.status, code });
}

export async function get(path) {
  const answer = await ask(path);
  if (!answer.ok) throw await problem(answer);
  return { ...await answer.json(), tag: answer.headers.get('ETag') };
}
export async function post(path) {
  const answer = await ask(path, { method: 'POST' });
  if (!answer.ok) throw await problem(answer);
}
/// The server refuses the order if its state no longer has that tag.
export async function put(path, order, tag) {
  const answer = await ask(path, { method: 'PUT', body: JSON.stringify(order), headers: { 'Content-Type': 'application/json', 'If-Match': tag } });
  if (!answer.ok) throw await problem(answer);
  return answer.json();
}

const longestWait = 30_000;
const deaf = 40_000; // the server sends something at least every 15 s

/// Reads events until the signal aborts: take(name, data). down(ms): the connection is gone, and is tried
/// again after that time. Throws if the token is refused.
export async function follow(signal, take, down) {
  let last = '';
  for (let wait = 1000; ; wait = Math.min(wait * 2, longestWait)) {
    try {
      await read(signal, last, (name, data, id) => {
        last = id || last;
        wait = 500;
        take(name, data);
      });
    } catch (error) {
      if (error.status === 401 || error.status === 403) throw error;
    }
    if (signal.aborted) return;
    const pause = wait * (0.5 + Math.random() / 2);
    down(pause);
    await new Promise((done) => { setTimeout(done, pause); signal.addEventListener('abort', done, { once: true }); });
    if (signal.aborted) return;
  }
}

async function read(signal, last, take) {
  const gone = new AbortController();
  const stop = () => gone.abort();
  signal.addEventListener('abort', stop);
  let timer = setTimeout(stop, deaf);
  try {
    const answer = await ask('events', { signal: gone.signal, headers: last ? { 'Last-Event-ID': last } : {} });
    if (!answer.ok) throw await problem(answer);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(timer);
      timer = setTimeout(stop, deaf);
      const from = Math.max(text.length - 1, 0);
      text += value;
      for (let at = from, end; (end = text.indexOf('\n\n', at)) >= 0; at = 0) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        const fields = Object.fromEntries(event.split('\n').filter((line) => !line.startsWith(':'))
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()]));
        if (fields.data) take(fields.event, JSON.parse(fields.data), fields.id);
      }
    }
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    gone.abort();
  }
}
