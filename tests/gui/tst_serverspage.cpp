// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parenturl.h"
#include "gui/control/parkedservers.h"
#include "gui/text/serverwording.h"
#include "gui/widgets/settings/serverspage.h"
#include "settingsdialogrig.h"

#include <QCheckBox>
#include <QClipboard>
#include <QDropEvent>
#include <QGuiApplication>
#include <QMimeData>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::gui;

class TstServersPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLinkIsTakenWhenTheUserAgrees();
    void aLinkIsNotTakenWithoutThat();
    void theQuestionSaysWhatIsInTheLink_data();
    void theQuestionSaysWhatIsInTheLink();
    void whatIsNoServerIsSaid_data();
    void whatIsNoServerIsSaid();
    void pasteAndDropAreOffers();
    void theOrderIsTheOneShown();
    void aServerThatIsOffIsKept();
    void withoutAServerThatIsSaid();
    void directComesLast();
    void noPasswordIsShown();
    void aListOfTheEnvironmentIsLocked();
    void theDefaultsTurnServersOffAndKeepThem();
    void theDefaultsLeaveALockedListAlone();
    void howTheyAreIsShownWhileThePageIsSeen();
    void onlyThoseInForceHaveAState();
    void theDirectWayIsSaid();
    void parkedOnesSurviveTheFile_data();
    void parkedOnesSurviveTheFile();
};

