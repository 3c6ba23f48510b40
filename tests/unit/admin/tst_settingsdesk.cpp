// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/settingsdesk.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace sami;
using namespace sami::admin;

namespace {

config::LoadedSettings loadedOf(const QStringList &arguments, const QString &level = {})
{
    config::LoadInput input;
    input.commandLine = config::parseCommandLine(arguments);
    if (!level.isEmpty())
        input.environment.insert(u"LOG_LEVEL"_s, level);
    return config::loadSettings(input).value();
}

QJsonObject objectOf(const AdminReply &reply)
{
    return QJsonDocument::fromJson(reply.body).object();
}

struct Rig
{
    SettingsDesk desk;
    AdminRoute route { "PUT", "/api/v1/settings/{}", Right::Manage, Action::SetSetting, true };

    explicit Rig(const config::LoadedSettings &loaded = loadedOf({}),
                 const policy::PrivateClients &privateClients = {})
    {
        desk.renew(loaded, privateClients, 7);
    }

    [[nodiscard]] QByteArray tag() const
    {
        return desk.rows().fields.value("ETag").value_or(QByteArrayView()).toByteArray();
    }
    [[nodiscard]] Request put(const QByteArray &name, const QByteArray &ifMatch,
                              const QByteArray &body) const
    {
        Request request;
        request.match.route = &route;
        request.match.parameters = { name };
        if (!ifMatch.isEmpty())
            request.head.fields.append("If-Match", ifMatch);
        request.body = body;
        return request;
    }
};

const QByteArray debugOrder = R"({"value": "debug"})";

} // namespace

class TstSettingsDesk : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsRefused_data();
    void whatIsRefused();
    void whatIsAnOrder_data();
    void whatIsAnOrder();
    void aStrongerSourceLocksIt();
    void theTagIsThatOfTheContent();
    void theAnswerHasTheSettingAsItIsNow();
    void whoShutsThemselvesOutIsTold_data();
    void whoShutsThemselvesOutIsTold();
    void privateIsWhatItMeansHere_data();
    void privateIsWhatItMeansHere();
};

void TstSettingsDesk::whatIsRefused_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("ifMatch");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("status");
    const auto row = [](const char *sentence, const QByteArray &name, const QByteArray &ifMatch,
                        const QByteArray &body, int status) {
        QTest::newRow(sentence) << name << ifMatch << body << status;
    };
    row("B§18: a path cannot be set", "proxy_state_dir", "*", debugOrder, 404);
    row("B§18: nor a door", "proxy_admin", "*", debugOrder, 404);
    row("B§18: nor private targets", "allow_private_targets", "*", debugOrder, 404);
    row("B§18: the name is the one of the list", "LOG_LEVEL", "*", debugOrder, 404);
    row("B§18: without a state that it is about", "log_level", "", debugOrder, 428);
    row("B§18: about another state", "log_level", "\"0123456789abcdef\"", debugOrder, 412);
    row("B§18: a weak tag matches nothing", "log_level", "W/@", debugOrder, 412);
    row("B§18: no JSON", "log_level", "@", "{", 400);
    row("B§18: no object", "log_level", "@", "[]", 400);
    row("B§18: nothing at all", "log_level", "@", "", 400);
    row("B§18: no value", "log_level", "@", "{}", 422);
    row("B§18: a number", "log_level", "@", R"({"value": 1})", 422);
    row("B§18: a word too many", "log_level", "@", R"({"value": "debug", "keep": true})", 422);
}

void TstSettingsDesk::whatIsRefused()
{
    QFETCH(QByteArray, name);
    QFETCH(QByteArray, ifMatch);
    QFETCH(QByteArray, body);
    QFETCH(int, status);
    const Rig rig;
    const auto order = rig.desk.judge(rig.put(name, ifMatch.replace("@", rig.tag()), body));
    QVERIFY(!order);
    QCOMPARE(order.error().status, status);
}

void TstSettingsDesk::whatIsAnOrder_data()
{
    QTest::addColumn<QByteArray>("ifMatch");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("value");
    QTest::newRow("B§18: a value, with the tag of what was read")
        << "@"_ba << debugOrder << u"debug"_s;
    QTest::newRow("B§18: one tag of several") << "\"0\", @"_ba << debugOrder << u"debug"_s;
    QTest::newRow("B§18: whatever the state") << "*"_ba << debugOrder << u"debug"_s;
    QTest::newRow("B§18: nothing, to forget what was set") << "@"_ba
                                                           << R"({"value":" "})"_ba << u""_s;
}

void TstSettingsDesk::whatIsAnOrder()
{
    QFETCH(QByteArray, ifMatch);
    QFETCH(QByteArray, body);
    QFETCH(QString, value);
    const Rig rig;
    const auto order = rig.desk.judge(rig.put("log_level", ifMatch.replace("@", rig.tag()), body));
    QVERIFY(order);
    QCOMPARE(order->option, config::findOption(u"LOG_LEVEL"_s));
    QCOMPARE(order->value, value);
    QCOMPARE(order->edition, quint64(7));
}

