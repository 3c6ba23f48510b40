// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/parentchecks.h"

#include "config/optiontable.h"
#include "config/parenturl.h"
#include "config/passwordfile.h"
#include "config/proxyurl.h"
#include "config/secretfile.h"

#include <QSysInfo>

#include <algorithm>
#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

bool isWildcard(const QHostAddress &address)
{
    return address == QHostAddress(QHostAddress::AnyIPv4)
        || address == QHostAddress(QHostAddress::AnyIPv6)
        || address.protocol() == QAbstractSocket::AnyIPProtocol;
}

/// Whether a listener at that wildcard accepts connections to such an address.
bool takesFamilyOf(const QHostAddress &address, const QHostAddress &listening)
{
    return listening.protocol() != QAbstractSocket::IPv4Protocol
        || address.protocol() == QAbstractSocket::IPv4Protocol;
}

bool isAddressHere(const QHostAddress &address, const QHostAddress &listening,
                   const QList<InterfaceAddress> &interfaces)
{
    if (!isWildcard(listening))
        return address == unmapped(listening);
    if (!takesFamilyOf(address, listening))
        return false;
    return address.isLoopback()
        || std::any_of(interfaces.cbegin(), interfaces.cend(),
                       [&address](const InterfaceAddress &own) { return own.address == address; });
}

bool isNameHere(const QByteArray &name, const Settings &settings, const QByteArray &hostName)
{
    const QHostAddress &listening = settings.listen.address;
    if (name == "localhost" || name.endsWith(".localhost"))
        return isWildcard(listening) || listening.isLoopback();
    if (listening.isLoopback())
        return false;
    const QList<ServerName> &own = settings.tls.names;
    return name == hostName.toLower()
        || std::any_of(own.cbegin(), own.cend(),
                       [&name](const ServerName &each) { return each.toByteArray() == name; });
}

bool sendsPasswordInClear(const Parent &parent)
{
    const auto literal = parent.endpoint.literalAddress();
    const bool staysHere = literal ? literal->isLoopback() : parent.endpoint.host == "localhost";
    return parent.hasCredentials() && !parent.usesTls() && !staysHere;
}

/// One run of settleParents().
class Settler
{
public:
    Settler(Draft &draft, const ParentNames &names)
        : m_parents(draft.settings.upstream.parents.list), m_draft(draft), m_names(names)
    {}

    ParentVerdict run()
    {
        if (!m_draft.parentsPasswordFile.isEmpty())
            takePasswords();
        for (const Parent &parent : std::as_const(m_parents)) {
            if (m_draft.parentsWithoutPassword.contains(parent.name)) {
                refuse(parent,
                       u"a user name without a password; write user:password (user: for an empty "
                       "one), or give the password in %1"_s.arg(
                           QLatin1StringView(parentsPasswordFileOption)));
            }
            if (sendsPasswordInClear(parent)) {
                m_verdict.warnings.append(
                    u"%1: the password for %2 travels in clear text; https:// or a link keeps it "
                    "from everybody on the way"_s.arg(
                        printable(m_names.list),
                        printable(QString::fromUtf8(maskedParentText(parent)))));
            }
        }
        refuseLoops();
        return std::move(m_verdict);
    }

private:
    void refuse(const Parent &parent, const QString &problem)
    {
        m_verdict.errors.append(
            { m_names.list, QString::fromUtf8(maskedParentText(parent)), problem });
    }

    void takePasswords()
    {
        if (m_parents.isEmpty()) {
            if (!m_names.isListGiven) {
                m_verdict.warnings.append(u"%1: there are no parents; %2 lists them"_s.arg(
                    printable(m_names.passwordFile), QLatin1StringView(parentsOption)));
            }
            return;
        }
        const auto passwords = readParentPasswords(m_draft.parentsPasswordFile);
        if (!passwords) {
            for (const QString &problem : passwords.error())
                refuseLine(problem);
            m_draft.parentsWithoutPassword.clear(); // one mistake gives one error
            return;
        }
        for (const ParentPassword &given : *passwords)
            take(given);
    }

