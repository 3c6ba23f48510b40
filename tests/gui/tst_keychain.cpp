// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "config/parenturl.h"
#include "fakeengine.h"
#include "fakekeychain.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/widgets/failurestrip.h"
#include "gui/widgets/settings/serverspage.h"
#include "settingsfixture.h"

#include <QLabel>
#include <QListWidget>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

/// The passwords of servers in the whole window, over a scripted keychain; and, where
/// test_keychain.py runs a Secret Service, over that.
class TstKeychain : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void anAddedServerIsThereAfterARestart_data();
    void anAddedServerIsThereAfterARestart();
    void theProxyWaitsForThePasswords();
    void itDoesNotWaitForEver();
    void aRefusalIsSaidAndCanBeMended();
    void aServerWithoutItsPasswordIsMarked();
    void whatTheKeychainDoesNotTakeIsSaid();
    void editsSurviveALateAnswer();
    void withoutOneThePageSaysSo_data();
    void withoutOneThePageSaysSo();
};

namespace {

const QString link = u"sami-proxy://ann:s3cret@fra.example.com:8443?name=fra"_s;
const QByteArray without = "parents = https://ann@fra.example.com:8443?name=fra\n";
const QByteArray named = "gui_passwords_in_keychain = 3f9a1c2b\n";
const QString entry = u"3f9a1c2b"_s;
const QString entryText = u"https://ann@fra.example.com:8443 s3cret\n"_s;
const KeychainFault denied { KeychainFault::Kind::Denied, {} };

/// The program over a settings file, which outlives its runs.
struct Desk
{
    explicit Desk(const QByteArray &text = {})
    {
        file.write("gui_first_start_done = true\n" + text);
    }

    TrayApplication &run(std::unique_ptr<Keychain> keychain,
                         std::chrono::milliseconds patience = PasswordsKeeper::usualPatience)
    {
        app.reset();
        store = std::make_unique<SettingsStore>(file.input());
        if (!store->open())
            qFatal("the settings of the test cannot be read");
        engine = new FakeEngine;
        engine->running = false;
        app = std::make_unique<TrayApplication>(
            *store, std::unique_ptr<server::Engine>(engine), log,
            TrayApplication::Surroundings {
                [] { return true; },
                [this](QWidget *, const Question &) { return std::optional(addIt); }, [] {},
                nullptr, [](bool) {}, [](macdesktop::Events) {}, false, std::move(keychain), mode,
                patience });
        app->start(false);
        settle();
        return *app;
    }

    /// Over a scripted keychain that holds the server's password.
    FakeKeychain *runWithFake(std::chrono::milliseconds patience = PasswordsKeeper::usualPatience,
                              bool isSilent = false, std::optional<KeychainFault> fault = {})
    {
        auto made = std::make_unique<FakeKeychain>();
        FakeKeychain *keychain = made.get();
        keychain->entries = { { entry, entryText } };
        keychain->isSilent = isSilent;
        keychain->fault = std::move(fault);
        run(std::move(made), patience);
        return keychain;
    }

    [[nodiscard]] ServersPage &page() const
    {
        app->actions().settings->trigger();
        app->settingsDialog()->showServers();
        return *app->settingsDialog()->servers();
    }

    /// As a person does it.
    [[nodiscard]] bool addServer() const
    {
        ServersPage &servers = page();
        const QSignalSpy applied(app->settingsDialog(), &SettingsDialog::applied);
        servers.offer(link);
        app->settingsDialog()->apply();
        return QTest::qWaitFor([&applied] { return !applied.isEmpty(); }, 30000)
            && applied.constFirst().constFirst().toBool();
    }

    [[nodiscard]] QByteArray password() const
    {
        const auto list = app->controller().settings().upstream.parents.list;
        return list.isEmpty() ? QByteArray() : list.constFirst().password;
    }

