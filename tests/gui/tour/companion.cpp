// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// The desk and its servers: a link is pasted, tested and kept, a server dies and another takes
// over, and one comes back with another key. Real daemons are the servers. Driven by mouse and keys
// on a real display, judged by the core, by what a client gets, and by pictures. run.py --network
// provides the display, a network whose port 443 is free, and a provider's name; TOUR_LANGUAGE is
// the language.
#include "client.h"
#include "desk.h"
#include "gui/app/language.h"
#include "gui/app/trayapplication.h"
#include "gui/control/logtap.h"
#include "gui/text/serverwording.h"
#include "gui/widgets/settings/serverintake.h"
#include "gui/widgets/settings/serverspage.h"
#include "server/proxyserver.h"
#include "settingsfixture.h"
#include "trayhost.h"

#include <QApplication>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QMenu>
#include <QMessageBox>
#include <QPushButton>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace sami::gui;
using namespace sami::test;
using sami::server::ParentStep;

namespace {

/// NAME of network.py.
constexpr QLatin1StringView provider { "api.provider.test" };
/// A server is probed every 30 seconds at most.
constexpr int noticedWithin = 45'000;

quint16 freePort()
{
    QTcpServer server;
    return server.listen(QHostAddress::LocalHost) ? server.serverPort() : 0;
}

bool accepts(quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(QHostAddress::LocalHost, port);
    return socket.waitForConnected(1'000);
}

/// A daemon with an identity of its own and a password.
class Server
{
    Q_DISABLE_COPY_MOVE(Server)

public:
    explicit Server(const QString &name) : m_name(name), m_port(freePort())
    {
        m_environment.insert(u"PROXY_ADDRESS"_s, u"127.0.0.1"_s);
        m_environment.insert(u"PROXY_PORT"_s, QString::number(m_port));
        m_environment.insert(u"PROXY_STATE_DIR"_s, m_folder.path());
        m_environment.insert(u"PROXY_AUTH_USERNAME"_s, u"desk"_s);
        m_environment.insert(u"PROXY_AUTH_PASSWORD"_s, u"between us two, %1"_s.arg(name));
        m_environment.insert(u"ALLOW_PRIVATE_TARGETS"_s, u"127.0.0.0/8"_s);
        m_process.setStandardOutputFile(QProcess::nullDevice());
    }
    ~Server() { stop(); }

    [[nodiscard]] bool start()
    {
        m_process.setProcessEnvironment(m_environment);
        m_process.start(m_daemon, {});
        return waitFor([this] { return accepts(m_port); });
    }
    void stop()
    {
        m_process.kill();
        m_process.waitForFinished();
    }
    /// What a command of the daemon prints.
    [[nodiscard]] QString says(const QStringList &command) const
    {
        QProcess process;
        process.setProcessEnvironment(m_environment);
        process.start(m_daemon, command);
        process.waitForFinished();
        return process.exitCode() == 0
            ? QString::fromUtf8(process.readAllStandardOutput()).trimmed()
            : QString();
    }
    [[nodiscard]] QString link() const
    {
        return says({ u"link"_s, u"--host"_s, u"127.0.0.1:%1"_s.arg(m_port), u"--name"_s, m_name });
    }

private:
    const QString m_daemon = qEnvironmentVariable("SAMI_DAEMON");
    const QString m_name;
    const quint16 m_port;
    QTemporaryDir m_folder;
    QProcessEnvironment m_environment = QProcessEnvironment::systemEnvironment();
    QProcess m_process;
};

/// The notice at the tray icon; empty while there is none.
QString shownNotice()
{
    const QWidgetList windows = QApplication::topLevelWidgets();
    for (const QWidget *window : windows) {
        if (!window->inherits("QBalloonTip") || !window->isVisible())
            continue;
        QStringList words;
        for (const QLabel *label : window->findChildren<QLabel *>())
            words.append(label->text());
        return words.join(u' ');
    }
    return {};
}

} // namespace

class Companion : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void pastesAndTestsALink_data();
    void pastesAndTestsALink();
    void keepsBoth();
    void goesOutThroughTheFirst();
    void tellsOfTheSwitch();
    void refusesAnotherKey();
    void cleanupTestCase();

private:
    [[nodiscard]] ProxyController &core() { return m_app->controller(); }
    [[nodiscard]] SettingsDialog *dialog() { return m_app->settingsDialog(); }
    [[nodiscard]] ServersPage *page() { return dialog()->servers(); }
    [[nodiscard]] bool openServers();
    /// Pastes the link by the page's button, and answers the question with a test.
    [[nodiscard]] bool paste(const QString &link, const char *picture);
    /// By which server a client's request for the provider went out; empty if it failed.
    [[nodiscard]] QByteArray wayOfARequest();
    [[nodiscard]] QString rowOf(const QString &name);
    [[nodiscard]] bool makeProvider();
    void look(const char *what);

