#!/usr/bin/env node
// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// words.mjs [--print]: the sentences of core/admin/page/words.js. All ends together have a digest,
// which tests/gui/tst_ending.cpp computes from the tray app's sentences: both must agree, in both
// languages.
import { deepStrictEqual as equal, ok } from 'node:assert';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

// The folder has no package.json, so older versions of Node.js would take its files for CommonJS.
const page = new URL('../../core/admin/page/', import.meta.url);
const words = await import(`data:text/javascript;base64,${readFileSync(new URL('words.js', page)).toString('base64')}`);
const texts = (language) => JSON.parse(readFileSync(new URL(`${language}.json`, page), 'utf8'));
const digests = JSON.parse(readFileSync(new URL('ends.json', import.meta.url), 'utf8'));

const hows = ['complete', 'fin', 'reset', 'keepalive', 'error', 'timeout:silence', 'timeout:dial', 'timeout:head', 'timeout:idle', 'refused',
  'dial_failed', 'bad_request', 'bad_response', 'drained', 'limit'];
const reasons = [undefined, 'request_incomplete', 'no_response', 'response_incomplete', 'silence', 'connection_timeout', 'dns_timeout', 'head_timeout',
  'parent_lost', 'kept_input', 'full', 'private_target', 'tls_truncated', 'a CR is not followed by LF', 'parent_pin', 'socks_port'];
const shapes = [['', 0], ['CONNECT', 0], ['CONNECT', 200], ['GET', 200], ['GET', 101], ['POST', 502]];

function allEnds() {
  const sentences = [];
  for (const how of hows)
    for (const by of ['client', 'upstream', 'proxy'])
      for (const reason of reasons)
        for (const [method, status] of shapes)
          for (const up of [0, 7])
            sentences.push(words.whyEnded({ how, by, reason, method, status, up, duration_ms: 61_000, silence_ms: 5_000 }));
  return sentences;
}

for (const language of ['en', 'ru']) {
  words.use(language, texts(language));
  const ends = allEnds();
  if (process.argv.includes('--print')) console.log(ends.join('\n'));
  ok(ends.every((end) => end && !/[{}%]|undefined/.test(end)), ends.find((end) => /[{}%]|undefined/.test(end)));
  ok(ends.every((end) => language === 'en' || /[а-яё]/iu.test(end)));
  equal(createHash('sha256').update(ends.join('\n')).digest('hex'), digests[language], `${language}: the ends are others than in ends.json`);
}

words.use('en', texts('en'));
const row = { phase: 'tunnel', requests: 1, up: 1, down: 1, since_up_ms: 9000, since_down_ms: 8000, longest_silence_ms: 20_000, first_byte_ms: 3 };
const states = [
  ['awaiting_request', { phase: 'awaiting_request', requests: 0 }, 'unused'],
  ['awaiting the next request', { phase: 'awaiting_request' }, 'idle'],
  ['connecting', { phase: 'connecting' }, 'connecting'],
  ['closing', { phase: 'closing' }, 'closing'],
  ['an exchange whose server has not spoken', { phase: 'exchange', first_byte_ms: undefined, since_up_ms: 9000, since_down_ms: 6000 }, 'waiting'],
  ['an exchange whose client spoke last', { phase: 'exchange', since_up_ms: 6000 }, 'waiting'],
  ['an exchange whose server spoke last', { phase: 'exchange' }, 'idle'],
  ['an exchange that moves', { phase: 'exchange', since_down_ms: 4999 }, 'streaming'],
  ['a tunnel in which nobody spoke', { first_byte_ms: undefined, up: 0 }, 'unused'],
  ['a tunnel whose octets are older than it', { first_byte_ms: undefined, since_up_ms: 30_000 }, 'unused'],
  ['a tunnel whose client spoke alone', { first_byte_ms: undefined, since_down_ms: 90_000 }, 'waiting'],
  ['of both at once the client', { since_up_ms: 8000 }, 'waiting'],
];
for (const [name, more, state] of states) {
  const { first_byte_ms: first, ...rest } = { ...row, ...more };
  equal(words.liveState(first === undefined ? rest : { ...rest, first_byte_ms: first }), state, name);
}
equal(words.liveState({ ...row, since_up_ms: 0, since_down_ms: 0 }, 5001), 'waiting', 'time passes on the page too');

equal([0, 999, 1000, 999_499, 9_949_999, 10_000_000, 2.5e12].map(words.octets), ['0 B', '999 B', '1.0 kB', '999 kB', '9.9 MB', '10 MB', '2.5 TB']);
equal([31, 4_250, 59_900, 242_000, 3_900_000, 273_600_000].map(words.duration), ['31 ms', '4.2 s', '59 s', '4m 02s', '1h 05m', '3d 04h']);
equal(words.clean('a\u202eb\u0000c\nd\u2028e'), 'a\ufffdb\ufffdc\ufffdd\ufffde');
equal(words.reason('never_heard_of'), 'never_heard_of');
words.use('ru', texts('ru'));
equal([words.octets(1_200_000), words.duration(4_250), words.duration(242_000)], ['1,2 МБ', '4,2 с', '4 мин 02 с']);
console.log('ok');
