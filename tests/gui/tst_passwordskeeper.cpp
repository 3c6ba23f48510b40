// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "config/parenturl.h"
#include "fakekeychain.h"
#include "gui/control/parkedservers.h"
#include "gui/control/passwordskeeper.h"
#include "settingsfixture.h"

#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstPasswordsKeeper : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passwordsOfAnOlderFileMove();
    void nothingIsAskedWithoutPasswords();
    void passwordsAreReadAtTheStart();
    void newOnesAreKeptBeforeTheFileIsWritten();
    void aServerThatGoesTakesItsPasswordAlong();
    void aChangeThatFailedLeavesNothing();
    void aRefusalLeavesThemInTheFile();
    void aRefusalIsNotRepeatedAtOnce();
    void whatCannotBeReadIsNotOverwritten();
    void theServersEnteredAgainReplaceALostEntry();
    void aSilentKeychainIsNotWaitedFor();
    void aLateAnswerCounts();
    void aLatePasswordArrives();
    void aKeychainThatStartsLaterIsAskedAgain();
    void anOverriddenListIsKept();
    void aDamagedFileLosesNothing();
    void withoutAKeychainTheFileKeepsThem_data();
    void withoutAKeychainTheFileKeepsThem();
};

namespace {

using Kind = PasswordsPlace::Kind;

const QByteArray fra = "https://ann:s3cret@fra.example.com:8443?name=fra";
const QByteArray fraWithout = "https://ann@fra.example.com:8443?name=fra";
const QByteArray ams = "https://bob:word@ams.example.com:8443?name=ams";
const QByteArray named = "gui_passwords_in_keychain = 3f9a1c2b\n";
const QString entry = u"3f9a1c2b"_s;
const QString fraLine = u"https://ann@fra.example.com:8443 s3cret\n"_s;
const QString amsLine = u"https://bob@ams.example.com:8443 word\n"_s;

config::Parent parentOf(const QByteArray &text)
{
    return config::parseParent(text).value().parent;
}

/// A store over a file, and a keeper over a scripted keychain.
struct Rig
{
    explicit Rig(const QByteArray &text, const QStringList &arguments = {},
                 std::chrono::milliseconds patience = PasswordsKeeper::usualPatience)
    {
        file.write(text);
        file.arguments = arguments;
        store = std::make_unique<SettingsStore>(file.input());
        if (!store->open())
            qFatal("the settings of the test cannot be read");
        auto made = std::make_unique<FakeKeychain>();
        keychain = made.get();
        keeper = std::make_unique<PasswordsKeeper>(*store, std::move(made),
                                                   PasswordsKeeper::Mode::Usual, patience);
    }

    void begin() const
    {
        keeper->begin();
        settle();
    }

    /// As the window does it; false if the keychain was still waited for.
    bool change(const QList<config::Parent> &servers)
    {
        bool isAnswered = false;
        QObject context;
        keeper->keep(servers, &context, [&isAnswered] { isAnswered = true; });
        settle();
        if (!isAnswered)
            return false;
        config::Settings wanted = store->settings();
        wanted.upstream.parents.list = servers;
        if (!save(*store, wanted))
            qFatal("the settings cannot be saved");
        keeper->tidy();
        settle();
        return true;
    }

    [[nodiscard]] QByteArray passwordOf(qsizetype place) const
    {
        return store->settings().upstream.parents.list.value(place).password;
    }

    SettingsFixture file;
    std::unique_ptr<SettingsStore> store;
    FakeKeychain *keychain = nullptr;
    std::unique_ptr<PasswordsKeeper> keeper;
};

} // namespace

