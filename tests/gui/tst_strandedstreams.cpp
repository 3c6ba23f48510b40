// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "answers.h"
#include "config/optionparsers.h"
#include "gui/control/strandedstreams.h"
#include "gui/widgets/messagebox.h"
#include "gui/widgets/strandedoffer.h"
#include "guirig.h"

#include <QApplication>
#include <QFile>
#include <QMessageBox>
#include <QPushButton>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

namespace {

using Change = std::function<void(config::Settings &)>;
using Row = std::function<void(account::ConnectionSnapshot &)>;

enum Kind { None, Client, Destination, Credentials };

account::ConnectionSnapshot stream(const char *client, const char *host, quint16 port)
{
    account::ConnectionSnapshot row = FakeEngine::makeConnection(7);
    row.client.address = QHostAddress(QString::fromLatin1(client));
    row.endpoint = { host, port };
    row.user = "ann";
    return row;
}

Change clients(const char *list)
{
    return [list](config::Settings &settings) {
        settings.access.allowedClients = *config::parseClients(QString::fromLatin1(list));
    };
}

Change hosts(const char *list)
{
    return [list](config::Settings &settings) {
        settings.access.allowedHosts = *config::parseHosts(QString::fromLatin1(list));
    };
}

void openToAll(config::Settings &settings)
{
    settings.listen.address = QHostAddress(QHostAddress::AnyIPv4);
}

} // namespace

Q_DECLARE_METATYPE(Change)
Q_DECLARE_METATYPE(account::ConnectionSnapshot)

class TstStrandedStreams : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whoIsStranded_data();
    void whoIsStranded();
    void theQuestionNamesThem();
    void closesThemWhenTold();
    void letsThemFinishOtherwise();
    void asksNothingWhereNothingIsStranded();
    void privateIsWhatTheProxyTakesItFor();
    void aFileOfUsersIsAChangeToo();
    void asksOnceForOneChange();
    void whatEndedMeanwhileIsLeftAlone();
    void aChangeDuringTheQuestionIsAskedAfterIt();
    void theHarmlessButtonIsTheDefault();

private:
    /// Otherwise others could not be clients.
    static void letOthersIn(GuiRig &rig)
    {
        QVERIFY(applied(rig.controller, changed(rig, openToAll)));
    }
    static config::Settings changed(const GuiRig &rig, const Change &change)
    {
        config::Settings settings = rig.store.settings();
        change(settings);
        return settings;
    }
};

