// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/passwordskeeper.h"

#include "base/logging.h"
#include "gui/control/settingsstore.h"

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

constexpr char unit[] = "gui.passwordskeeper";

} // namespace

PasswordsKeeper::PasswordsKeeper(SettingsStore &store, std::unique_ptr<Keychain> keychain,
                                 Mode mode, std::chrono::milliseconds patience)
    : m_store(store), m_keychain(mode == Mode::Usual ? std::move(keychain) : nullptr)
{
    if (mode == Mode::Portable)
        m_place.kind = PasswordsPlace::Kind::Portable;
    else if (m_keychain)
        m_place.kind = PasswordsPlace::Kind::Keychain;
    for (QTimer *timer : { &m_patience, &m_retry })
        timer->setSingleShot(true);
    m_patience.setInterval(patience);
    m_retry.setInterval(retryInterval);
    connect(&m_patience, &QTimer::timeout, this, &PasswordsKeeper::handleSilence);
    connect(&m_retry, &QTimer::timeout, this, &PasswordsKeeper::readAgain);
}

void PasswordsKeeper::begin()
{
    if (!m_keychain)
        return;
    m_isKnown = !m_store.secrets().isNamed();
    if (m_isKnown)
        write();
    else
        read();
}

bool PasswordsKeeper::isReading() const
{
    return m_isReading && m_patience.isActive();
}

void PasswordsKeeper::readAgain()
{
    if (m_keychain && !m_isKnown && !m_isReading && !m_isWriting)
        read();
}

void PasswordsKeeper::read()
{
    m_isReading = true;
    begun();
    m_keychain->read(m_store.secrets().entryName(), this,
                     [this](const Keychain::Text &text) { handleRead(text); });
}

void PasswordsKeeper::handleRead(const Keychain::Text &text)
{
    m_isReading = false;
    if (text) {
        m_isKnown = true;
        m_store.takePasswords(ServerSecrets::parseEntry(*text));
        showWhatIsHeld();
        Q_EMIT passwordsRead();
    } else {
        logError(unit, "the keychain gives no passwords: " + KeychainText::forLog(text.error()));
        setPlace(PasswordsPlace::Kind::NotGiven, text.error());
        // Other faults are not retried: a person has usually been asked, and has answered.
        if (text.error().kind == KeychainFault::Kind::Unavailable && m_retriesLeft > 0) {
            --m_retriesLeft;
            m_retry.start();
        }
    }
    ended(text.has_value());
    Q_EMIT settled();
}

void PasswordsKeeper::keep(const QList<config::Parent> &servers, QObject *context,
                           std::function<void()> then)
{
    m_coming = servers;
    m_waiting.append({ context, std::move(then) });
    const bool isBusy = m_isReading || m_isWriting;
    if (!m_keychain || (isBusy && !m_patience.isActive()))
        answerAll();
    else if (!isBusy)
        write();
}

void PasswordsKeeper::tidy()
{
    m_coming.clear();
    if (!m_keychain || m_isReading || m_isWriting)
        return;
    // A keychain that refused new passwords is asked again at the next keep(), not at once.
    const ServerSecrets::Passwords passwords = wanted();
    const ServerSecrets::Passwords &held = m_store.secrets().held();
    const bool hasNew =
        std::any_of(passwords.keyBegin(), passwords.keyEnd(), [&](const QByteArray &server) {
            return passwords.value(server) != held.value(server);
        });
    if (m_place.kind != PasswordsPlace::Kind::NotTaken || !hasNew)
        write();
}

void PasswordsKeeper::write()
{
    const ServerSecrets::Passwords passwords = wanted();
    if (m_isKnown && passwords == m_store.secrets().held()) {
        showWhatIsHeld();
        answerAll();
        return;
    }
    if (!m_isKnown && lacksSome()) {
        answerAll();
        return;
    }
    m_isWriting = true;
    begun();
    const auto answer = [this, passwords](const Keychain::Done &done) {
        handleWritten(passwords, done);
    };
    const QString &entry = m_store.secrets().entryName();
    if (passwords.isEmpty())
        m_keychain->remove(entry, this, answer);
    else
        m_keychain->write(entry, ServerSecrets::entryText(passwords), this, answer);
}

void PasswordsKeeper::handleWritten(const ServerSecrets::Passwords &passwords,
                                    const Keychain::Done &done)
{
    m_isWriting = false;
    if (!done) {
        logError(unit, "the keychain takes no passwords: " + KeychainText::forLog(done.error()));
        setPlace(PasswordsPlace::Kind::NotTaken, done.error());
        ended(false);
        return;
    }
    m_isKnown = true;
    m_store.takePasswords(passwords);
    if (const auto written = m_store.leaveOutPasswords(); !written)
        logError(unit, written.error().toUtf8());
    showWhatIsHeld();
    ended(true);
}

void PasswordsKeeper::showWhatIsHeld()
{
    if (lacksSome())
        setPlace(PasswordsPlace::Kind::NotGiven, { KeychainFault::Kind::NoEntry, {} });
    else
        setPlace(PasswordsPlace::Kind::Keychain);
}

void PasswordsKeeper::begun()
{
    m_patience.start();
    setPlace(PasswordsPlace::Kind::Asking);
}

void PasswordsKeeper::ended(bool hasWorked)
{
    m_patience.stop();
    // Writes what keep() and tidy() asked for meanwhile. write() also answers the callers.
    if (hasWorked)
        write();
    else
        answerAll();
}

void PasswordsKeeper::handleSilence()
{
    logError(unit, "the keychain does not answer");
    setPlace(PasswordsPlace::Kind::Silent);
    answerAll();
    if (m_isReading)
        Q_EMIT settled();
}

void PasswordsKeeper::answerAll()
{
    const QList<Waiting> waiting = std::exchange(m_waiting, {});
    for (const Waiting &each : waiting) {
        if (each.context)
            QMetaObject::invokeMethod(each.context, each.then, Qt::QueuedConnection);
    }
}

void PasswordsKeeper::setPlace(PasswordsPlace::Kind kind, const KeychainFault &fault)
{
    const PasswordsPlace place { kind, fault };
    if (std::exchange(m_place, place) != place)
        Q_EMIT placeChanged();
}

bool PasswordsKeeper::lacksSome() const
{
    const auto own = m_store.ownServers();
    const QList<config::Parent> all = own.value_or(QList<config::Parent>()) + m_coming;
    // A server in the list may lack its password while m_coming has it: it was entered again.
    const ServerSecrets::Passwords known = wanted();
    return !own || std::any_of(all.cbegin(), all.cend(), [&](const config::Parent &server) {
        return m_store.secrets().isMissing(server) && !known.contains(ServerSecrets::keyOf(server));
    });
}

ServerSecrets::Passwords PasswordsKeeper::wanted() const
{
    const auto own = m_store.ownServers();
    // If the file cannot be read, every server that it may name counts as still in use.
    ServerSecrets::Passwords passwords =
        own ? ServerSecrets::Passwords() : m_store.secrets().held();
    const QList<config::Parent> all = own.value_or(QList<config::Parent>()) + m_coming;
    for (const config::Parent &server : all) {
        if (ServerSecrets::hasPassword(server) && !m_store.secrets().isMissing(server))
            passwords.insert(ServerSecrets::keyOf(server), server.password);
    }
    return passwords;
}

} // namespace sami::gui