    void refuseLine(const QString &problem)
    {
        m_verdict.errors.append({ m_names.passwordFile, m_names.shownPath, problem });
    }

    void take(const ParentPassword &given)
    {
        const auto parent =
            std::find_if(m_parents.begin(), m_parents.end(),
                         [&given](const Parent &each) { return each.name == given.name; });
        if (parent == m_parents.end()) {
            m_verdict.warnings.append(u"%1: line %2 is for no parent of the list"_s.arg(
                printable(m_names.passwordFile), QString::number(given.line)));
        } else if (!parent->hasCredentials()) {
            refuseLine(inLine(given.line,
                              u"this parent has no user name in the list; write user@ before its "
                              "host"_s));
        } else if (!m_draft.parentsWithoutPassword.removeOne(given.name)) {
            refuseLine(
                inLine(given.line, u"this parent already has a password; keep one of the two"_s));
        } else if (parent->kind == ParentKind::Socks5 && given.password.size() > maxUserSize) {
            // RFC 1929 §2.
            refuseLine(inLine(given.line, u"SOCKS5 takes a password of 1 to 255 octets"_s));
        } else {
            parent->password = given.password;
        }
    }

    void refuseLoops()
    {
        if (m_parents.isEmpty())
            return;
        // Without the system's list, loopback and names still work.
        const auto interfaces = readInterfaceAddresses();
        const QByteArray hostName = QSysInfo::machineHostName().toUtf8();
        for (const Parent &parent : std::as_const(m_parents)) {
            if (leadsHere(parent, m_draft.settings, hostName,
                          interfaces ? *interfaces : QList<InterfaceAddress>())) {
                refuse(parent,
                       u"leads to this proxy itself, which listens on port %1"_s.arg(
                           parent.endpoint.port));
            }
        }
    }

    QList<Parent> &m_parents;
    Draft &m_draft;
    const ParentNames &m_names;
    ParentVerdict m_verdict;
};

} // namespace

Result<QList<ParentPassword>, QStringList> readParentPasswords(const QString &path)
{
    const auto lines = readSecretLines(path);
    if (!lines)
        return Unexpected(QStringList { lines.error() });
    QList<ParentPassword> passwords;
    QStringList problems;
    for (const FileLine &line : *lines) {
        const auto fail = [&](const QString &problem) {
            problems.append(inLine(line.number, problem));
        };
        const auto isBlank = [](QChar c) { return c == u' ' || c == u'\t'; };
        const auto blank = std::find_if(line.text.cbegin(), line.text.cend(), isBlank);
        const auto name = percentDecoded(QStringView(line.text.cbegin(), blank).toUtf8());
        if (blank == line.text.cend() || blank == line.text.cbegin() || !name) {
            fail(
                u"write a parent's name, a blank and its password; a blank in the name is %1"_s.arg(
                    "%20"_L1));
            continue;
        }
        const QString password(QStringView(blank + 1, line.text.cend()).toString());
        if (password.isEmpty())
            fail(u"the password is missing"_s);
        else if (const QString problem = passwordProblem(password); !problem.isEmpty())
            fail(u"this is not a password: %1"_s.arg(problem));
        else if (password.toUtf8().size() > maxPasswordSize)
            fail(u"the password has over %1 octets"_s.arg(maxPasswordSize));
        else
            passwords.append({ line.number, *name, password.toUtf8() });
    }
    if (!problems.isEmpty())
        return Unexpected(problems);
    return passwords;
}

bool leadsHere(const Parent &parent, const Settings &settings, const QByteArray &hostName,
               const QList<InterfaceAddress> &interfaces)
{
    if (parent.isDirect() || settings.listen.port == 0
        || parent.endpoint.port != settings.listen.port)
        return false;
    if (const auto literal = parent.endpoint.literalAddress())
        return isAddressHere(*literal, settings.listen.address, interfaces);
    return isNameHere(parent.endpoint.host, settings, hostName);
}

ParentVerdict settleParents(Draft &draft, const ParentNames &names)
{
    return Settler(draft, names).run();
}

} // namespace sami::config
