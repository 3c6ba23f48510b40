// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
import { createHash } from 'node:crypto';

/// `count` pseudo-random bytes, the same everywhere (xorshift32).
export function pattern(count) {
  const bytes = Buffer.allocUnsafe(count);
  let x = 0x5a315a31;
  for (let i = 0; i < count; ++i) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    bytes[i] = x & 0xff;
  }
  return bytes;
}

/// The sha256 of the response to /bytes/<count>: the first 64 KiB of the pattern, repeated.
export function sha256OfBytes(count) {
  const block = pattern(64 * 1024);
  const hash = createHash('sha256');
  for (let sent = 0; sent < count; sent += block.length) hash.update(block.subarray(0, Math.min(block.length, count - sent)));
  return hash.digest('hex');
}