void TstPasswordsKeeper::passwordsOfAnOlderFileMove()
{
    const Rig rig("port = 3128\nparents = " + fra + "\ngui_servers_off = 1 " + ams + '\n');
    rig.begin();
    QCOMPARE(rig.keychain->everything(), fraLine + amsLine);
    const QByteArray text = rig.file.read();
    QVERIFY2(!text.contains("s3cret") && !text.contains("word@"), text.constData());
    QVERIFY2(text.contains("parents = " + fraWithout + '\n'), text.constData());
    QVERIFY(text.contains("gui_passwords_in_keychain = "
                          + rig.keychain->entries.firstKey().toLatin1()));
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);

    // And they are there at the next start.
    SettingsStore next(rig.file.input());
    QVERIFY(next.open());
    QVERIFY(!next.damage());
    QVERIFY(!next.startProblem().isEmpty());
    auto keychain = std::make_unique<FakeKeychain>();
    keychain->entries = rig.keychain->entries;
    PasswordsKeeper keeper(next, std::move(keychain), PasswordsKeeper::Mode::Usual);
    keeper.begin();
    settle();
    QVERIFY2(next.startProblem().isEmpty(), qPrintable(next.startProblem()));
    QCOMPARE(next.settings().upstream.parents.list.constFirst(), parentOf(fra));
    QCOMPARE(parseParked(next.preferences().serversOff).value(0).server, parentOf(ams));
}

void TstPasswordsKeeper::nothingIsAskedWithoutPasswords()
{
    const Rig rig("parents = https://fra.example.com:8443,@x\n");
    rig.begin();
    QCOMPARE(rig.keychain->calls, QStringList());
    QVERIFY(!rig.keeper->isReading());
}

void TstPasswordsKeeper::passwordsAreReadAtTheStart()
{
    const Rig rig("parents = " + fraWithout + '\n' + named);
    rig.keychain->entries = { { entry, fraLine } };
    const QSignalSpy settled(rig.keeper.get(), &PasswordsKeeper::settled);
    const QSignalSpy read(rig.keeper.get(), &PasswordsKeeper::passwordsRead);
    QVERIFY(!rig.store->startProblem().isEmpty());
    rig.keeper->begin();
    QVERIFY(rig.keeper->isReading());
    settle();
    QVERIFY(!rig.keeper->isReading());
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
    QVERIFY(rig.store->startProblem().isEmpty());
    QCOMPARE(settled.count(), 1);
    QCOMPARE(read.count(), 1);
    QCOMPARE(rig.keychain->calls, QStringList { u"read"_s });
}

void TstPasswordsKeeper::newOnesAreKeptBeforeTheFileIsWritten()
{
    Rig rig("port = 3128\n");
    rig.begin();
    QObject context;
    QByteArray fileThen;
    rig.keeper->keep({ parentOf(fra) }, &context, [&] { fileThen = rig.file.read(); });
    settle();
    QCOMPARE(fileThen, "port = 3128\n"_ba);
    QCOMPARE(rig.keychain->everything(), fraLine);
    QVERIFY(rig.change({ parentOf(fra) }));
    QVERIFY(!rig.file.read().contains("s3cret"));
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);

    // A change of something else leaves it there.
    config::Settings wanted = rig.store->settings();
    wanted.listen.port = 4000;
    QVERIFY(save(*rig.store, wanted));
    QVERIFY(!rig.file.read().contains("s3cret"));
    QVERIFY(rig.file.read().contains("port = 4000"));
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
}

void TstPasswordsKeeper::aServerThatGoesTakesItsPasswordAlong()
{
    Rig rig("parents = " + fra + ',' + ams + '\n');
    rig.begin();
    QCOMPARE(rig.keychain->everything(), fraLine + amsLine);
    QVERIFY(rig.change({ parentOf(ams) }));
    QCOMPARE(rig.keychain->everything(), amsLine);
    QVERIFY(rig.change({ parentOf("https://bob:word@ams.example.com:8443?name=other") }));
    QCOMPARE(rig.keychain->everything(), amsLine);
    QVERIFY(rig.change({}));
    QVERIFY(rig.keychain->entries.isEmpty());
    QCOMPARE(rig.file.read(), QByteArray());
}

void TstPasswordsKeeper::aChangeThatFailedLeavesNothing()
{
    const Rig rig("parents = " + fra + '\n');
    rig.begin();
    QObject context;
    rig.keeper->keep({ parentOf(ams) }, &context, [] {});
    settle();
    QCOMPARE(rig.keychain->everything(), fraLine + amsLine);
    rig.keeper->tidy();
    settle();
    QCOMPARE(rig.keychain->everything(), fraLine);
}

