// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// A newcomer's first fifteen minutes: another program has the port, a client is set up and the way
// tested, a phone is let in. Driven by mouse and keys on a real display, judged by the core's
// snapshot, by what clients get, and by pictures. run.py --network provides the display, the phone
// and a provider.
#include "client.h"
#include "desk.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "server/proxyserver.h"
#include "settingsfixture.h"
#include "trayhost.h"

#include <QAbstractButton>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTest>
#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;

namespace {

/// What a newcomer looks for on the screen. The only place for these texts: rename a text here too.
namespace Wanted {
constexpr QLatin1StringView offeredPort { "^Use port (\\d+)" };
constexpr QLatin1StringView shellSettings { "^bash" };
constexpr QLatin1StringView ownAddress { "^Own address" };
constexpr QLatin1StringView letPhoneIn { "phone|home network" };
constexpr QLatin1StringView confirm { "^Open for the home network$" };
constexpr QLatin1StringView resultOfTheTest { "^Result of the test" };
} // namespace Wanted

/// The default port, which most developers already use.
constexpr quint16 usualPort = 8080;

/// A text without mnemonics.
QString plain(QString text)
{
    return text.remove(u'&');
}

bool says(const QString &text, QLatin1StringView pattern)
{
    return QRegularExpression(pattern, QRegularExpression::CaseInsensitiveOption)
        .match(plain(text))
        .hasMatch();
}

/// The enabled button with that text or name; of several, one in the front window. Null if there is
/// none.
QAbstractButton *buttonSaying(QLatin1StringView pattern)
{
    QAbstractButton *found = nullptr;
    const QWidgetList widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        auto *button = qobject_cast<QAbstractButton *>(widget);
        if (!button || !button->isVisible() || !button->isEnabled()
            || !(says(button->text(), pattern) || says(button->accessibleName(), pattern)))
            continue;
        if (!found || button->isActiveWindow())
            found = button;
    }
    return found;
}

QAction *actionSaying(const QMenu &menu, QLatin1StringView pattern)
{
    const QList<QAction *> actions = menu.actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [pattern](QAction *action) {
        return action->isEnabled() && says(action->text(), pattern);
    });
    return found == actions.end() ? nullptr : *found;
}

} // namespace

class Newcomer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanup();
    void meetsATakenPort();
    void solvesItByAButton();
    void copiesTheFields();
    void copiesSettingsThatWork();
    void testsTheWayToAProvider();
    void letsAPhoneInByAPicture();
    void letsInNobodyWithoutThePassword();

private:
    [[nodiscard]] ProxyController &core() { return m_app->controller(); }
    [[nodiscard]] FirstStartPage *steps() { return m_app->firstSteps(); }
    /// Waits until it exists, is enabled and does not move, then clicks it.
    [[nodiscard]] bool press(QLatin1StringView pattern);
    [[nodiscard]] bool openSharing();
    /// The status that curl gets through the proxy; "000" without a response.
    [[nodiscard]] QString statusFrom(const QStringList &where, const QString &proxy);
    /// Decodes the QR code on the display.
    [[nodiscard]] QString decoded();
    void look(const char *what);

    const QStringList m_phone = qEnvironmentVariable("TOUR_PHONE").split(u' ', Qt::SkipEmptyParts);
    const QString m_phoneAddress = qEnvironmentVariable("TOUR_PHONE_ADDRESS");
    const QString m_provider = qEnvironmentVariable("TOUR_PROVIDER");
    const QString m_pictures = qEnvironmentVariable("TOUR_PICTURES");

    SettingsFixture m_file;
    QTcpServer m_other; ///< a program that occupies the usual port
    Desk m_desk;
    TrayHost m_host { TrayHost::Kind::Xembed };
    LogTap m_tap;
    std::unique_ptr<SettingsStore> m_store;
    std::unique_ptr<TrayApplication> m_app;
    QUrl m_shared; ///< what the phone's camera read
    int m_looks = 0;
};

void Newcomer::initTestCase()
{
    QVERIFY2(!m_phone.isEmpty(), "run.py --network starts this");
    QVERIFY(m_other.listen(QHostAddress::LocalHost, usualPort));
    QVERIFY(m_host.start());
    m_store = std::make_unique<SettingsStore>(m_file.input());
    QVERIFY(m_store->open());
    TrayApplication::Surroundings surroundings = TrayApplication::desktop();
    surroundings.exit = [] {};
    m_app = std::make_unique<TrayApplication>(
        *m_store, std::make_unique<sami::server::ProxyServer>(), m_tap, std::move(surroundings));
    m_app->start(false);
}