    const QString m_pictures = qEnvironmentVariable("TOUR_PICTURES");
    const QString m_language = qEnvironmentVariable("TOUR_LANGUAGE");
    Language m_texts;
    QTemporaryDir m_folder;
    QProcess m_provider;
    Server m_fra { u"fra"_s };
    Server m_ams { u"ams"_s };
    SettingsFixture m_file;
    Desk m_desk;
    TrayHost m_host { TrayHost::Kind::Xembed };
    LogTap m_tap;
    std::unique_ptr<SettingsStore> m_store;
    std::unique_ptr<TrayApplication> m_app;
    QString m_linkOfFra;
    QString m_question; ///< the last one
    int m_looks = 0;
};

/// A TLS server with a certificate of its own, which the settings trust.
bool Companion::makeProvider()
{
    const QString certificate = m_folder.filePath(u"provider.pem"_s);
    const QString key = m_folder.filePath(u"provider.key"_s);
    Client maker(u"openssl"_s,
                 { u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
                   u"ec_paramgen_curve:P-256"_s, u"-nodes"_s, u"-days"_s, u"2"_s, u"-subj"_s,
                   u"/CN="_s + provider, u"-addext"_s, u"subjectAltName=DNS:"_s + provider,
                   u"-keyout"_s, key, u"-out"_s, certificate });
    if (!maker.succeeds())
        return false;
    m_provider.setStandardOutputFile(QProcess::nullDevice());
    m_provider.start(u"openssl"_s,
                     { u"s_server"_s, u"-accept"_s, u"127.0.0.1:443"_s, u"-cert"_s, certificate,
                       u"-key"_s, key, u"-www"_s, u"-quiet"_s });
    return waitFor([] { return accepts(443); });
}

void Companion::initTestCase()
{
    QVERIFY2(!qEnvironmentVariableIsEmpty("SAMI_DAEMON"), "the servers are daemons: name one");
    if (m_language != "en"_L1 && !QFile::exists(u":/translations/sami_%1.qm"_s.arg(m_language)))
        QSKIP("this build has no texts in that language");
    m_texts.use(m_language);
    QVERIFY(makeProvider());
    QVERIFY(m_fra.start() && m_ams.start());
    m_linkOfFra = m_fra.link();
    QVERIFY2(m_linkOfFra.contains(u"pin="_s), qPrintable(m_linkOfFra));

    m_file.write("address = 127.0.0.1\nport = " + QByteArray::number(freePort())
                 + "\nallow_private_targets = 127.0.0.0/8\nallowed_hosts = api.provider.test\n"
                   "upstream_ca_file = "
                 + m_folder.filePath(u"provider.pem"_s).toUtf8() + '\n');
    m_store = std::make_unique<SettingsStore>(m_file.input());
    QVERIFY(m_store->open());
    QVERIFY(m_host.start());
    TrayApplication::Surroundings surroundings = TrayApplication::desktop();
    surroundings.exit = [] {};
    m_app = std::make_unique<TrayApplication>(
        *m_store, std::make_unique<sami::server::ProxyServer>(), m_tap, std::move(surroundings));
    m_app->start(true);
    QTRY_COMPARE(core().state(), ProxyState::Running);
}

void Companion::cleanupTestCase()
{
    m_provider.kill();
    m_provider.waitForFinished();
}

void Companion::look(const char *what)
{
    if (m_pictures.isEmpty())
        return;
    const QString path = u"%1/companion-%2-%3-%4.png"_s.arg(m_pictures, m_language)
                             .arg(++m_looks)
                             .arg(QString::fromLatin1(what).replace(u' ', u'-'));
    QVERIFY2(Desk::settledScreenshot().save(path), qPrintable(path));
}

bool Companion::openServers()
{
    QMenu *menu = m_desk.openMenu(m_app->tray().icon());
    if (!menu || !m_desk.choose(menu, m_app->actions().settings)
        || !waitFor([this] { return dialog() && dialog()->isVisible(); }))
        return false;
    QListWidget *titles = dialog()->pages();
    for (int row = 0; row < titles->count(); ++row) {
        const QRect place = titles->visualItemRect(titles->item(row));
        if (!m_desk.click(titles->viewport()->mapToGlobal(place.center())))
            return false;
        if (waitFor([this] { return page()->isVisible(); }, 300))
            return true;
    }
    return false;
}

bool Companion::paste(const QString &link, const char *picture)
{
    QApplication::clipboard()->setText(link);
    QPushButton *button = nullptr;
    for (auto *found : page()->findChildren<QPushButton *>()) {
        if (found->isVisible() && found->parentWidget() == page()->field()->parentWidget())
            button = found; // the last one
    }
    // The question runs its own event loop, so it is answered from inside it.
    m_question.clear();
    QTimer eye;
    connect(&eye, &QTimer::timeout, this, [&] {
        auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        if (!box || !box->isVisible())
            return;
        eye.stop();
        m_question = box->text();
        look(picture);
        const QList<QAbstractButton *> buttons = box->buttons();
        const auto test = std::find_if(buttons.begin(), buttons.end(), [](const auto *each) {
            return each->text() == ServerIntake::tr("Test it first");
        });
        if (test == buttons.end() || !m_desk.click(*test))
            box->reject();
    });
    eye.start(std::chrono::milliseconds(50));
    return button && m_desk.click(button) && waitFor([this] { return !m_question.isEmpty(); });
}

