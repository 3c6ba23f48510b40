// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArrayView>

/// Socket options and calls on bare descriptors, where platforms differ. Failures to set an option
/// are ignored, because a connection works almost as well without it. TCP_USER_TIMEOUT is not used:
/// in measurements it killed slow readers.
namespace sami::net {

/// Interval and number of keepalive probes after the idle time: a dead peer is noticed 3 × 10 s
/// after that.
inline constexpr int keepaliveIntervalSeconds = 10;
inline constexpr int keepaliveProbes = 3;

void setNoDelay(qintptr descriptor);
/// RFC 6093 §5: treats urgent octets like any others. Otherwise they would be missing from the
/// forwarded stream.
void setUrgentInline(qintptr descriptor);
/// 0 turns keepalive off.
void setKeepalive(qintptr descriptor, int idleSeconds);
/// Sets all three on a listening socket. True where accepted connections inherit them (Linux),
/// which saves six system calls for each.
bool setForArrivals(qintptr listener, int idleSeconds);
/// Makes the next close() send RST and discard undelivered octets.
void setResetOnClose(qintptr descriptor);
/// Sends FIN; reading continues.
void shutdownWrite(qintptr descriptor);
/// Octets sent but not yet acknowledged; 0 where the system cannot tell.
[[nodiscard]] qsizetype unacknowledgedBytes(qintptr descriptor);
/// Whether the system can tell.
[[nodiscard]] bool tellsUnacknowledgedBytes();
/// Whether neither octets nor an end wait in the kernel. For a non-blocking descriptor.
[[nodiscard]] bool isSilent(qintptr descriptor);
void closeDescriptor(qintptr descriptor);
/// Sends a few octets (they must fit into an empty send buffer) and FIN, then closes. Never blocks.
/// A peer that keeps sending gets RST, which may overtake the octets.
void closeWithWords(qintptr descriptor, QByteArrayView words);

} // namespace sami::net
