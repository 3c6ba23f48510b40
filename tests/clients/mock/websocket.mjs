// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A WebSocket that echoes every message (RFC 6455); no extensions.
import { createHash } from 'node:crypto';

const Opcode = { Continuation: 0, Text: 1, Binary: 2, Close: 8, Ping: 9, Pong: 10 };
const maxFrame = 64 * 1024 * 1024;

function frame(opcode, payload, fin = true) {
  const first = (fin ? 0x80 : 0) | opcode;
  let head;
  if (payload.length < 126) {
    head = Buffer.from([first, payload.length]);
  } else if (payload.length < 65536) {
    head = Buffer.from([first, 126, 0, 0]);
    head.writeUInt16BE(payload.length, 2);
  } else {
    head = Buffer.alloc(10);
    head[0] = first;
    head[1] = 127;
    head.writeBigUInt64BE(BigInt(payload.length), 2);
  }
  return Buffer.concat([head, payload]);
}

/// One frame from the front of `data`, or null while it is incomplete.
function readFrame(data) {
  if (data.length < 2) return null;
  let length = data[1] & 0x7f;
  let at = 2;
  if (length === 126) {
    if (data.length < 4) return null;
    length = data.readUInt16BE(2);
    at = 4;
  } else if (length === 127) {
    if (data.length < 10) return null;
    length = Number(data.readBigUInt64BE(2));
    at = 10;
  }
  if (!(data[1] & 0x80) || length > maxFrame) throw new Error('bad frame');
  if (data.length < at + 4 + length) return null;
  const mask = data.subarray(at, at + 4);
  const payload = Buffer.from(data.subarray(at + 4, at + 4 + length));
  for (let i = 0; i < payload.length; ++i) payload[i] ^= mask[i & 3];
  return { opcode: data[0] & 0x0f, fin: Boolean(data[0] & 0x80), payload, size: at + 4 + length };
}

export function acceptWebSocket(request, socket, head) {
  socket.on('error', () => socket.destroy());
  const key = request.headers['sec-websocket-key'];
  if (!key || new URL(request.url, 'http://mock.test').pathname !== '/ws') {
    // This makes Codex continue without a WebSocket.
    socket.end('HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    return;
  }
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  socket.setNoDelay(true);
  // The server speaks at once, in the segment with the 101, as some providers do.
  socket.write(Buffer.concat([
    Buffer.from('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n'
      + `Sec-WebSocket-Accept: ${accept}\r\n\r\n`),
    frame(Opcode.Text, Buffer.from('welcome')),
  ]));
  let parts = [head];
  let size = head.length;
  let wanted = 0; // do not parse again before this many bytes are here
  const advance = () => {
    if (size < wanted) return;
    let data = Buffer.concat(parts);
    for (let f = readFrame(data); f; f = readFrame(data)) {
      data = data.subarray(f.size);
      if (f.opcode === Opcode.Close) {
        socket.end(frame(Opcode.Close, f.payload));
        return;
      }
      if (f.opcode === Opcode.Ping) socket.write(frame(Opcode.Pong, f.payload));
      else if (f.opcode !== Opcode.Pong) socket.write(frame(f.opcode, f.payload, f.fin));
    }
    parts = [data];
    size = data.length;
    wanted = size < 10 ? 0 : Math.min((data[1] & 0x7f) === 127 ? Number(data.readBigUInt64BE(2)) : 0, maxFrame);
  };
  const feed = (data) => {
    parts.push(data);
    size += data.length;
    try {
      advance();
    } catch {
      socket.destroy();
    }
  };
  socket.on('data', feed);
  feed(Buffer.alloc(0));
}
