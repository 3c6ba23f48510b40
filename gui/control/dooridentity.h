// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"

#include <QByteArray>
#include <QDateTime>
#include <QObject>
#include <QString>

namespace sami::gui {

/// What clients that speak TLS with the proxy are shown.
struct ShownIdentity
{
    enum class Kind {
        Unknown, ///< nobody has looked yet
        Off,     ///< clients are not to speak TLS
        None,    ///< there is nothing to show: no TLS
        NotYet,  ///< the own one, which the proxy makes when it starts
        Own,     ///< a certificate that the program has made for itself
        File,    ///< the operator's
        Unusable ///< `problem` is why
    };

    Kind kind = Kind::Unknown;
    QByteArray pin;         ///< "sha256//…" of the key; Own and File
    QByteArray certificate; ///< PEM, as clients get it; Own and File
    QDateTime end;          ///< the certificate's; invalid where it cannot be read
    QString problem;        ///< a sentence of the core, in English

    friend bool operator==(const ShownIdentity &, const ShownIdentity &) = default;
};

/// Looks up what the proxy shows by some settings, and saves its certificate. It belongs to the
/// page that shows it. Main thread; the disk is touched by a thread beside it, one order after the
/// other, and answers come from the event loop, not at all after this object's end.
class DoorIdentity : public QObject
{
    Q_OBJECT

public:
    explicit DoorIdentity(QObject *parent = nullptr);

    /// looked() follows when it is known; of several orders the last one counts.
    void look(const config::Settings &settings);
    /// As of the last look.
    [[nodiscard]] const ShownIdentity &shown() const { return m_shown; }
    /// Writes its certificate into a file; saved() follows.
    void save(const QString &path);

Q_SIGNALS:
    void looked();
    /// Empty: the file is written. Otherwise what the system says.
    void saved(const QString &path, const QString &problem);

private:
    ShownIdentity m_shown;
    quint64 m_looks = 0; ///< orders to look; an answer to an older one is stale
};

} // namespace sami::gui