    static constexpr int addIt = 1;
    SettingsFixture file;
    LogTap log;
    PasswordsKeeper::Mode mode = PasswordsKeeper::Mode::Usual;
    std::unique_ptr<SettingsStore> store;
    FakeEngine *engine = nullptr;
    std::unique_ptr<TrayApplication> app;
};

/// Forwards to a keychain that outlives the runs of the program.
class Borrowed final : public Keychain
{
public:
    explicit Borrowed(Keychain &keychain) : m_keychain(keychain) {}
    void read(const QString &name, QObject *context,
              std::function<void(const Text &)> answer) override
    {
        m_keychain.read(name, context, std::move(answer));
    }
    void write(const QString &name, const QString &text, QObject *context,
               std::function<void(const Done &)> answer) override
    {
        m_keychain.write(name, text, context, std::move(answer));
    }
    void remove(const QString &name, QObject *context,
                std::function<void(const Done &)> answer) override
    {
        m_keychain.remove(name, context, std::move(answer));
    }

private:
    Keychain &m_keychain;
};

} // namespace

void TstKeychain::anAddedServerIsThereAfterARestart_data()
{
    QTest::addColumn<bool>("isReal");
    QTest::newRow("a scripted keychain") << false;
    QTest::newRow("the system's") << true;
}

void TstKeychain::anAddedServerIsThereAfterARestart()
{
    QFETCH(bool, isReal);
    if (isReal && !qEnvironmentVariableIsSet("SAMI_SECRET_SERVICE"))
        QSKIP("test_keychain.py runs this with a Secret Service of its own");
    const std::unique_ptr<Keychain> system = isReal ? makeSystemKeychain() : nullptr;
    if (isReal && !system)
        QSKIP("this build has no keychain");
    FakeKeychain fake;
    Keychain &keychain = isReal ? *system : fake;

    Desk desk;
    desk.run(std::make_unique<Borrowed>(keychain));
    QVERIFY(desk.addServer());
    QCOMPARE(desk.page().passwords()->text(), u"Passwords are kept in this computer's keychain."_s);
    const QByteArray text = desk.file.read();
    QVERIFY2(!text.contains("s3cret"), text.constData());
    QVERIFY2(text.contains(without), text.constData());
    QCOMPARE(desk.password(), "s3cret"_ba);

    desk.run(std::make_unique<Borrowed>(keychain));
    QTRY_COMPARE_WITH_TIMEOUT(desk.app->controller().state(), ProxyState::Running, 30000);
    QCOMPARE(desk.engine->effective()->settings.upstream.parents.list.constFirst().password,
             "s3cret"_ba);
    QCOMPARE(desk.file.read(), text);

    ServersPage &page = desk.page();
    page.list()->setCurrentRow(0);
    QTest::keyClick(page.list(), Qt::Key_Delete);
    const QSignalSpy applied(desk.app->settingsDialog(), &SettingsDialog::applied);
    desk.app->settingsDialog()->apply();
    QVERIFY(QTest::qWaitFor([&applied] { return !applied.isEmpty(); }, 30000));
    QVERIFY(!desk.file.read().contains("keychain"));
    if (!isReal) {
        settle();
        QVERIFY(fake.entries.isEmpty());
    }
}

void TstKeychain::theProxyWaitsForThePasswords()
{
    Desk desk(without + named);
    FakeKeychain *keychain = desk.runWithFake(PasswordsKeeper::usualPatience, true);
    QCOMPARE(desk.app->controller().state(), ProxyState::Stopped);
    QVERIFY(desk.app->window().isVisible());
    keychain->release();
    settle();
    QCOMPARE(desk.app->controller().state(), ProxyState::Running);
    QCOMPARE(desk.engine->starts, 1);
    QCOMPARE(desk.engine->effective()->settings.upstream.parents.list.constFirst().password,
             "s3cret"_ba);
}

void TstKeychain::itDoesNotWaitForEver()
{
    Desk desk(without + named);
    FakeKeychain *keychain = desk.runWithFake(std::chrono::milliseconds(1), true);
    QTRY_COMPARE(desk.app->controller().state(), ProxyState::Failed);
    QVERIFY2(desk.app->controller().errorText().startsWith(u"the keychain has not given"_s),
             qPrintable(desk.app->controller().errorText()));
    QVERIFY(desk.page().passwords()->text().contains(u"does not answer"_s));
    QCOMPARE(desk.engine->starts, 0);
    keychain->release();
    settle();
    QCOMPARE(desk.app->controller().state(), ProxyState::Running);
    QCOMPARE(desk.page().passwords()->text(), u"Passwords are kept in this computer's keychain."_s);
}

