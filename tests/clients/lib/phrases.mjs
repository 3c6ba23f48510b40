// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT

/// The status line of each refusal. Most clients show no more than this of a refused CONNECT, some less.
export const phrases = {
  host: '403 Forbidden by ALLOWED_HOSTS',
  own: '403 The proxy\'s own address, see ALLOW_PRIVATE_TARGETS',
  private: '403 Private address, see ALLOW_PRIVATE_TARGETS',
  password: '407 Wrong user name or password',
  name: '502 Name not found',
  clear: '403 This proxy asks for TLS, see PROXY_TLS',
};

export const statusOf = (phrase) => phrase.slice(0, 3);
export const reasonOf = (phrase) => phrase.slice(4);