void Newcomer::cleanup()
{
    while (QWidget *popup = QApplication::activePopupWidget())
        popup->close();
}

void Newcomer::look(const char *what)
{
    if (m_pictures.isEmpty())
        return;
    const QString path = u"%1/newcomer-%2-%3.png"_s.arg(m_pictures)
                             .arg(++m_looks)
                             .arg(QString::fromLatin1(what).replace(u' ', u'-'));
    QVERIFY2(Desk::settledScreenshot().save(path), qPrintable(path));
}

bool Newcomer::press(QLatin1StringView pattern)
{
    QAbstractButton *button = nullptr;
    return waitFor([&] { return (button = buttonSaying(pattern)) != nullptr; })
        && m_desk.click(button);
}

void Newcomer::meetsATakenPort()
{
    QTRY_COMPARE(core().state(), ProxyState::Failed);
    QVERIFY(steps());
    QVERIFY(QTest::qWaitForWindowActive(steps()));
    look("the port is taken");
}

void Newcomer::solvesItByAButton()
{
    QAbstractButton *button = buttonSaying(Wanted::offeredPort);
    QVERIFY2(button, "no button offers another port");
    const QString text = plain(button->text());
    const quint16 offered =
        QRegularExpression(Wanted::offeredPort).match(text).captured(1).toUShort();
    QVERIFY2(offered > 1024 && offered != usualPort, qPrintable(text));
    QVERIFY(m_desk.click(button));
    QTRY_COMPARE(core().state(), ProxyState::Running);
    QCOMPARE(core().listenAddress().port, offered);
    QCOMPARE(core().listenAddress().address, QHostAddress(QHostAddress::LocalHost));
    // Saved for the next start.
    QVERIFY(m_file.read().contains("port = " + QByteArray::number(offered))
            || m_file.read().contains("port=" + QByteArray::number(offered)));
    QTRY_VERIFY(!buttonSaying(Wanted::offeredPort));
    look("the other port is used");
}

void Newcomer::copiesTheFields()
{
    QCOMPARE(core().state(), ProxyState::Running);
    const sami::SocketAddress where = core().listenAddress();
    QVERIFY(press("^Copy: Host"_L1));
    QTRY_COMPARE(QApplication::clipboard()->text(), where.address.toString());
    QVERIFY(press("^Copy: Port"_L1));
    QTRY_COMPARE(QApplication::clipboard()->text(), QString::number(where.port));
}

void Newcomer::copiesSettingsThatWork()
{
    QCOMPARE(core().state(), ProxyState::Running);
    const quint64 before = core().snapshot().totals.requests;
    QAbstractButton *button = buttonSaying("^Copy settings for"_L1);
    QVERIFY(button);
    QVERIFY(m_desk.chooseFrom(button, [this](const QMenu &menu) {
        look("settings to copy");
        return actionSaying(menu, Wanted::shellSettings);
    }));
    const QString copied = QApplication::clipboard()->text();
    QVERIFY2(copied.contains(QString::number(core().listenAddress().port)), qPrintable(copied));

    // As a user pastes it.
    Client client(
        u"sh"_s,
        { u"-c"_s,
          copied + u"\ncurl -sS --max-time 20 -o /dev/null -w '%{http_code}' "_s + m_provider });
    QVERIFY(client.succeeds());
    QCOMPARE(client.output(), "401");
    QTRY_VERIFY(core().snapshot().totals.requests > before);
}

