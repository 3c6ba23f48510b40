// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './process.mjs';

const config = (names) => `
[req]
distinguished_name = name
prompt = no
[name]
CN = Sami real-clients test
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[leaf]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = serverAuth
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
subjectAltName = ${['localhost', 'mock.test', ...names].map((name) => `DNS:${name}`).join(', ')}, IP:127.0.0.1
`;

/// A new authority and its certificate for the mock, valid for two days; also for other names.
export async function makeCertificates(dir, env, names = []) {
  const file = (name) => join(dir, name);
  const openssl = async (...args) => {
    const { code, stderr } = await run('openssl', args, { env });
    if (code !== 0) throw new Error(`openssl ${args[0]} failed: ${stderr.trim()}`);
  };
  writeFileSync(file('openssl.cnf'), config(names));
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-config', file('openssl.cnf')];
  await openssl('req', '-x509', ...newKey, '-extensions', 'authority', '-subj', '/CN=Sami real-clients CA',
    '-days', '2', '-keyout', file('ca.key'), '-out', file('ca.pem'));
  await openssl('req', '-new', ...newKey, '-subj', '/CN=mock.test', '-keyout', file('mock.key'), '-out', file('mock.csr'));
  await openssl('x509', '-req', '-in', file('mock.csr'), '-CA', file('ca.pem'), '-CAkey', file('ca.key'),
    '-CAcreateserial', '-days', '2', '-extfile', file('openssl.cnf'), '-extensions', 'leaf', '-out', file('mock.pem'));
  return { ca: file('ca.pem'), cert: file('mock.pem'), key: file('mock.key') };
}
