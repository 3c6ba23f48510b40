// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// What the mock shows: a busy afternoon, and names that an attacker would choose.
export const iso = (secondsAgo) => new Date(Date.now() - secondsAgo * 1000).toISOString();

const hosts = ['api.openai.com', 'api.anthropic.com', 'generativelanguage.googleapis.com', 'openrouter.ai'];

export const rows = (number, more = {}) => [...Array(number).keys()].map((i) => ({
  id: i + 1, user: ['anna', 'ci', 'boris'][i % 3], host: hosts[i % 4], target: `${hosts[i % 4]}:443`, age_ms: 1_900_000 - i * 41_000 % 1_890_000,
  up: 24_000 * (i % 7 + 1), down: 310_000 * (i % 5 + 1), since_up_ms: 1000 * (i % 9), since_down_ms: 1500 * (i % 6), longest_silence_ms: 1500 * (i % 240),
  ...i % 11 === 5 ? { phase: 'connecting' } : {}, ...i % 4 === 1 ? { route: 'berlin' } : { route: 'direct' }, ...more,
}));

export const work = (more) => ({
  id: 9, finished_at: iso(90), client: '192.0.2.8', front: 'http', status: 200, up: 12_000, down: 450_000, duration_ms: 242_000, silence_ms: 61_000,
  by: 'upstream', how: 'fin', method: 'CONNECT', target: 'api.openai.com:443', host: 'api.openai.com', port: 443, user: 'anna', ...more,
});

export const busy = () => ({
  rows: rows(37),
  finished: [
    work({ finished_at: iso(340) }),
    work({ finished_at: iso(200), by: 'client', how: 'fin', method: 'POST', target: 'http://api.example.com/v1/responses', host: 'api.example.com', port: 80 }),
    work({ finished_at: iso(130), by: 'proxy', how: 'refused', reason: 'private_target', status: 403, up: 0, down: 0, duration_ms: 2, silence_ms: 0, host: '10.0.0.1', target: '10.0.0.1:443', user: 'ci' }),
    work({ finished_at: iso(70), by: 'upstream', how: 'reset', reason: 'no_response', status: 502, duration_ms: 1_212_000, silence_ms: 1_200_000, host: hosts[1] }),
    work({ finished_at: iso(20), by: 'proxy', how: 'closed', duration_ms: 5_400_000, host: hosts[3], user: 'boris' }),
    work({ finished_at: iso(9), by: 'proxy', how: 'bad_request', reason: 'a CR is not followed by LF', method: '', target: '', host: '', port: 0, status: 400, up: 0, down: 0, duration_ms: 1, silence_ms: 0 }),
  ],
  refusals: [
    { client: '198.51.100.4', reason: 'credentials_wrong', count: 41, last_at: iso(7), reported: false },
    { client: '192.0.2.9', host: 'telemetry.example.org', port: 443, reason: 'host_not_listed', count: 3, last_at: iso(700), reported: true },
  ],
  blocks: [{ address: '198.51.100.4', left_s: 1740 }, { address: '2001:db8:1:2::', left_s: 600 }],
  users: [
    { name: 'anna', source: 'file', state: 'enabled', live: 13, connections: 50, hosts: ['@openai', '@anthropic'], note: 'desk in Berlin' },
    { name: 'boris', source: 'file', state: 'disabled', live: 0 },
    { name: 'ci', source: 'file', state: 'expired', until: '2026-11-01', live: 0, note: 'build server' },
    { name: 'sami', source: 'settings', state: 'enabled', live: 12 },
  ],
  settings: [
    { name: 'proxy_port', value: '8080', source: 'default', settable: false, locked: false },
    { name: 'log_level', value: 'info', source: 'environment', settable: true, locked: true },
    { name: 'allowed_ips', value: '192.0.2.0/24,private', source: 'state', settable: true, locked: false },
    { name: 'proxy_auth_password', value: '***', source: 'file', settable: false, locked: false },
    { name: 'allowed_hosts', value: '', source: 'default', settable: true, locked: false },
  ],
  status: { parents: [
    { name: 'berlin', kind: 'https', condition: 'healthy', preferred: true, barred: false, latency_ms: 31 },
    { name: 'helsinki', kind: 'https', condition: 'resting', preferred: false, barred: false, fault: 'tls', rest_ms: 80_000 },
    { name: 'direct', kind: 'direct', condition: 'healthy', preferred: false, barred: false },
  ] },
});

/// A page that took these for HTML would run or load something, or reverse the line.
export const hostile = [
  '<img src=x onerror="window.ran=1">', '<script>window.ran=1</script>', '"><svg onload=window.ran=1>', "javascript:window.ran=1", '{{constructor.constructor("window.ran=1")()}}',
  '${window.ran=1}', '</div><iframe srcdoc="<script>parent.ran=1</script>">', 'evil\u202egnp.exe', 'two\nlines\u0000\u001b[31m', 'a'.repeat(5000), '{name}{d}%1', '__proto__',
];
