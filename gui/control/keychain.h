// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "gui/text/keychaintext.h"

#include <QString>

#include <functional>
#include <memory>

class QObject;

namespace sami::gui {

/// The system's place for secrets. Asynchronous: each call is answered from the event loop, at
/// most once, perhaps much later (the user may have to unlock it), and not at all if the context
/// is gone by then. Main thread.
class Keychain
{
public:
    using Text = Result<QString, KeychainFault>;
    using Done = Result<void, KeychainFault>;

    virtual ~Keychain() = default;
    virtual void read(const QString &entry, QObject *context,
                      std::function<void(const Text &)> answer) = 0;
    virtual void write(const QString &entry, const QString &text, QObject *context,
                       std::function<void(const Done &)> answer) = 0;
    /// Succeeds if there is no such entry.
    virtual void remove(const QString &entry, QObject *context,
                        std::function<void(const Done &)> answer) = 0;
};

/// The keychain of this system; null in a build without one (SAMI_KEYCHAIN).
[[nodiscard]] std::unique_ptr<Keychain> makeSystemKeychain();

} // namespace sami::gui