void TstKeychain::aRefusalIsSaidAndCanBeMended()
{
    Desk desk(without + named);
    FakeKeychain *keychain = desk.runWithFake(PasswordsKeeper::usualPatience, false, denied);
    QCOMPARE(desk.app->controller().state(), ProxyState::Failed);
    QCOMPARE(desk.engine->starts, 0);
    QVERIFY(desk.page().passwords()->text().contains(u"access was denied"_s));
    keychain->fault.reset();
    desk.app->window().findChild<FailureStrip *>()->again()->click();
    settle();
    QCOMPARE(desk.app->controller().state(), ProxyState::Running);
    QCOMPARE(desk.password(), "s3cret"_ba);
}

void TstKeychain::aServerWithoutItsPasswordIsMarked()
{
    Desk desk(without + named);
    desk.runWithFake(PasswordsKeeper::usualPatience, false, denied);
    ServersPage &page = desk.page();
    page.list()->setCurrentRow(0);
    QVERIFY(page.list()->item(0)->text().endsWith(u"Its password is missing"_s));
    for (const auto *button : page.findChildren<QPushButton *>()) {
        if (button->text() == u"&Test"_s)
            QVERIFY(!button->isEnabled());
    }
}

void TstKeychain::whatTheKeychainDoesNotTakeIsSaid()
{
    Desk desk;
    desk.runWithFake(PasswordsKeeper::usualPatience, false, denied);
    QVERIFY(desk.addServer());
    QVERIFY2(desk.file.read().contains("ann:s3cret@"), desk.file.read().constData());
    const QString said = desk.page().passwords()->text();
    QVERIFY2(said.contains(u"does not take the passwords: access was denied"_s)
                 && said.contains(u"settings file"_s),
             qPrintable(said));
    QCOMPARE(desk.password(), "s3cret"_ba);
}

void TstKeychain::editsSurviveALateAnswer()
{
    Desk desk(without + named);
    FakeKeychain *keychain = desk.runWithFake(std::chrono::milliseconds(1), true);
    QTRY_COMPARE(desk.app->controller().state(), ProxyState::Failed);
    ServersPage &page = desk.page();
    page.list()->item(0)->setCheckState(Qt::Unchecked);
    keychain->release();
    settle();
    QCOMPARE(page.list()->item(0)->checkState(), Qt::Unchecked);
    const QSignalSpy applied(desk.app->settingsDialog(), &SettingsDialog::applied);
    desk.app->settingsDialog()->apply();
    settle();
    QCOMPARE(applied.value(0).value(0).toBool(), true);
    const QByteArray text = desk.file.read();
    QVERIFY2(text.contains("gui_servers_off = 0 https://ann@fra.example.com:8443?name=fra\n"),
             text.constData());
    QCOMPARE(keychain->entries.value(entry), entryText);
    page.list()->item(0)->setCheckState(Qt::Checked);
    desk.app->settingsDialog()->apply();
    settle();
    QCOMPARE(desk.password(), "s3cret"_ba);
    QVERIFY(desk.file.read().contains(without));
}

void TstKeychain::withoutOneThePageSaysSo_data()
{
    QTest::addColumn<bool>("isPortable");
    QTest::addColumn<QString>("words");
    QTest::newRow("a build without one") << false << u"this build of the program"_s;
    QTest::newRow("a portable program") << true << u"beside this portable program"_s;
}

void TstKeychain::withoutOneThePageSaysSo()
{
    QFETCH(bool, isPortable);
    QFETCH(QString, words);
    Desk desk;
    if (isPortable)
        desk.mode = PasswordsKeeper::Mode::Portable;
    desk.run(isPortable ? std::make_unique<FakeKeychain>() : nullptr);
    QVERIFY(desk.addServer());
    QVERIFY(desk.file.read().contains("ann:s3cret@"));
    QVERIFY(desk.page().passwords()->text().contains(words));
}

QTEST_MAIN(TstKeychain)
#include "tst_keychain.moc"
