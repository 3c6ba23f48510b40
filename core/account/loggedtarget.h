// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "http/requesttarget.h"

#include <QByteArray>
#include <QByteArrayView>

namespace sami::account {

/// The part of a request's target that a log may show: no query, no userinfo, and not too long.
[[nodiscard]] QByteArray loggedTarget(const http::RequestTarget &target);

/// The same for a target that could not be parsed, or that a fault cut short (`isWhole` is false).
/// Where its parts end is a guess, so anything that may belong to userinfo or a query stays out:
///
///   target                              shown
///   gopher://a/b?c                      gopher://a/b
///   http://user:pa/ss@host/             http://***@host/
///   http://user:pa?ss@host/             http://...
///   http://host/b, cut                  http://host/...
///   http://user:pa, cut                 http://...
///   http://user:pass                    http://...
///   //user:pass@host/                   //***@host/
///   user:pass%40host:443                ...
///   /b?c                                /b
[[nodiscard]] QByteArray loggedRawTarget(QByteArrayView target, bool isWhole);

} // namespace sami::account