void Newcomer::testsTheWayToAProvider()
{
    QCOMPARE(core().state(), ProxyState::Running);
    QComboBox *target = nullptr;
    for (QComboBox *box : steps()->findChildren<QComboBox *>()) {
        for (int i = 0; i < box->count(); ++i) {
            if (says(box->itemText(i), Wanted::ownAddress))
                target = box;
        }
    }
    QVERIFY(target);
    // By keys, for the same reason as in the keyboard tour.
    target->setFocus();
    QVERIFY(m_desk.key(u"End"_s));
    QTRY_VERIFY(says(target->currentText(), Wanted::ownAddress));
    QLineEdit *address = nullptr;
    for (QLineEdit *edit : steps()->findChildren<QLineEdit *>()) {
        if (edit->isVisible() && !edit->isReadOnly())
            address = edit;
    }
    QVERIFY(address);
    QVERIFY(m_desk.retype(address, m_provider));
    QVERIFY(press("^Test$"_L1));
    QLabel *result = nullptr;
    for (QLabel *label : steps()->findChildren<QLabel *>()) {
        if (says(label->accessibleName(), Wanted::resultOfTheTest))
            result = label;
    }
    QVERIFY(result);
    QTRY_VERIFY_WITH_TIMEOUT(!result->text().isEmpty(), 20'000);
    look("tested");
    // A provider that answers is reached, even if it only asks for a key.
    QVERIFY2(result->text().contains(u"401"), qPrintable(result->text()));
}

bool Newcomer::openSharing()
{
    if (QAbstractButton *button = buttonSaying(Wanted::letPhoneIn))
        return m_desk.click(button);
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    QAction *action = menu ? actionSaying(*menu, Wanted::letPhoneIn) : nullptr;
    return action && m_desk.choose(menu, action);
}

QString Newcomer::decoded()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"display.png"_s);
    QString text;
    static_cast<void>(waitFor([&] {
        if (!Desk::screenshot().save(path))
            return false;
        Client camera(u"zbarimg"_s,
                      { u"--quiet"_s, u"--raw"_s, u"-Sdisable"_s, u"-Sqrcode.enable"_s, path });
        text = camera.succeeds() ? QString::fromUtf8(camera.output()).trimmed() : QString();
        return !text.isEmpty();
    }));
    return text;
}

QString Newcomer::statusFrom(const QStringList &where, const QString &proxy)
{
    QStringList command =
        where + QStringList { u"curl"_s, u"-s"_s,        u"--max-time"_s, u"20"_s,
                              u"-o"_s,   u"/dev/null"_s, u"-w"_s,         u"%{http_code}"_s,
                              u"-x"_s,   proxy,          m_provider };
    if (!where.isEmpty())
        command << u"--interface"_s << m_phoneAddress;
    const QString program = command.takeFirst();
    Client client(program, command);
    return client.ends() ? QString::fromLatin1(client.output()) : u"no end"_s;
}

void Newcomer::letsAPhoneInByAPicture()
{
    QCOMPARE(core().state(), ProxyState::Running);
    const quint16 port = core().listenAddress().port;
    const QString fromThePhone = u"http://192.168.77.20:%1"_s.arg(port);
    QCOMPARE(statusFrom(m_phone, fromThePhone), u"000"_s);

    QVERIFY2(openSharing(), "nothing on the screen opens the proxy for a phone");
    QTRY_VERIFY(QApplication::activeWindow() != steps());
    look("about to let a phone in");
    QCOMPARE(statusFrom(m_phone, fromThePhone), u"000"_s);
    QVERIFY2(press(Wanted::confirm), "no button confirms it");
    m_shared = QUrl(decoded());
    look("a phone is let in");
    QVERIFY2(m_shared.isValid() && m_shared.port() == port, qPrintable(m_shared.toString()));
    // The network's own address, not a container's or a tunnel's.
    QCOMPARE(m_shared.host(), u"192.168.77.20"_s);
    QVERIFY(m_shared.password().size() >= 8);

    QCOMPARE(statusFrom(m_phone, m_shared.toString(QUrl::FullyEncoded)), u"401"_s);
    const QList<sami::account::FinishedWork> works = core().finishedWork();
    const auto phones = std::find_if(works.begin(), works.end(), [this](const auto &work) {
        return work.client == QHostAddress(m_phoneAddress);
    });
    QVERIFY(phones != works.end());
    QCOMPARE(phones->status, 401);
}

void Newcomer::letsInNobodyWithoutThePassword()
{
    QVERIFY2(!m_shared.isEmpty(), "no phone was let in");
    QUrl stranger = m_shared;
    stranger.setUserInfo({});
    QCOMPARE(statusFrom(m_phone, stranger.toString()), u"407"_s);
    QVERIFY(core().settings().access.credentials);
    // It is in the file, so it survives a restart.
    QVERIFY(m_file.read().contains(m_shared.password().toUtf8()));
    // Programs on this computer need the password too, and are served.
    QUrl own = m_shared;
    own.setHost(u"127.0.0.1"_s);
    QCOMPARE(statusFrom({}, own.toString(QUrl::FullyEncoded)), u"401"_s);
}

QTEST_MAIN(Newcomer)
#include "newcomer.moc"
