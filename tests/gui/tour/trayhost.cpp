// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "trayhost.h"

#include "desk.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QSystemTrayIcon>

namespace sami::test {

using namespace Qt::StringLiterals;

namespace {

constexpr QLatin1StringView watcher { "org.kde.StatusNotifierWatcher" };
constexpr QLatin1StringView itemInterface { "org.kde.StatusNotifierItem" };
constexpr QLatin1StringView menuInterface { "com.canonical.dbusmenu" };

/// Waits with the event loop running, because the object asked may live in this thread too.
QDBusMessage ask(const QDBusMessage &question)
{
    static QDBusConnection bus =
        QDBusConnection::connectToBus(QDBusConnection::SessionBus, u"the test's eyes"_s);
    const QDBusPendingCall call = bus.asyncCall(question);
    if (!waitFor([&call] { return call.isFinished(); }) || call.isError())
        return {};
    return call.reply();
}

/// The value of a property; invalid if there is none.
QVariant property(const QString &service, const QString &path, QLatin1StringView interface,
                  const QString &name)
{
    QDBusMessage question = QDBusMessage::createMethodCall(
        service, path, u"org.freedesktop.DBus.Properties"_s, u"Get"_s);
    question.setArguments({ QString(interface), name });
    const QVariantList answer = ask(question).arguments();
    return answer.isEmpty() ? QVariant() : answer.constFirst().value<QDBusVariant>().variant();
}

QString serviceOf(const QString &item)
{
    return item.section(u'/', 0, 0);
}

QString pathOf(const QString &item)
{
    return item.contains(u'/') ? u'/' + item.section(u'/', 1) : u"/StatusNotifierItem"_s;
}

QString menuPathOf(const QString &item)
{
    return property(serviceOf(item), pathOf(item), itemInterface, u"Menu"_s)
        .value<QDBusObjectPath>()
        .path();
}

} // namespace

TrayHost::~TrayHost()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_process.kill();
    m_process.waitForFinished();
}

bool TrayHost::start()
{
    m_process.setProcessChannelMode(QProcess::ForwardedChannels);
    if (m_kind == Kind::StatusNotifier) {
        // Qt determines the kind of tray only once per process.
        m_process.start(u"xfce4-panel"_s, { u"--disable-wm-check"_s });
        return m_process.waitForStarted() && waitFor(StatusNotifier::hasHost)
            && waitFor(&QSystemTrayIcon::isSystemTrayAvailable);
    }
    // Wide enough to leave bare panel beside the icon, and of one plain colour.
    m_process.start(u"trayer"_s, { u"--edge"_s,        u"bottom"_s,
                                   u"--align"_s,       u"right"_s,
                                   u"--SetDockType"_s, u"true"_s,
                                   u"--widthtype"_s,   u"pixel"_s,
                                   u"--width"_s,       QString::number(trayerWidth),
                                   u"--heighttype"_s,  u"pixel"_s,
                                   u"--height"_s,      u"32"_s,
                                   u"--transparent"_s, u"true"_s,
                                   u"--alpha"_s,       u"0"_s,
                                   u"--tint"_s,        u"0x303840"_s });
    return m_process.waitForStarted() && waitFor(&QSystemTrayIcon::isSystemTrayAvailable);
}

bool TrayHost::kill()
{
    m_process.kill();
    return m_process.waitForFinished()
        && waitFor([] { return !QSystemTrayIcon::isSystemTrayAvailable(); });
}

bool StatusNotifier::hasHost()
{
    return property(watcher, u"/StatusNotifierWatcher"_s, watcher,
                    u"IsStatusNotifierHostRegistered"_s)
        .toBool();
}

QStringList StatusNotifier::items()
{
    return property(watcher, u"/StatusNotifierWatcher"_s, watcher,
                    u"RegisteredStatusNotifierItems"_s)
        .toStringList();
}

QString StatusNotifier::toolTip(const QString &item)
{
    const auto answer =
        property(serviceOf(item), pathOf(item), itemInterface, u"ToolTip"_s).value<QDBusArgument>();
    if (answer.currentType() != QDBusArgument::StructureType)
        return {};
    QString icon;
    QString title;
    QString text;
    answer.beginStructure();
    answer >> icon;
    answer.beginArray();
    while (!answer.atEnd()) {
        int width = 0;
        int height = 0;
        QByteArray pixels;
        answer.beginStructure();
        answer >> width >> height >> pixels;
        answer.endStructure();
    }
    answer.endArray();
    answer >> title >> text;
    answer.endStructure();
    return title + text;
}

QList<StatusNotifier::MenuEntry> StatusNotifier::menu(const QString &item)
{
    QDBusMessage question = QDBusMessage::createMethodCall(serviceOf(item), menuPathOf(item),
                                                           menuInterface, u"GetLayout"_s);
    constexpr int root = 0;
    constexpr int firstLevel = 1;
    question.setArguments({ root, firstLevel, QStringList() });
    const QVariantList answer = ask(question).arguments();
    if (answer.size() != 2)
        return {};
    const auto layout = answer.constLast().value<QDBusArgument>();
    int id = 0;
    QVariantMap properties;
    QList<MenuEntry> entries;
    layout.beginStructure();
    layout >> id >> properties;
    layout.beginArray();
    while (!layout.atEnd()) {
        QDBusVariant boxed;
        layout >> boxed;
        const auto child = boxed.variant().value<QDBusArgument>();
        child.beginStructure();
        child >> id >> properties;
        child.endStructure();
        if (properties.value(u"visible"_s, true).toBool())
            entries.append({ id, properties.value(u"label"_s).toString().remove(u'_'),
                             properties.value(u"enabled"_s, true).toBool() });
    }
    layout.endArray();
    layout.endStructure();
    return entries;
}

bool StatusNotifier::click(const QString &item, const MenuEntry &entry)
{
    QDBusMessage order = QDBusMessage::createMethodCall(serviceOf(item), menuPathOf(item),
                                                        menuInterface, u"Event"_s);
    order.setArguments(
        { entry.id, u"clicked"_s, QVariant::fromValue(QDBusVariant(QString())), 0U });
    return ask(order).type() == QDBusMessage::ReplyMessage;
}

} // namespace sami::test