void TstPasswordsKeeper::aRefusalLeavesThemInTheFile()
{
    Rig rig("parents = " + fra + '\n');
    rig.keychain->fault = KeychainFault { KeychainFault::Kind::Denied, {} };
    rig.begin();
    QCOMPARE(rig.keeper->place().kind, Kind::NotTaken);
    QCOMPARE(rig.file.read(), "parents = " + fra + '\n');
    QVERIFY(rig.change({ parentOf(fra), parentOf(ams) }));
    QVERIFY(rig.file.read().contains(ams));
    QVERIFY(rig.store->startProblem().isEmpty());

    rig.keychain->fault.reset();
    QVERIFY(rig.change({ parentOf(ams), parentOf(fra) }));
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);
    QVERIFY(!rig.file.read().contains("word@"));
}

void TstPasswordsKeeper::aRefusalIsNotRepeatedAtOnce()
{
    Rig rig("port = 3128\n");
    rig.begin();
    rig.keychain->fault = KeychainFault { KeychainFault::Kind::Denied, {} };
    QVERIFY(rig.change({ parentOf(fra) }));
    QCOMPARE(rig.keychain->calls.size(), 1);
}

void TstPasswordsKeeper::whatCannotBeReadIsNotOverwritten()
{
    Rig rig("parents = " + fraWithout + '\n' + named);
    rig.keychain->entries = { { entry, fraLine } };
    rig.keychain->fault = KeychainFault { KeychainFault::Kind::Denied, {} };
    rig.begin();
    QCOMPARE(rig.keeper->place().kind, Kind::NotGiven);
    QVERIFY(!rig.store->startProblem().isEmpty());

    rig.keychain->fault.reset();
    QList<config::Parent> servers = rig.store->settings().upstream.parents.list;
    servers.append(parentOf(ams));
    QVERIFY(rig.change(servers));
    QCOMPARE(rig.keychain->everything(), fraLine);
    const QByteArray text = rig.file.read();
    QVERIFY2(text.contains("parents = " + fraWithout + ',' + ams), text.constData());

    rig.keeper->readAgain();
    settle();
    QCOMPARE(rig.keychain->everything(), fraLine + amsLine);
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
    QVERIFY(!rig.file.read().contains("word@"));
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);
}

void TstPasswordsKeeper::theServersEnteredAgainReplaceALostEntry()
{
    Rig rig("parents = " + fraWithout + '\n' + named);
    rig.begin();
    QCOMPARE(rig.keeper->place().kind, Kind::NotGiven);
    QObject context;
    QByteArray fileThen;
    rig.keeper->keep({ parentOf(fra) }, &context, [&] { fileThen = rig.file.read(); });
    settle();
    QCOMPARE(rig.keychain->entries.value(entry), fraLine);
    QVERIFY(fileThen.contains(fraWithout));
    QVERIFY(rig.change({ parentOf(fra) }));
    QCOMPARE(rig.keychain->entries.value(entry), fraLine);
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);
    QVERIFY(rig.store->startProblem().isEmpty());
}

void TstPasswordsKeeper::aSilentKeychainIsNotWaitedFor()
{
    Rig rig("port = 3128\n", {}, std::chrono::milliseconds(1));
    rig.begin();
    rig.keychain->isSilent = true;
    QObject context;
    bool isAnswered = false;
    rig.keeper->keep({ parentOf(fra) }, &context, [&isAnswered] { isAnswered = true; });
    QTRY_VERIFY(isAnswered);
    QCOMPARE(rig.keeper->place().kind, Kind::Silent);
    // Nothing waits for it a second time.
    QVERIFY(rig.change({ parentOf(fra) }));
    QVERIFY(rig.file.read().contains("s3cret"));
    QVERIFY(rig.store->startProblem().isEmpty());
}

void TstPasswordsKeeper::aLateAnswerCounts()
{
    Rig rig("parents = " + fra + '\n', {}, std::chrono::milliseconds(1));
    rig.keychain->isSilent = true;
    rig.keeper->begin();
    QTRY_COMPARE(rig.keeper->place().kind, Kind::Silent);
    QVERIFY(rig.change({ parentOf(fra), parentOf(ams) }));
    rig.keychain->release();
    settle();
    settle();
    QCOMPARE(rig.keychain->everything(), fraLine + amsLine);
    QVERIFY(!rig.file.read().contains("s3cret"));
    QVERIFY(!rig.file.read().contains("word@"));
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);
}