void TstStrandedStreams::whoIsStranded_data()
{
    QTest::addColumn<Change>("before");
    QTest::addColumn<Change>("now");
    QTest::addColumn<account::ConnectionSnapshot>("row");
    QTest::addColumn<int>("kind");
    const Change nothing = [](config::Settings &) {};
    const auto row = [](const char *name, const Change &before, const Change &now,
                        const account::ConnectionSnapshot &stream,
                        Kind kind) { QTest::newRow(name) << before << now << stream << int(kind); };
    const auto far = stream("192.0.2.9", "api.example.com", 443);
    const auto near = stream("127.0.0.1", "api.example.com", 443);
    const auto printer = stream("192.0.2.9", "192.168.1.5", 443);
    const auto server = stream("192.0.2.9", "198.51.100.5", 443);

    row("nothing is changed", nothing, nothing, far, None);
    row("its address leaves the list", clients("192.0.2.0/24"), clients("127.0.0.1"), far, Client);
    row("a list begins without it", nothing, clients("127.0.0.1"), far, Client);
    row("a list begins with it", nothing, clients("192.0.2.9"), far, None);
    row("the list of clients ends", clients("127.0.0.1"), nothing, far, None);
    row("it was not in the old list either", clients("127.0.0.1"), clients("127.0.0.2"), far, None);
    row(
        "another's client of a proxy that is this computer's own by now", openToAll,
        [](config::Settings &settings) {
            settings.listen.address = QHostAddress(QHostAddress::LocalHost);
        },
        far, Client);
    row(
        "this computer's client of the same", openToAll,
        [](config::Settings &settings) {
            settings.listen.address = QHostAddress(QHostAddress::LocalHost);
        },
        near, None);
    row("its host leaves the list", hosts("*.example.com"), hosts("other.example"), far,
        Destination);
    row("a list of hosts begins without it", nothing, hosts("other.example"), far, Destination);
    row("a preset holds its host no longer", hosts("*.example.com"), hosts("@openai"), far,
        Destination);
    row(
        "the list is only reported", nothing,
        [](config::Settings &settings) {
            hosts("other.example")(settings);
            settings.access.hostsMode = policy::HostsMode::Report;
        },
        far, None);
    row(
        "the list is enforced from now on",
        [](config::Settings &settings) {
            hosts("other.example")(settings);
            settings.access.hostsMode = policy::HostsMode::Report;
        },
        hosts("other.example"), far, Destination);
    row(
        "its port leaves the list", nothing,
        [](config::Settings &settings) {
            settings.access.allowedPorts = *config::parsePorts(u"80"_s);
        },
        far, Destination);
    const Change allPrivate = [](config::Settings &settings) {
        settings.access.privateTargets.all = true;
    };
    row("private addresses are closed to it", allPrivate, nothing, printer, Destination);
    row(
        "of private addresses its range stays", allPrivate,
        [](config::Settings &settings) {
            settings.access.privateTargets.allowed = *config::parseRanges(u"192.168.0.0/16"_s);
        },
        printer, None);
    row("private addresses are closed, and its own is public", allPrivate, nothing, server, None);
    const auto password = [](const char *word) {
        return [word](config::Settings &settings) {
            settings.access.credentials = { "ann", word };
        };
    };
    row("another password", password("old"), password("new"), far, Credentials);
    row("the first password", nothing, password("new"), far, Credentials);
    row("the same password", password("old"), password("old"), far, None);
    row("no password any more", password("old"), nothing, far, None);
    const auto file = [](const char *path, const Change &change = {}) {
        return [path, change](config::Settings &settings) {
            settings.users.file = QString::fromLatin1(path);
            if (change)
                change(settings);
        };
    };
    auto ofFile = far;
    ofFile.user = "bob";
    row("a file of users where nobody had to sign in", nothing, file("/users"), far, Credentials);
    row("of the file, when the settings' password is another", file("/users", password("old")),
        file("/users", password("new")), ofFile, None);
    row("of the settings, when their password is another", file("/users", password("old")),
        file("/users", password("new")), far, Credentials);
    row("of the settings, when only the file's users are left", password("old"), file("/users"),
        far, Credentials);
    row("of the settings, when a file of users comes beside them", password("old"),
        file("/users", password("old")), far, None);
    row("of the file, when another file is named", file("/users"), file("/others"), ofFile, None);
    row("of the file, when nobody has to sign in any more", file("/users"), nothing, ofFile, None);
    row(
        "shut out in two ways", password("old"),
        [&](config::Settings &settings) {
            settings.access.credentials = { "ann", "new" };
            clients("127.0.0.1")(settings);
        },
        far, Client);
    for (const auto phase :
         { account::ConnectionPhase::AwaitingRequest, account::ConnectionPhase::Closing }) {
        auto idle = far;
        idle.phase = phase;
        row(phase == account::ConnectionPhase::Closing ? "one that is closing" : "an idle one",
            nothing, clients("127.0.0.1"), idle, None);
    }
    auto dialling = far;
    dialling.phase = account::ConnectionPhase::Connecting;
    row("one that is still connecting", nothing, clients("127.0.0.1"), dialling, Client);
    auto shared = stream("100.64.0.9", "api.example.com", 443);
    row("a client in shared addresses, of which this computer has none", nothing,
        clients("private"), shared, Client);
    row("a private client", nothing, clients("private"), stream("10.0.0.9", "a.example", 443),
        None);
}

void TstStrandedStreams::whoIsStranded()
{
    QFETCH(const Change, before);
    QFETCH(const Change, now);
    QFETCH(const account::ConnectionSnapshot, row);
    QFETCH(const int, kind);
    config::Settings old;
    before(old);
    config::Settings fresh;
    now(fresh);
    const StrandedStreams found = StrandedStreams::of(old, fresh, { row }, {});
    const QList<quint64> it { row.id };
    const QList<quint64> none;
    QCOMPARE(found.clients, kind == Client ? it : none);
    QCOMPARE(found.destinations, kind == Destination ? it : none);
    QCOMPARE(found.credentials, kind == Credentials ? it : none);
    QCOMPARE(found.all(), kind == None ? none : it);
}

void TstStrandedStreams::theQuestionNamesThem()
{
    QList<account::ConnectionSnapshot> live;
    for (quint64 id = 1; id <= 8; ++id) {
        auto row = stream("192.0.2.9", "<b>evil</b>.example", quint16(440 + id));
        row.id = id;
        live.append(row);
    }
    config::Settings now;
    clients("127.0.0.1")(now);
    const QString question = StrandedStreams::of({}, now, live, {}).question();
    QVERIFY2(question.contains(u"192.0.2.9 → <b>evil</b>.example:441"_s), qPrintable(question));
    QVERIFY(question.contains(u"445"_s) && !question.contains(u"446"_s));
    QVERIFY(question.endsWith(u'…'));
}

void TstStrandedStreams::closesThemWhenTold()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(3);
    const account::ConnectionSnapshot one = rig.engine->connections.at(1);
    QStringList asked;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &question) {
        asked.append(question.text);
        return std::optional(0);
    });
    const QString kept = one.client.address.toString();
    QVERIFY(applied(rig.controller, changed(rig, [&](config::Settings &settings) {
                        settings.access.allowedClients = *config::parseClients(kept);
                    })));
    QVERIFY2(asked.isEmpty(), "not from inside apply()");
    QTRY_COMPARE(asked.size(), 1);
    QTRY_COMPARE(rig.engine->closed.size(), 2);
    QVERIFY(!rig.engine->closed.contains(one.id));
}

