// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Values as people read them. The sentences for ends and reasons are the tray app's (gui/translations/
// pagetexts.py), chosen as in gui/text/wordingends.cpp and livestate.cpp.
let texts = { page: {}, reasons: {}, words: {} };
let numbers, day, clock;

export function use(name, loaded) {
  texts = loaded;
  numbers = [0, 1].map((digits) => new Intl.NumberFormat(name, { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  clock = new Intl.DateTimeFormat(name, { timeStyle: 'medium', hourCycle: 'h23' });
  day = new Intl.DateTimeFormat(name, { dateStyle: 'medium' });
}

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
export const t = (key, values = {}) => fill(texts.page[key] ?? texts.words[key] ?? key, values);

/// For names from strangers: characters that are invisible, or reverse the line, become a mark.
export const clean = (text) => String(text ?? '').replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');

export const number = (n) => numbers[0].format(n);

export function octets(n) {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  for (; n >= 999.5 && unit + 1 < units.length; ++unit) n /= 1000;
  return `${numbers[unit > 0 && n < 9.95 ? 1 : 0].format(n)} ${t(units[unit])}`;
}
export const rate = (perSecond) => t('rate', { n: octets(Math.round(perSecond)) });

export function seconds(ms) {
  const whole = Math.max(Math.floor(ms / 1000), 0);
  const pair = (key, big, small) => t(key, { n: Math.floor(whole / big), m: String(Math.floor((whole % big) / small)).padStart(2, '0') });
  if (whole < 60) return t('s', { n: whole });
  if (whole < 3600) return pair('m_s', 60, 1);
  return whole < 86400 ? pair('h_m', 3600, 60) : pair('d_h', 86400, 3600);
}
export function duration(ms) {
  if (ms < 1000) return t('ms', { n: Math.max(ms, 0) });
  return ms < 10000 ? t('s', { n: numbers[1].format(Math.floor(ms / 100) / 10) }) : seconds(ms);
}
export const date = (text) => day.format(new Date(text));
export function time(text) {
  const then = new Date(text);
  const at = clock.format(then);
  return then.toDateString() === new Date().toDateString() ? at : `${day.format(then)} ${at}`;
}

/// An unknown code is returned as it is. Keys hold only the part of a code that makes it unique.
export const reason = (code = '') => texts.reasons[code.slice(0, 28)] ?? clean(code);

const isTunnel = (work) => work.status === 101 || (work.status === 200 && work.method === 'CONNECT');
const isBroken = (how) => ['fin', 'reset', 'keepalive', 'error'].includes(how);

function afterClient(work) {
  const { how, reason: why, status, up } = work;
  const cut = why === 'request_incomplete';
  if ((why && !cut) || !isBroken(how)) return null;
  if (how !== 'fin' || cut) return cut ? `${how}_client_request` : null;
  if (!work.method) return 'fin_client_unused';
  if (isTunnel(work)) return null;
  return status ? 'fin_client_answer' : up ? 'fin_client_wait' : 'fin_client_reach';
}
const afterServer = ({ how, reason: why }) => (['no_response', 'response_incomplete'].includes(why) && isBroken(how) ? `${how}_${why}` : null);

function afterProxy({ by, how, reason: why }) {
  if (!why) return null;
  switch (how) {
    case 'complete': return 'own';
    case 'timeout:silence': return why === 'silence' ? 'unanswered' : null;
    case 'timeout:dial': return { connection_timeout: how, dns_timeout: why }[why];
    case 'timeout:head': return why === 'head_timeout' ? how : null;
    case 'bad_request': return by === 'client' ? 'bad_body_why' : 'bad_request_why';
    case 'limit': return why === 'kept_input' ? 'limit_cut_why' : 'limit_why';
    case 'refused': case 'drained': return 'refused_why';
    case 'dial_failed': case 'bad_response': return `${how}_why`;
    case 'closed': return 'cut_why';
    default: return why === 'parent_lost' && isBroken(how) && how !== 'fin' ? 'cut_why' : null;
  }
}

/// A sentence: who ended the work, how, why and after how long.
export function whyEnded(work) {
  const values = { d: duration(work.duration_ms), s: duration(work.silence_ms), r: reason(work.reason) };
  const own = { client: afterClient, upstream: afterServer }[work.by]?.(work) ?? afterProxy(work);
  if (own) return t(own, values);
  const plain = t(isBroken(work.how) ? `${work.how}_${work.by === 'client' ? 'client' : 'upstream'}` : work.how, values);
  return work.reason ? `${plain}: ${values.r}` : plain;
}

/// What a connection seems to be doing, by timing only; `more` is the age of the row in ms.
export function liveState(row, more = 0) {
  if (row.phase === 'awaiting_request') return row.requests ? 'idle' : 'unused';
  if (row.phase === 'connecting' || row.phase === 'closing') return row.phase;
  const spoke = 'first_byte_ms' in row;
  if (row.phase === 'tunnel' && !spoke && (!row.up || row.since_up_ms > row.longest_silence_ms)) return 'unused';
  if (silence(row, more) < 5000) return 'streaming';
  return !spoke || row.since_up_ms <= row.since_down_ms ? 'waiting' : 'idle';
}
export const silence = (row, more = 0) => Math.min(row.since_up_ms, row.since_down_ms) + more;
