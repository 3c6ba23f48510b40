// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/adminchecks.h"

#include "config/optiontable.h"

#include <QDir>

#include <algorithm>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

/// More would be a mistake: each door costs a descriptor.
constexpr qsizetype maxDoors = 8;
/// Octets that sockaddr_un has for a path, less the trailing NUL.
constexpr qsizetype maxSocketPath = 107;

constexpr NumberRange doorPort { 0, 65535, "" };

Unexpected<ValueProblems> fail(const QString &value, const QString &problem)
{
    return Unexpected(ValueProblems { { value, problem } });
}

Parsed<AdminDoor> parseUnixDoor(const QString &entry)
{
    AdminDoor door;
    door.kind = AdminDoor::Kind::Unix;
    door.path = entry.sliced(5);
#ifndef Q_OS_LINUX
    return fail(entry, u"Unix sockets are for Linux only; take 127.0.0.1 and a port"_s);
#else
    if (!QDir::isAbsolutePath(door.path))
        return fail(entry, u"write the whole path, such as unix:/run/sami-llm-proxy/admin.sock"_s);
    if (door.path.toUtf8().size() > maxSocketPath)
        return fail(entry, u"a socket's path has 107 octets at most"_s);
    return door;
#endif
}

QString adminShape()
{
    return u"write an address and a port, such as 127.0.0.1:8081 or [::1]:8081, "
           "with tls: before it for TLS"_s;
}

/// ADDRESS:PORT, with an IPv6 address in brackets. `shape` says so.
Parsed<AdminDoor> parseTcpDoor(const QString &entry, const QString &text, AdminDoor::Kind kind,
                               const QString &shape = adminShape())
{
    AdminDoor door;
    door.kind = kind;
    const qsizetype colon = text.lastIndexOf(u':');
    const QString host = text.first(std::max<qsizetype>(colon, 0));
    if (colon <= 0 || (host.contains(u':') && !host.startsWith(u'[')))
        return fail(entry, shape);
    const auto address = parseListenAddress(host);
    if (!address)
        return fail(entry, address.error().first().problem);
    const auto port = parseNumber(text.sliced(colon + 1), doorPort);
    if (!port)
        return fail(entry, u"the port is a whole number from 0 to 65535"_s);
    door.address = *address;
    door.port = static_cast<quint16>(*port);
    return door;
}

Parsed<AdminDoor> parseDoor(const QString &entry)
{
    if (entry.startsWith(u"unix:"_s))
        return parseUnixDoor(entry);
    if (entry.startsWith(u"tls:"_s)) {
#ifdef Q_OS_LINUX
        return parseTcpDoor(entry, entry.sliced(4), AdminDoor::Kind::Tls);
#else
        return fail(entry, u"clients can speak TLS with the proxy on Linux only"_s);
#endif
    }
    auto door = parseTcpDoor(entry, entry, AdminDoor::Kind::Clear);
    if (door && !unmapped(door->address).isLoopback()) {
        return fail(
            entry,
            u"beyond this machine a token would travel in clear text; write tls:%1"_s.arg(entry));
    }
    return door;
}

/// One run of judgeAdmin().
class Judge
{
public:
    Judge(const Settings &settings, const AdminNames &names) : m_settings(settings), m_names(names)
    {}

    AdminVerdict run()
    {
        const AdminSettings &admin = m_settings.admin;
        for (const AdminDoor &door : admin.doors)
            judgeDoor(door, m_names.doors);
        if (admin.metrics) {
            judgeDoor(*admin.metrics, m_names.metrics);
            sayMetrics(*admin.metrics);
        }
        judgeTokens();
        if (admin.doors.isEmpty()) {
            for (const QString &name : { m_names.hosts, m_names.tokens }) {
                if (!name.isEmpty())
                    m_verdict.warnings.append(
                        u"%1: counts for the doors of PROXY_ADMIN, and there are none"_s.arg(name));
            }
        }
        return m_verdict;
    }

private:
    void fail(const QString &name, const AdminDoor &door, const QString &problem)
    {
        m_verdict.errors.append({ name, QString::fromUtf8(door.toByteArray()), problem });
    }

