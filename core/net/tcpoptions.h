// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

/// Socket options on bare descriptors, the one place with platform differences. Failures are
/// ignored: an option that cannot be set is a connection that works a little less well.
/// No TCP_USER_TIMEOUT here: measured, it kills a slow reader.
namespace sami::net {

/// Interval and count of keepalive probes behind the idle time: a dead peer is noticed after
/// idle + 3 × 10 s.
inline constexpr int keepaliveIntervalSeconds = 10;
inline constexpr int keepaliveProbes = 3;

void setNoDelay(qintptr descriptor);
/// RFC 6093 §5: an urgent octet is an octet like any other. Without this it would be missing from
/// the stream that is passed on.
void setUrgentInline(qintptr descriptor);
/// 0 turns keepalive off.
void setKeepalive(qintptr descriptor, int idleSeconds);
/// Sets all three on a listening socket. True where each connection that arrives from now on has
/// them from there (Linux): six system calls that no connection needs to make.
bool setForArrivals(qintptr listener, int idleSeconds);
/// The next close() sends RST and throws undelivered octets away.
void setResetOnClose(qintptr descriptor);
/// Sends FIN, keeps reading.
void shutdownWrite(qintptr descriptor);
/// Octets sent but not acknowledged yet; 0 where the system does not tell.
[[nodiscard]] qsizetype unacknowledgedBytes(qintptr descriptor);
/// Whether the system tells at all.
[[nodiscard]] bool tellsUnacknowledgedBytes();
/// Whether neither octets nor an end wait in the kernel, on a non-blocking descriptor.
[[nodiscard]] bool isSilent(qintptr descriptor);
void closeDescriptor(qintptr descriptor);
/// Closes after a few last words, so few that an empty send buffer takes them, and FIN. Never
/// waits: a peer that sends on is answered with RST, which may overtake them.
void closeWithWords(qintptr descriptor, QByteArrayView words);

} // namespace sami::net