void TstSettingsDesk::aStrongerSourceLocksIt()
{
    const Rig flag(loadedOf({ u"--allowed-ips=10.0.0.1"_s }, u"info"_s));
    const auto byFlag = flag.desk.judge(flag.put("allowed_ips", flag.tag(), debugOrder));
    QVERIFY(!byFlag);
    QCOMPARE(byFlag.error().status, 409);
    QVERIFY(byFlag.error().body.contains("The command line has --allowed-ips"));
    const auto byVariable = flag.desk.judge(flag.put("log_level", flag.tag(), debugOrder));
    QVERIFY(!byVariable);
    QCOMPARE(byVariable.error().status, 409);
    QVERIFY(byVariable.error().body.contains("The environment has LOG_LEVEL"));
}

void TstSettingsDesk::theTagIsThatOfTheContent()
{
    Rig rig;
    const QByteArray before = rig.tag();
    rig.desk.renew(loadedOf({}, u"debug"_s), {}, 8);
    QVERIFY(rig.tag() != before);
    QVERIFY(!rig.desk.judge(rig.put("allowed_ips", before, debugOrder)));
    rig.desk.renew(loadedOf({}), {}, 9);
    QCOMPARE(rig.tag(), before);
}

void TstSettingsDesk::theAnswerHasTheSettingAsItIsNow()
{
    const Rig rig;
    const auto order = rig.desk.judge(rig.put("log_level", "*", debugOrder));
    QVERIFY(order);
    const AdminReply reply = rig.desk.done(*order, { true, { u"a hint"_s } });
    QCOMPARE(reply.status, 200);
    QCOMPARE(reply.fields.value("ETag")->toByteArray(), rig.tag());
    const QJsonObject object = objectOf(reply);
    QCOMPARE(object.value(u"setting"_s).toObject().value(u"name"_s).toString(), u"log_level"_s);
    QCOMPARE(object.value(u"kept"_s).toBool(), true);
    QCOMPARE(object.value(u"hints"_s).toArray().size(), 1);
    QVERIFY(!object.contains(u"leaves_out_caller"_s));
}

void TstSettingsDesk::whoShutsThemselvesOutIsTold_data()
{
    QTest::addColumn<QString>("ordered");
    QTest::addColumn<QString>("list");    // that is in force then
    QTest::addColumn<QString>("address"); // empty: by a Unix socket
    QTest::addColumn<bool>("isLeftOut");
    const QString caller = u"192.0.2.7"_s;
    const QString own = u"192.0.2.0/24"_s;
    const QString foreign = u"198.51.100.1"_s;
    QTest::newRow("B§18: the caller is on the list") << own << own << caller << false;
    QTest::newRow("B§18: the caller is not") << foreign << foreign << caller << true;
    QTest::newRow("B§18: a list of nothing lets everybody in") << u""_s << u""_s << caller << false;
    QTest::newRow("B§18: the list that counts again has the caller")
        << u""_s << own << caller << false;
    QTest::newRow("B§18: the list that counts again has not") << u""_s << foreign << caller << true;
    QTest::newRow("B§18: at a Unix socket there is no address")
        << foreign << foreign << u""_s << false;
}

void TstSettingsDesk::whoShutsThemselvesOutIsTold()
{
    QFETCH(QString, ordered);
    QFETCH(QString, list);
    QFETCH(QString, address);
    QFETCH(bool, isLeftOut);
    const Rig rig(loadedOf({ u"--allowed-ips="_s + list }));
    SettingOrder order { config::findOption(u"ALLOWED_IPS"_s), ordered, 7, {} };
    if (!address.isEmpty())
        order.caller.address = QHostAddress(address);
    const QJsonObject object = objectOf(rig.desk.done(order, {}));
    QCOMPARE(object.value(u"leaves_out_caller"_s).toBool(), isLeftOut);
}

void TstSettingsDesk::privateIsWhatItMeansHere_data()
{
    QTest::addColumn<QString>("address");
    QTest::addColumn<bool>("isContainer");
    QTest::addColumn<bool>("isLeftOut");
    QTest::newRow("B§18: a shared address, where this machine has one")
        << u"100.64.0.9"_s << false << false;
    QTest::newRow("B§18: a container's gateway, which is everybody")
        << u"172.17.0.1"_s << true << true;
    QTest::newRow("B§18: the same address elsewhere") << u"172.17.0.1"_s << false << false;
}

void TstSettingsDesk::privateIsWhatItMeansHere()
{
    QFETCH(QString, address);
    QFETCH(bool, isContainer);
    QFETCH(bool, isLeftOut);
    const policy::PrivateClients here(
        { { QHostAddress(u"100.101.1.2"_s), 32, LinkKind::Shared, {} } },
        Surroundings { isContainer, true, { QHostAddress(u"172.17.0.1"_s) } });
    const Rig rig(loadedOf({ u"--allowed-ips=private"_s }), here);
    SettingOrder order { config::findOption(u"ALLOWED_IPS"_s), u"private"_s, 7, {} };
    order.caller.address = QHostAddress(address);
    const QJsonObject object = objectOf(rig.desk.done(order, {}));
    QCOMPARE(object.value(u"leaves_out_caller"_s).toBool(), isLeftOut);
}

QTEST_APPLESS_MAIN(TstSettingsDesk)
#include "tst_settingsdesk.moc"
