// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QByteArray>
#include <QDateTime>
#include <QObject>
#include <QString>

namespace sami::gui {

/// What the proxy shows to clients that connect over TLS.
struct ShownIdentity
{
    enum class Kind {
        Unknown, ///< not looked up yet
        Off,     ///< clients do not use TLS
        None,    ///< there is no certificate and no folder to make one in, so no TLS
        NotYet,  ///< our own certificate, which the proxy will make at its next start
        Own,     ///< the certificate that the proxy made for itself
        File,    ///< the certificate in the operator's files
        Unusable ///< `problem` says why
    };

    Kind kind = Kind::Unknown;
    QByteArray pin;         ///< "sha256//…" of the key; Own and File
    QByteArray certificate; ///< PEM, as clients get it; Own and File
    QDateTime end;          ///< the certificate's expiry; invalid where it cannot be read
    QString problem;        ///< a sentence from the core, in English

    friend bool operator==(const ShownIdentity &, const ShownIdentity &) = default;
};

/// Looks up what the proxy shows with given settings, and saves its certificate. Owned by the page
/// that shows it. Main thread; the thread of beside.h touches the disk, one request at a time.
/// Results arrive from the event loop, and none after this object is destroyed.
class DoorIdentity : public QObject
{
    Q_OBJECT

public:
    explicit DoorIdentity(QObject *parent = nullptr);

    /// Looks up what these settings show; refreshed() follows. Of several calls, only the last one
    /// is answered.
    void refresh(const config::Settings &settings);
    /// As of the last refresh.
    [[nodiscard]] const ShownIdentity &shown() const { return m_shown; }
    /// Writes the certificate shown to a file; saved() follows.
    void save(const QString &path);

Q_SIGNALS:
    void refreshed();
    /// `problem` is empty on success, otherwise the system's message.
    void saved(const QString &path, const QString &problem);

private:
    ShownIdentity m_shown;
    quint64 m_refreshes = 0; ///< calls to refresh(); a result of an older one is stale
};

} // namespace sami::gui