void TstPasswordsKeeper::aLatePasswordArrives()
{
    const Rig rig("parents = " + fraWithout + '\n' + named, {}, std::chrono::milliseconds(1));
    rig.keychain->entries = { { entry, fraLine } };
    rig.keychain->isSilent = true;
    const QSignalSpy settled(rig.keeper.get(), &PasswordsKeeper::settled);
    rig.keeper->begin();
    QTRY_COMPARE(settled.count(), 1);
    QVERIFY(!rig.keeper->isReading());
    QVERIFY(!rig.store->startProblem().isEmpty());
    rig.keychain->release();
    settle();
    QVERIFY(rig.store->startProblem().isEmpty());
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
}

void TstPasswordsKeeper::aKeychainThatStartsLaterIsAskedAgain()
{
    const Rig rig("parents = " + fraWithout + '\n' + named);
    rig.keychain->entries = { { entry, fraLine } };
    rig.keychain->fault = KeychainFault { KeychainFault::Kind::Unavailable, u"no bus"_s };
    rig.begin();
    QCOMPARE(rig.keeper->place().fault.detail, u"no bus"_s);
    rig.keychain->fault.reset();
    rig.keeper->readAgain();
    settle();
    QVERIFY(rig.store->startProblem().isEmpty());
    QCOMPARE(rig.keeper->place().kind, Kind::Keychain);
}

void TstPasswordsKeeper::anOverriddenListIsKept()
{
    const Rig rig("parents = " + fraWithout + '\n' + named,
                  { u"--parents"_s, u"https://cat:other@h.example.com:1"_s });
    rig.keychain->entries = { { entry, fraLine } };
    rig.begin();
    rig.keeper->tidy();
    settle();
    QCOMPARE(rig.keychain->everything(), fraLine);
    QCOMPARE(rig.passwordOf(0), "other"_ba);
    QVERIFY(rig.store->startProblem().isEmpty());
}

void TstPasswordsKeeper::aDamagedFileLosesNothing()
{
    const Rig rig("what\nparents = " + fraWithout + '\n' + named);
    rig.keychain->entries = { { entry, fraLine + amsLine } };
    QVERIFY(rig.store->damage());
    QVERIFY(!rig.store->damage()->mayLackServers);
    rig.begin();
    QCOMPARE(rig.passwordOf(0), "s3cret"_ba);
    rig.keeper->tidy();
    settle();
    QCOMPARE(rig.keychain->entries.value(entry), fraLine + amsLine);
    QVERIFY(rig.file.read().startsWith("what\n"));
    QVERIFY(rig.store->keepGoodLines());
    QCOMPARE(rig.file.read(), "parents = " + fraWithout + '\n' + named);
}

void TstPasswordsKeeper::withoutAKeychainTheFileKeepsThem_data()
{
    QTest::addColumn<bool>("isPortable");
    QTest::addColumn<PasswordsPlace::Kind>("place");
    QTest::newRow("a build without one") << false << Kind::File;
    QTest::newRow("a portable program") << true << Kind::Portable;
}

void TstPasswordsKeeper::withoutAKeychainTheFileKeepsThem()
{
    QFETCH(bool, isPortable);
    QFETCH(PasswordsPlace::Kind, place);
    SettingsFixture file;
    file.write("parents = " + fra + '\n');
    SettingsStore store(file.input());
    QVERIFY(store.open());
    auto keychain = isPortable ? std::make_unique<FakeKeychain>() : nullptr;
    PasswordsKeeper keeper(store, std::move(keychain),
                           isPortable ? PasswordsKeeper::Mode::Portable
                                      : PasswordsKeeper::Mode::Usual);
    keeper.begin();
    QVERIFY(!keeper.isReading());
    QCOMPARE(keeper.place().kind, place);
    QObject context;
    bool isAnswered = false;
    keeper.keep({ parentOf(ams) }, &context, [&isAnswered] { isAnswered = true; });
    settle();
    QVERIFY(isAnswered);
    QCOMPARE(file.read(), "parents = " + fra + '\n');
}

QTEST_GUILESS_MAIN(TstPasswordsKeeper)
#include "tst_passwordskeeper.moc"