    void judgeDoor(const AdminDoor &door, const QString &name)
    {
        if (door.isTcp() && door.port != 0) {
            if (door.port == m_settings.listen.port)
                fail(name, door, u"that is the proxy's own port; choose another one"_s);
            else if (m_ports.contains(door.port))
                fail(name, door, u"another door has that port already; choose another one"_s);
            m_ports.append(door.port);
        }
        if (door.kind != AdminDoor::Kind::Tls)
            return;
        if (m_settings.tls.mode == TlsMode::Off)
            fail(name, door, u"%1 is off"_s.arg(QLatin1StringView(tlsOption)));
        else if (m_settings.tls.certificateFile.isEmpty() && m_settings.state.folder.isEmpty())
            fail(name, door,
                 u"there is no certificate to show; set %1, where the proxy makes one, or %2 and "
                 "%3"_s.arg(QLatin1StringView(stateFolderOption),
                            QLatin1StringView(certificateFileOption),
                            QLatin1StringView(keyFileOption)));
    }

    void judgeTokens()
    {
        const AdminSettings &admin = m_settings.admin;
        const auto isTcp = [](const AdminDoor &door) { return door.isTcp(); };
        const auto tcp = std::find_if(admin.doors.cbegin(), admin.doors.cend(), isTcp);
        if (tcp == admin.doors.cend() || !admin.tokensFile.isEmpty()
            || !m_settings.state.folder.isEmpty() || !m_verdict.errors.isEmpty())
            return; // one error at a time: a state folder may solve both
        fail(
            m_names.doors, *tcp,
            u"nobody could show a token; set %1, or %2, where the file admin-tokens has them"_s.arg(
                QLatin1StringView(adminTokensOption), QLatin1StringView(stateFolderOption)));
    }

    void sayMetrics(const AdminDoor &door)
    {
        if (unmapped(door.address).isLoopback())
            return;
        m_verdict.warnings.append(
            u"%1: anyone who can reach %2 can read the metrics, without a token"_s.arg(
                m_names.metrics, QString::fromUtf8(door.toByteArray())));
    }

    const Settings &m_settings;
    const AdminNames &m_names;
    QList<quint16> m_ports;
    AdminVerdict m_verdict;
};

} // namespace

Parsed<QList<AdminDoor>> parseAdminDoors(const QString &text)
{
    QList<AdminDoor> doors;
    ValueProblems problems;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        const QString entry = part.trimmed();
        if (entry.isEmpty())
            continue;
        auto door = parseDoor(entry);
        if (!door)
            problems += door.error();
        else if (doors.contains(*door))
            problems.append({ entry, u"is given twice"_s });
        else
            doors.append(*door);
    }
    if (problems.isEmpty() && doors.isEmpty())
        problems.append({ text, u"write at least one door, such as 127.0.0.1:8081"_s });
    if (doors.size() > maxDoors)
        problems.append({ text, u"there can be at most eight doors"_s });
    if (!problems.isEmpty())
        return Unexpected(problems);
    return doors;
}

Parsed<std::optional<AdminDoor>> parseMetricsDoor(const QString &text)
{
    const QString shape = u"write an address and a port, such as 127.0.0.1:9464"_s;
    if (text.startsWith(u"unix:"_s)) // has a colon too
        return fail(text, shape);
    auto door = parseTcpDoor(text, text, AdminDoor::Kind::Clear, shape);
    if (!door)
        return Unexpected(door.error());
    return std::optional(*door);
}

QString formatMetricsDoor(const std::optional<AdminDoor> &door)
{
    return door ? QString::fromUtf8(door->toByteArray()) : QString();
}

AdminVerdict judgeAdmin(const Settings &settings, const AdminNames &names)
{
    return Judge(settings, names).run();
}

} // namespace sami::config
