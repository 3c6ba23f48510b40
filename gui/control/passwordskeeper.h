// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "gui/control/keychain.h"
#include "gui/control/serversecrets.h"
#include "gui/text/keychaintext.h"

#include <QList>
#include <QObject>
#include <QPointer>
#include <QTimer>

#include <chrono>
#include <functional>
#include <memory>

namespace sami::gui {

class SettingsStore;

/// Keeps the passwords of servers in the keychain: passes them to the store at the start, puts new
/// ones into the keychain before the settings file is written, and removes those of servers that
/// are gone. Makes one call to the keychain at a time.
///
///     the keychain            at the start                     new passwords
///     answers                 the store gets them              the file is written without them
///     refuses                 the store has stand-ins          they stay in the file
///     says nothing for 10 s   the same, until it answers       the same, until it answers
///
/// An entry that could not be read is not overwritten while a password of it may be unknown. Main
/// thread; owns the keychain, borrows the store, which outlives it.
class PasswordsKeeper : public QObject
{
    Q_OBJECT
    Q_DISABLE_COPY_MOVE(PasswordsKeeper)

public:
    enum class Mode {
        Usual,
        Portable, ///< the program carries its settings with it: no keychain is used
    };

    /// How long anything waits for the keychain.
    static constexpr std::chrono::milliseconds usualPatience { 10000 };
    /// At login this program may start before the keychain does.
    static constexpr std::chrono::seconds retryInterval { 15 };
    static constexpr int retries = 4;

    /// With a null keychain this object only reports where the passwords are.
    PasswordsKeeper(SettingsStore &store, std::unique_ptr<Keychain> keychain, Mode mode,
                    std::chrono::milliseconds patience = usualPatience);

    /// Reads the passwords that the file leaves out. If the file names no entry of the keychain,
    /// moves its passwords there instead.
    void begin();
    /// Passwords are being read, and the time limit has not passed; settled() follows.
    [[nodiscard]] bool isReading() const;
    /// Reads again, if the last reading failed.
    void readAgain();

    /// Puts the passwords of these servers into the keychain, in addition to those in use. Call it
    /// before the settings are written. `then` is called once, from the event loop, on success and
    /// on failure; place() says which.
    void keep(const QList<config::Parent> &servers, QObject *context, std::function<void()> then);
    /// Drops passwords that are not in use. Call it after the attempt to write the settings,
    /// whether it succeeded or not.
    void tidy();

    [[nodiscard]] const PasswordsPlace &place() const { return m_place; }

Q_SIGNALS:
    /// A reading has ended, or has passed the time limit. An answer after the limit emits it again.
    void settled();
    /// The keychain's entry was read: the store has all passwords that it holds.
    void passwordsRead();
    void placeChanged();

private:
    struct Waiting
    {
        QPointer<QObject> context;
        std::function<void()> then;
    };

    void read();
    void write();
    void begun();
    void ended(bool hasWorked);
    void showWhatIsHeld();
    void handleRead(const Keychain::Text &text);
    void handleWritten(const ServerSecrets::Passwords &passwords, const Keychain::Done &done);
    void handleSilence();
    void answerAll();
    void setPlace(PasswordsPlace::Kind kind, const KeychainFault &fault = {});
    [[nodiscard]] bool lacksSome() const;
    [[nodiscard]] ServerSecrets::Passwords wanted() const;

    SettingsStore &m_store;
    std::unique_ptr<Keychain> m_keychain;
    PasswordsPlace m_place;
    QList<config::Parent> m_coming; ///< servers of settings that are about to be written
    QList<Waiting> m_waiting;
    QTimer m_patience;
    QTimer m_retry;
    int m_retriesLeft = retries;
    bool m_isReading = false;
    bool m_isWriting = false;
    bool m_isKnown = false; ///< the entry's content is known: it was read, written, or is new
};

} // namespace sami::gui
