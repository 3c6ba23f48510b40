// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// git's smart HTTP protocol: `git http-backend` as a CGI program (RFC 3875).
import { spawn } from 'node:child_process';

export function serveGit(request, response, url, root) {
  return new Promise((done) => {
    const header = (name) => request.headers[name] ?? '';
    const child = spawn('git', ['http-backend'], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: {
        PATH: process.env.PATH, HOME: root, GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1',
        GIT_CONFIG_NOSYSTEM: '1', REMOTE_USER: 'mock', REMOTE_ADDR: '127.0.0.1', SERVER_PROTOCOL: 'HTTP/1.1',
        REQUEST_METHOD: request.method, PATH_INFO: decodeURIComponent(url.pathname.slice('/git'.length)),
        QUERY_STRING: url.search.slice(1), CONTENT_TYPE: header('content-type'),
        HTTP_CONTENT_ENCODING: header('content-encoding'), GIT_PROTOCOL: header('git-protocol'),
        ...(header('content-length') ? { CONTENT_LENGTH: header('content-length') } : {}),
      },
    });
    child.on('error', () => {
      response.writeHead(500).end();
      done();
    });
    child.stdin.on('error', () => {});
    request.pipe(child.stdin);
    response.on('close', () => child.kill());
    let head = Buffer.alloc(0);
    child.stdout.on('data', (data) => {
      if (response.headersSent) {
        if (!response.write(data)) {
          child.stdout.pause();
          response.once('drain', () => child.stdout.resume());
        }
        return;
      }
      head = Buffer.concat([head, data]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      const fields = head.toString('latin1', 0, end).split('\r\n').map((line) => line.split(/:\s*/, 2));
      const status = fields.find(([name]) => name.toLowerCase() === 'status')?.[1] ?? '200';
      response.writeHead(Number.parseInt(status, 10), Object.fromEntries(fields.filter(([n]) => n.toLowerCase() !== 'status')));
      if (end + 4 < head.length) response.write(head.subarray(end + 4));
    });
    child.stdout.on('end', () => {
      if (!response.headersSent) response.writeHead(500);
      response.end();
      done();
    });
  });
}