void Companion::pastesAndTestsALink_data()
{
    QTest::addColumn<QString>("link");
    QTest::newRow("fra") << m_linkOfFra;
    QTest::newRow("ams") << m_ams.link();
}

void Companion::pastesAndTestsALink()
{
    QFETCH(QString, link);
    const QString name = QString::fromLatin1(QTest::currentDataTag());
    if (!dialog() || !dialog()->isVisible())
        QVERIFY(openServers());
    QVERIFY(paste(link, "what the link says"));
    QVERIFY2(m_question.contains(name) && !m_question.contains(u"between us two"_s),
             qPrintable(m_question));
    QTRY_VERIFY_WITH_TIMEOUT(!page()->test()->outcome()->text().isEmpty(), 20'000);
    const QString outcome = page()->test()->outcome()->text();
    QVERIFY2(outcome.startsWith(u"✓"_s), qPrintable(outcome));
    QVERIFY(page()->test()->line(ParentStep::Provider)->text().startsWith(u"✓"_s));
    QTRY_VERIFY(!rowOf(name).isEmpty());
    look("tested");
}

void Companion::keepsBoth()
{
    QVERIFY(m_desk.click(dialog()->buttons()->button(QDialogButtonBox::Apply)));
    QTRY_COMPARE(core().settings().upstream.parents.list.size(), 2);
    QVERIFY(m_file.read().contains("parents"));
    QTRY_VERIFY_WITH_TIMEOUT(
        core().servers().parents.size() == 2 && core().servers().parents[0].isPreferred, 10'000);
    look("kept");
}

QByteArray Companion::wayOfARequest()
{
    const qsizetype before = core().finishedWork().size();
    Client curl(u"curl"_s,
                { u"-sS"_s, u"--max-time"_s, u"30"_s, u"--noproxy"_s, QString(), u"-o"_s,
                  m_folder.filePath(u"answer"_s), u"--cacert"_s,
                  m_folder.filePath(u"provider.pem"_s), u"-x"_s,
                  u"http://127.0.0.1:%1"_s.arg(core().listenAddress().port),
                  u"https://%1/"_s.arg(provider) });
    if (!curl.ends() || !curl.succeeds()
        || !waitFor([&] { return core().finishedWork().size() > before; }))
        return {};
    return core().finishedWork().constLast().route;
}

QString Companion::rowOf(const QString &name)
{
    const QListWidget *list = page()->list();
    for (int row = 0; row < list->count(); ++row) {
        if (list->item(row)->text().startsWith(name + u'\n'))
            return list->item(row)->text();
    }
    return {};
}

void Companion::goesOutThroughTheFirst()
{
    QCOMPARE(wayOfARequest(), "fra"_ba);
    // The program learns the way out at its next tick; only what comes after that is a switch.
    const QSignalSpy ticked(&core(), &ProxyController::ticked);
    QTRY_VERIFY(ticked.size() >= 2);
    QVERIFY(shownNotice().isEmpty());
}

void Companion::tellsOfTheSwitch()
{
    m_fra.stop();
    // The next request pays for it and is served all the same.
    QCOMPARE(wayOfARequest(), "ams"_ba);
    QTRY_VERIFY_WITH_TIMEOUT(shownNotice().contains(u"ams"_s), noticedWithin);
    const QString notice = shownNotice();
    QVERIFY2(notice.contains(u"fra"_s), qPrintable(notice));
    look("the notice");
    QVERIFY(m_desk.dismissNotice());
    QCOMPARE(wayOfARequest(), "ams"_ba);
}

void Companion::refusesAnotherKey()
{
    QVERIFY(!m_fra.says({ u"--new-identity"_s }).isNull());
    QVERIFY(m_fra.start());
    const QString fault = ServerWording::fault(sami::route::ParentFault::WrongPin);
    if (!dialog()->isVisible())
        QVERIFY(openServers());
    QTRY_VERIFY2_WITH_TIMEOUT(rowOf(u"fra"_s).contains(fault), qPrintable(rowOf(u"fra"_s)),
                              noticedWithin);
    look("another key");
    QCOMPARE(wayOfARequest(), "ams"_ba);

    // The old link again, under another name.
    QString link = m_linkOfFra;
    QVERIFY(paste(link.replace(u"name=fra"_s, u"name=fra2"_s), "the old link again"));
    QTRY_VERIFY_WITH_TIMEOUT(page()->test()->outcome()->text().startsWith(u"✗"_s), 20'000);
    QVERIFY2(page()->test()->line(ParentStep::Key)->text().startsWith(u"✗"_s),
             qPrintable(page()->test()->line(ParentStep::Key)->text()));
    QVERIFY2(!page()->test()->keepButton()->isVisible(), "there is no way around it");
    look("refused");
    QVERIFY(rowOf(u"fra2"_s).isEmpty());
    QCOMPARE(core().settings().upstream.parents.list.size(), 2);
}

QTEST_MAIN(Companion)
#include "companion.moc"