namespace {

const QByteArray pin(32, 'p');
const QString pinText = QString::fromLatin1(
    pin.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
const QString fra =
    u"sami-proxy://ann:s3cr%2Ct@fra.example.com:8443?pin="_s + pinText + u"&name=fra"_s;
const QString ams = u"sami-proxy://ams.example.com:8443?name=ams"_s;
const QString clear = u"http://ann:word@192.0.2.9:3128"_s;

config::Parent parentOf(const QString &text)
{
    return config::parseParent(text.toUtf8()).value().parent;
}

route::ParentState stateOf(const QByteArray &name, bool isPreferred)
{
    route::ParentState state;
    state.kind = config::ParentKind::Https;
    state.name = name;
    state.isPreferred = isPreferred;
    return state;
}

// The actions of the question.
constexpr int testIt = 0;
constexpr int addIt = 1;

/// The dialog with the page in front.
struct Rig : SettingsDialogRig
{
    Rig() { choice = addIt; }
    explicit Rig(const SettingsFixture &file) : SettingsDialogRig(file) { choice = addIt; }

    [[nodiscard]] ServersPage &page() const { return *dialog.servers(); }
    [[nodiscard]] QStringList names() const
    {
        QStringList names;
        const QListWidget *list = page().list();
        for (int row = 0; row < list->count(); ++row)
            names.append(list->item(row)->text().section(u'\n', 0, 0));
        return names;
    }
    [[nodiscard]] QList<config::Parent> applied() const
    {
        return store.settings().upstream.parents.list;
    }
    [[nodiscard]] QPushButton *button(const QString &text) const
    {
        for (auto *found : page().findChildren<QPushButton *>()) {
            if (found->text().remove(u'&') == text)
                return found;
        }
        return nullptr;
    }
    void apply(const QStringList &links)
    {
        for (const QString &link : links) {
            if (!page().offer(link))
                qFatal("the link is none");
        }
        if (!sami::gui::applied(dialog))
            qFatal("the servers do not count");
    }
    void showPage() const
    {
        const auto titles = dialog.pages()->findItems(u"Servers"_s, Qt::MatchExactly);
        dialog.pages()->setCurrentItem(titles.constFirst());
    }
    /// What is said of how it is, beneath what it is.
    [[nodiscard]] QString stateOf(int row) const
    {
        return page().list()->item(row)->text().section(u'\n', 2);
    }
    void tick(int row, bool isOn) const
    {
        page().list()->item(row)->setCheckState(isOn ? Qt::Checked : Qt::Unchecked);
    }
};

} // namespace

void TstServersPage::aLinkIsTakenWhenTheUserAgrees()
{
    const SettingsFixture file;
    Rig rig(file);
    rig.page().field()->setText(u"  "_s + fra + u" "_s);
    rig.button(u"Add…"_s)->click();
    QCOMPARE(rig.questions.size(), 1);
    QCOMPARE(rig.names(), QStringList(u"fra"_s));
    QVERIFY2(rig.page().field()->text().isEmpty(), "the secret is out of sight");
    QVERIFY2(rig.engine->applied.isEmpty(), "nothing counts before it is applied");
    QVERIFY(sami::gui::applied(rig.dialog));
    QCOMPARE(rig.applied(), QList { parentOf(fra) });
    QCOMPARE(rig.engine->applied.constLast().upstream.parents.list, QList { parentOf(fra) });

    SettingsStore again(file.input());
    QVERIFY(again.open());
    QCOMPARE(again.settings().upstream.parents.list, QList { parentOf(fra) });
    QCOMPARE(QFile::permissions(file.path())
                 & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
             QFile::Permissions());
}

void TstServersPage::aLinkIsNotTakenWithoutThat()
{
    Rig rig;
    rig.answer = false;
    QVERIFY(!rig.page().offer(fra));
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY(rig.names().isEmpty());
    QVERIFY(!rig.dialog.shownSettings().upstream.parents.list.size());
}

void TstServersPage::theQuestionSaysWhatIsInTheLink_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<QStringList>("has");
    QTest::addColumn<bool>("warns");
    const QString shortPin = ServerWording::shortPin(pin);
    QTest::newRow("host, pin and user")
        << fra
        << QStringList { u"Name: fra"_s, u"fra.example.com:8443"_s, shortPin, u"User: ann"_s }
        << false;
    QTest::newRow("without a pin the certificate has to be trusted")
        << ams << QStringList { u"certificate that this computer trusts"_s, u"User: none"_s }
        << false;
    QTest::newRow("clear text is warned of, with its password")
        << clear << QStringList { u"192.0.2.9:3128"_s, u"read its password and the names"_s }
        << true;
    QTest::newRow("a link without TLS is warned of")
        << u"sami-proxy://h.example.com:80?tls=0"_s
        << QStringList { u"no encryption"_s, u"read the names of the hosts"_s } << true;
    QTest::newRow("SOCKS5 is clear text")
        << u"socks5://127.0.0.1:1080"_s << QStringList { u"SOCKS5 without encryption"_s } << true;
    QTest::newRow("what looks like HTML is text")
        << u"sami-proxy://h.example.com:80?name=%3Cb%3Ebold"_s << QStringList { u"<b>bold"_s }
        << false;
}

void TstServersPage::theQuestionSaysWhatIsInTheLink()
{
    QFETCH(const QString, link);
    QFETCH(const QStringList, has);
    QFETCH(const bool, warns);
    Rig rig;
    QVERIFY2(rig.page().offer(link), qPrintable(rig.page().note()->text()));
    const QString question = rig.questions.constFirst();
    for (const QString &part : has)
        QVERIFY2(question.contains(part), qPrintable(question));
    QCOMPARE(question.contains(u"WARNING"_s), warns);
    QVERIFY2(!question.contains(u"s3cr"_s) && !question.contains(u"word@"_s), qPrintable(question));
    QVERIFY(!question.contains(u'%'));
}

void TstServersPage::whatIsNoServerIsSaid_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("nothing") << QString();
    QTest::newRow("a name") << u"fra"_s;
    QTest::newRow("a web page") << u"https://example.com/path"_s;
    QTest::newRow("a bad pin") << u"sami-proxy://h.example.com:1?pin=xyz"_s;
    QTest::newRow("direct is no server") << u"direct"_s;
    QTest::newRow("a user without a password") << u"https://ann@h.example.com:1"_s;
    QTest::newRow("one that is there already") << fra;
}

