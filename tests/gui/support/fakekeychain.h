// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "gui/control/keychain.h"

#include <QList>
#include <QMap>
#include <QMetaObject>
#include <QPointer>
#include <QStringList>

#include <functional>
#include <optional>
#include <utility>

namespace sami::gui {

/// A keychain that a test scripts. It answers from the event loop, and records what it was asked.
class FakeKeychain final : public Keychain
{
public:
    QMap<QString, QString> entries;
    std::optional<KeychainFault> fault; ///< of every call
    bool isSilent = false;              ///< answers wait for release()
    QStringList calls;                  ///< "read", "write", "remove", in order

    void read(const QString &entry, QObject *context,
              std::function<void(const Text &)> answer) override
    {
        calls.append(QStringLiteral("read"));
        later(context, [this, entry, answer = std::move(answer)] {
            if (fault)
                answer(Unexpected(*fault));
            else if (!entries.contains(entry))
                answer(Unexpected(KeychainFault { KeychainFault::Kind::NoEntry, {} }));
            else
                answer(entries.value(entry));
        });
    }

    void write(const QString &entry, const QString &text, QObject *context,
               std::function<void(const Done &)> answer) override
    {
        calls.append(QStringLiteral("write"));
        later(context, [this, entry, text, answer = std::move(answer)] {
            if (fault) {
                answer(Unexpected(*fault));
                return;
            }
            entries.insert(entry, text);
            answer({});
        });
    }

    void remove(const QString &entry, QObject *context,
                std::function<void(const Done &)> answer) override
    {
        calls.append(QStringLiteral("remove"));
        later(context, [this, entry, answer = std::move(answer)] {
            if (fault) {
                answer(Unexpected(*fault));
                return;
            }
            entries.remove(entry);
            answer({});
        });
    }

    /// Delivers the answers that were held back.
    void release()
    {
        isSilent = false;
        for (const auto &[context, call] : std::exchange(m_held, {})) {
            if (context)
                QMetaObject::invokeMethod(context, call, Qt::QueuedConnection);
        }
    }

    /// All that it holds, for a look at what is in there.
    [[nodiscard]] QString everything() const { return entries.values().join(QLatin1Char('\n')); }

private:
    void later(QObject *context, std::function<void()> call)
    {
        if (isSilent)
            m_held.append({ context, std::move(call) });
        else
            QMetaObject::invokeMethod(context, std::move(call), Qt::QueuedConnection);
    }

    QList<std::pair<QPointer<QObject>, std::function<void()>>> m_held;
};

} // namespace sami::gui
