// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/endpoint.h"
#include "gui/control/ownlistener.h"

#include <QAbstractSocket>
#include <QObject>
#include <QPointer>

QT_BEGIN_NAMESPACE
class QTcpSocket;
QT_END_NAMESPACE

namespace sami::gui {

/// Connects to our own listener to see whether it still answers. One connection at a time. Main
/// thread.
///
///     the connection                                       what follows
///     is made                                              nothing
///     is refused, leads nowhere, or takes over 2 s         died()
///     cannot be tried: this program has no descriptor,     isDue(): the failure says nothing
///     memory or port left, or may not connect              about the listener
class ListenerProbe : public QObject
{
    Q_OBJECT

public:
    explicit ListenerProbe(QObject *parent = nullptr) : QObject(parent) {}

    /// Does nothing while an earlier probe is running.
    void ask(const SocketAddress &listener, const AnnounceOwn &announce);
    /// The last probe could not be tried: ask again.
    [[nodiscard]] bool isDue() const { return m_isDue; }

Q_SIGNALS:
    void died();

private:
    enum class Verdict { Alive, Dead, Unknown };

    [[nodiscard]] static Verdict verdictOf(QAbstractSocket::SocketError error);
    void end(Verdict verdict);

    QPointer<QTcpSocket> m_socket; ///< while a probe runs
    bool m_isDue = false;
};

} // namespace sami::gui