void TstServersPage::whatIsNoServerIsSaid()
{
    QFETCH(const QString, text);
    Rig rig;
    QVERIFY(rig.page().offer(fra));
    QVERIFY(!rig.page().offer(text));
    QCOMPARE(rig.questions.size(), 1);
    QVERIFY(!rig.page().note()->isHidden());
    QVERIFY(!rig.page().note()->text().isEmpty());
    QVERIFY(!rig.page().note()->text().contains(u"s3cr"_s));
    QCOMPARE(rig.names(), QStringList(u"fra"_s));
    // The note stays until the user types something else.
    QTest::keyClicks(rig.page().field(), u"x"_s);
    QVERIFY(rig.page().note()->isHidden());
}

void TstServersPage::pasteAndDropAreOffers()
{
    Rig rig;
    QGuiApplication::clipboard()->setText(u"\n"_s + fra + u"\n"_s);
    rig.button(u"Paste"_s)->click();
    QCOMPARE(rig.names(), QStringList(u"fra"_s));

    QMimeData data;
    data.setUrls({ QUrl(ams) });
    // A drag enters before it drops: Qt drops on the widget that accepted the enter.
    QDragEnterEvent enter(QPoint(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&rig.page(), &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent drop(QPointF(5, 5), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(&rig.page(), &drop);
    QCOMPARE(rig.questions.size(), 1); // the drop returns at once; the question comes later
    QTRY_COMPARE(rig.names(), QStringList({ u"fra"_s, u"ams"_s }));
}

void TstServersPage::theOrderIsTheOneShown()
{
    Rig rig;
    for (const QString &link : { fra, ams, clear })
        QVERIFY(rig.page().offer(link));
    rig.button(u"Move up"_s)->click();
    QCOMPARE(rig.names(), QStringList({ u"fra"_s, u"192.0.2.9:3128"_s, u"ams"_s }));
    rig.button(u"Move up"_s)->click();
    QVERIFY(!rig.button(u"Move up"_s)->isEnabled());
    QVERIFY(rig.button(u"Move down"_s)->isEnabled());
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.applied(), (QList { parentOf(clear), parentOf(fra), parentOf(ams) }));

    rig.page().list()->setCurrentRow(1);
    QTest::keyClick(rig.page().list(), Qt::Key_Delete);
    QCOMPARE(rig.names(), QStringList({ u"192.0.2.9:3128"_s, u"ams"_s }));
}

void TstServersPage::aServerThatIsOffIsKept()
{
    const SettingsFixture file;
    {
        Rig rig(file);
        for (const QString &link : { fra, ams })
            QVERIFY(rig.page().offer(link));
        rig.tick(0, false);
        QVERIFY(sami::gui::applied(rig.dialog));
        QCOMPARE(rig.applied(), QList { parentOf(ams) });
        QCOMPARE(rig.names(), QStringList({ u"fra"_s, u"ams"_s }));
        QVERIFY(!rig.SettingsDialogRig::button(QDialogButtonBox::Apply)->isEnabled());
    }
    Rig again(file);
    QCOMPARE(again.names(), QStringList({ u"fra"_s, u"ams"_s }));
    QCOMPARE(again.page().list()->item(0)->checkState(), Qt::Unchecked);
    again.tick(0, true);
    QVERIFY(sami::gui::applied(again.dialog));
    QCOMPARE(again.applied(), (QList { parentOf(fra), parentOf(ams) }));
    QVERIFY2(!file.read().contains("gui_servers_off"), file.read().constData());
}

void TstServersPage::withoutAServerThatIsSaid()
{
    Rig rig;
    const auto says = [&rig](const QString &words) {
        return everyText(rig.page()).contains(words);
    };
    QVERIFY(says(u"There is no server: requests go directly."_s));
    QVERIFY(rig.page().offer(fra));
    QVERIFY(!says(u"requests go directly"_s));
    rig.tick(0, false);
    QVERIFY(says(u"None of them is on: requests go directly."_s));
}

void TstServersPage::directComesLast()
{
    Rig rig;
    rig.page().direct()->setChecked(true);
    QVERIFY2(rig.dialog.shownSettings().upstream.parents.list.isEmpty(), "direct alone is no list");
    QVERIFY(rig.page().offer(fra));
    QVERIFY(applied(rig.dialog));
    QCOMPARE(rig.applied(), (QList { parentOf(fra), config::Parent::direct() }));
    QVERIFY(rig.page().direct()->isChecked());
    QCOMPARE(rig.names(), QStringList(u"fra"_s));
}

void TstServersPage::noPasswordIsShown()
{
    Rig rig;
    QVERIFY(rig.page().offer(fra));
    QVERIFY(applied(rig.dialog));
    QString shown = everyText(rig.dialog);
    for (int row = 0; row < rig.page().list()->count(); ++row)
        shown += rig.page().list()->item(row)->text() + rig.page().list()->item(row)->toolTip();
    QVERIFY2(!shown.contains(u"s3cr"_s), qPrintable(shown));
    rig.page().field()->setText(ams + u"secret"_s);
    rig.dialog.reject();
    QVERIFY2(rig.page().field()->text().isEmpty(), "a closed dialog forgets");
}

void TstServersPage::aListOfTheEnvironmentIsLocked()
{
    SettingsFixture file;
    file.environment.insert(u"PROXY_PARENTS"_s, fra + u",direct"_s);
    Rig rig(file);
    QCOMPARE(rig.names(), QStringList(u"fra"_s));
    QVERIFY(!rig.page().list()->isEnabledTo(&rig.dialog));
    QVERIFY(!rig.page().direct()->isEnabled());
    QVERIFY(rig.page().direct()->isChecked());
    QVERIFY(!everyText(rig.dialog).contains(u"s3cr"_s));
    QCOMPARE(rig.dialog.shownSettings(), rig.store.settings());
}

void TstServersPage::theDefaultsTurnServersOffAndKeepThem()
{
    const SettingsFixture file;
    {
        Rig rig(file);
        for (const QString &link : { fra, ams, clear })
            QVERIFY(rig.page().offer(link));
        rig.tick(1, false);
        rig.page().direct()->setChecked(true);
        QVERIFY(applied(rig.dialog));
        restoreEveryPage(rig.dialog);
        QCOMPARE(rig.names(), QStringList({ u"fra"_s, u"ams"_s, u"192.0.2.9:3128"_s }));
        QVERIFY(!rig.page().direct()->isChecked());
        QVERIFY(everyText(rig.page()).contains(u"None of them is on: requests go directly."_s));
        QVERIFY(applied(rig.dialog));
        QVERIFY2(rig.applied().isEmpty(), "the default has no server");
    }
    // With their passwords, and in their order.
    Rig again(file);
    QCOMPARE(again.names(), QStringList({ u"fra"_s, u"ams"_s, u"192.0.2.9:3128"_s }));
    for (const int row : { 0, 1, 2 }) {
        QCOMPARE(again.page().list()->item(row)->checkState(), Qt::Unchecked);
        again.tick(row, true);
    }
    QVERIFY(sami::gui::applied(again.dialog));
    QCOMPARE(again.applied(), (QList { parentOf(fra), parentOf(ams), parentOf(clear) }));
}

void TstServersPage::theDefaultsLeaveALockedListAlone()
{
    SettingsFixture file;
    file.write("gui_servers_off = 0 " + ams.toUtf8() + '\n');
    file.environment.insert(u"PROXY_PARENTS"_s, fra);
    Rig rig(file);
    const QStringList before = rig.names();
    QCOMPARE(before.size(), 2);
    restoreEveryPage(rig.dialog);
    QCOMPARE(rig.names(), before);
    QCOMPARE(rig.page().list()->item(int(before.indexOf(u"fra"_s)))->checkState(), Qt::Checked);
}

void TstServersPage::howTheyAreIsShownWhileThePageIsSeen()
{
    Rig rig;
    rig.apply({ fra, ams });
    rig.engine->servers.parents = { stateOf("fra", true), stateOf("ams", false) };
    rig.controller.tick();
    QCOMPARE(rig.stateOf(0), QString()); // hidden
    rig.dialog.show();
    rig.controller.tick();
    QCOMPARE(rig.stateOf(0), QString()); // another page is in front
    rig.showPage();
    QCOMPARE(rig.stateOf(0), u"In use"_s);
    QCOMPARE(rig.stateOf(1), u"Ready"_s);
    rig.engine->servers.parents[0].latency = std::chrono::milliseconds(31);
    rig.controller.tick();
    QCOMPARE(rig.stateOf(0), u"In use, 31 ms away"_s);
    QVERIFY2(!rig.SettingsDialogRig::button(QDialogButtonBox::Apply)->isEnabled(), "no edit");
    rig.dialog.reject();
    rig.engine->servers.parents[0].latency = std::chrono::milliseconds(50);
    rig.controller.tick();
    QVERIFY(!rig.stateOf(0).contains(u"50"_s));
    rig.dialog.show();
    QCOMPARE(rig.stateOf(0), u"In use, 50 ms away"_s);
}

void TstServersPage::onlyThoseInForceHaveAState()
{
    Rig rig;
    rig.apply({ fra });
    rig.engine->servers.parents = { stateOf("fra", true) };
    rig.dialog.show();
    rig.showPage();
    QVERIFY(rig.page().offer(ams));
    rig.controller.tick();
    QCOMPARE(rig.stateOf(0), u"In use"_s);
    QCOMPARE(rig.stateOf(1), QString());
    // Another one that took its name.
    rig.page().list()->setCurrentRow(0);
    rig.button(u"Remove"_s)->click();
    QVERIFY(rig.page().offer(u"sami-proxy://other.example.com:8443?name=fra"_s));
    rig.controller.tick();
    QCOMPARE(rig.stateOf(1), QString());
    rig.engine->servers = {}; // it stopped
    rig.controller.tick();
    QCOMPARE(rig.stateOf(0), QString());
}

void TstServersPage::theDirectWayIsSaid()
{
    Rig rig;
    rig.page().direct()->setChecked(true);
    rig.apply({ fra });
    rig.dialog.show();
    rig.showPage();
    const QString words = u"None of them is well at the moment: requests go directly."_s;
    QVERIFY(!everyText(rig.page()).contains(words));
    route::ParentState direct = stateOf("direct", true);
    direct.kind = config::ParentKind::Direct;
    rig.engine->servers.parents = { stateOf("fra", false), direct };
    rig.controller.tick();
    QVERIFY(everyText(rig.page()).contains(words));
    rig.engine->servers.parents[1].isPreferred = false;
    rig.controller.tick();
    QVERIFY(!everyText(rig.page()).contains(words));
}

void TstServersPage::parkedOnesSurviveTheFile_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QList<int>>("places");
    QTest::newRow("nothing") << QString() << QList<int>();
    QTest::newRow("two") << u"0 "_s + fra + u",3 "_s + clear << QList<int> { 0, 3 };
    QTest::newRow("what cannot be read is left out") << u"x "_s + fra + u",1 nonsense,-1 "_s + fra
            + u", ,2 direct,4 "_s + ams << QList<int> { 4 };
}

void TstServersPage::parkedOnesSurviveTheFile()
{
    QFETCH(const QString, text);
    QFETCH(const QList<int>, places);
    const QList<ParkedServer> parked = parseParked(text);
    QList<int> seen;
    for (const ParkedServer &entry : parked)
        seen.append(int(entry.place));
    QCOMPARE(seen, places);
    QCOMPARE(parseParked(parkedText(parked)), parked);
}

QTEST_MAIN(TstServersPage)
#include "tst_serverspage.moc"