void TstStrandedStreams::letsThemFinishOtherwise()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(3);
    int asked = 0;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &) {
        ++asked;
        return std::optional<int>();
    });
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1"))));
    QTRY_COMPARE(asked, 1);
    QCoreApplication::processEvents();
    QVERIFY(rig.engine->closed.isEmpty());
    // The user was asked about them; an unrelated change must not ask again.
    QVERIFY(applied(rig.controller, changed(rig, hosts("*.com,*.ai,*.org,*.example,*.net"))));
    QVERIFY(applied(rig.controller,
                    changed(rig, [](config::Settings &settings) { settings.limits.threads = 2; })));
    QCoreApplication::processEvents();
    QCOMPARE(asked, 1);
}

void TstStrandedStreams::asksNothingWhereNothingIsStranded()
{
    GuiRig rig;
    letOthersIn(rig);
    int asked = 0;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &) {
        ++asked;
        return std::optional(0);
    });
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1"))));
    QCoreApplication::processEvents();
    rig.engine->addConnections(2);
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1,192.0.2.0/24"))));
    QCoreApplication::processEvents();
    QCOMPARE(asked, 0);
}

void TstStrandedStreams::privateIsWhatTheProxyTakesItFor()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->privates = policy::PrivateClients(
        { { QHostAddress(u"100.101.1.2"_s), 32, LinkKind::Shared, {} } }, {});
    rig.engine->put(stream("100.64.0.9", "api.example.com", 443));
    int asked = 0;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &) {
        ++asked;
        return std::optional(0);
    });
    QVERIFY(applied(rig.controller, changed(rig, clients("private"))));
    QCoreApplication::processEvents();
    QCOMPARE(asked, 0);
}

void TstStrandedStreams::aFileOfUsersIsAChangeToo()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(2);
    QStringList asked;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &question) {
        asked.append(question.text);
        return std::optional(0);
    });
    const QString path = rig.folder.filePath(u"users"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write("# nobody\n") > 0);
    file.close();
    QVERIFY(applied(rig.controller, changed(rig, [&path](config::Settings &settings) {
                        settings.users.file = path;
                    })));
    QTRY_COMPARE(asked.size(), 1);
    QVERIFY2(asked.constFirst().contains(u"that are valid now"_s), qPrintable(asked.constFirst()));
    QTRY_COMPARE(rig.engine->closed.size(), 2);
}

void TstStrandedStreams::asksOnceForOneChange()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(3);
    QStringList asked;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &question) {
        asked.append(question.text);
        return std::optional(0);
    });
    // Two changes at once get one question about their combined effect.
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1"))));
    QVERIFY(applied(rig.controller, changed(rig, [](config::Settings &settings) {
                        settings.access.credentials = { "ann", "new" };
                    })));
    QTRY_COMPARE(asked.size(), 1);
    QCoreApplication::processEvents();
    QCOMPARE(asked.size(), 1);
    QCOMPARE(rig.engine->closed.size(), 3);
}

void TstStrandedStreams::whatEndedMeanwhileIsLeftAlone()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(2);
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &) {
        rig.engine->end(1);
        auto other = FakeEngine::makeConnection(2);
        other.client.address = QHostAddress(QHostAddress::LocalHost);
        rig.engine->put(other); // the id is another connection's by now
        return std::optional(0);
    });
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1"))));
    QCoreApplication::processEvents();
    QVERIFY(rig.engine->closed.isEmpty());
}

void TstStrandedStreams::aChangeDuringTheQuestionIsAskedAfterIt()
{
    GuiRig rig;
    letOthersIn(rig);
    rig.engine->addConnections(3);
    int asked = 0;
    int open = 0;
    const StrandedOffer offer(rig.controller, [&](QWidget *, const Question &) {
        if (open++ > 0)
            qFatal("two questions at once");
        if (++asked == 1) {
            auto more = FakeEngine::makeConnection(9);
            more.client.address = QHostAddress(QHostAddress::LocalHost);
            rig.engine->put(more);
            [[maybe_unused]] const auto outcome =
                applied(rig.controller, changed(rig, hosts("other.example")));
            QCoreApplication::processEvents();
        }
        --open;
        return std::optional<int>();
    });
    QVERIFY(applied(rig.controller, changed(rig, clients("127.0.0.1"))));
    QTRY_COMPARE(asked, 2);
}

void TstStrandedStreams::theHarmlessButtonIsTheDefault()
{
    QString harmless;
    QTimer::singleShot(0, this, [&harmless] {
        const auto *box = qobject_cast<QMessageBox *>(QApplication::activeModalWidget());
        harmless = box ? box->defaultButton()->text() : QString();
        QTest::keyClick(QApplication::activeModalWidget(), Qt::Key_Return);
    });
    const auto answer = MessageBox::ask(nullptr,
                                        { StrandedStreams::title(),
                                          u"?"_s,
                                          { StrandedStreams::closeLabel() },
                                          StrandedStreams::finishLabel() });
    QVERIFY(!answer);
    QCOMPARE(harmless, StrandedStreams::finishLabel());
}

QTEST_MAIN(TstStrandedStreams)
#include "tst_strandedstreams.moc"
