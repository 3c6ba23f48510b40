// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/snippets.h"

#include "config/exposure.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

using Variables = QList<std::pair<QString, QString>>;

// Without it a client would ask the proxy for services on its own machine, which the proxy refuses.
constexpr auto noProxy = "localhost,127.0.0.1,::1"_L1;
constexpr auto passwordPlaceholder = "PASSWORD"_L1;
// A container's name for the computer that it runs on.
constexpr auto dockerHost = "host.docker.internal"_L1;

QString authority(const QHostAddress &host, quint16 port)
{
    QString text = host.toString();
    if (host.protocol() == QAbstractSocket::IPv6Protocol)
        text = u'[' + text.replace(u'%', "%25"_L1) + u']'; // RFC 6874: the zone's % is encoded
    return text + u':' + QString::number(port);
}

/// The result has only unreserved characters (RFC 3986 §2.3) and "%". No shell treats them
/// specially except cmd, and its prompt leaves a % alone if it names no variable.
QString encoded(const QByteArray &text)
{
    return QString::fromLatin1(text.toPercentEncoding());
}

QString userInfo(const std::optional<policy::Credentials> &credentials, WithPassword withPassword)
{
    if (!credentials)
        return {};
    return encoded(credentials->username) + u':'
        + (withPassword == WithPassword::Yes ? encoded(credentials->password)
                                             : QString(passwordPlaceholder))
        + u'@';
}

/// `place` is a host with its port.
QString urlAt(const QString &place, const ProxyAddress &proxy, WithPassword withPassword)
{
    return (proxy.requiresTls ? "https://"_L1 : "http://"_L1)
        + userInfo(proxy.credentials, withPassword) + place;
}

/// Programs disagree about the case: curl reads http_proxy in lower case only, others the upper
/// case.
Variables variables(const QString &url)
{
    return { { u"HTTP_PROXY"_s, url }, { u"HTTPS_PROXY"_s, url }, { u"NO_PROXY"_s, noProxy },
             { u"http_proxy"_s, url }, { u"https_proxy"_s, url }, { u"no_proxy"_s, noProxy } };
}

QString lines(const QString &pattern, const Variables &variables)
{
    QString text;
    for (const auto &[name, value] : variables)
        text += pattern.arg(name, value) + u'\n';
    return text;
}

QString posixLines(const Variables &variables)
{
    return lines(u"export %1='%2'"_s, variables);
}

QString powerShellLines(const Variables &variables)
{
    return lines(u"$env:%1 = '%2'"_s, variables);
}

QString json(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson());
}

QString claudeCode(const QString &url)
{
    QJsonObject environment;
    for (const auto &[name, value] : variables(url))
        environment.insert(name, value);
    return json({ { u"env"_s, environment } });
}

QString dockerConfig(const QString &url)
{
    const QJsonObject proxies { { u"httpProxy"_s, url },
                                { u"httpsProxy"_s, url },
                                { u"noProxy"_s, QString(noProxy) } };
    return json({ { u"proxies"_s, QJsonObject { { u"default"_s, proxies } } } });
}

/// A single line with double quotes, which mean the same in every shell for the characters of a
/// URL.
QString dockerRun(const QString &url, bool isOnThisComputer)
{
    QString text = u"docker run"_s;
    // Docker Desktop knows the name already; Docker on Linux does not.
    if (isOnThisComputer)
        text += " --add-host "_L1 + dockerHost + ":host-gateway"_L1;
    for (const auto &[name, value] : variables(url))
        text += u" -e \"%1=%2\""_s.arg(name, value);
    return text + " IMAGE\n"_L1;
}

QString linesOfThisPlatform(const Variables &variables)
{
#ifdef Q_OS_WIN
    return powerShellLines(variables);
#else
    return posixLines(variables);
#endif
}

QString node(const QString &url)
{
    Variables all = variables(url);
    all.prepend({ u"NODE_USE_ENV_PROXY"_s, u"1"_s });
    return linesOfThisPlatform(all);
}

/// The h leaves name resolution to the proxy, whose rules are about names.
QString socks5(const ProxyAddress &proxy, WithPassword withPassword)
{
    const QString url = "socks5h://"_L1 + userInfo(proxy.credentials, withPassword)
        + authority(proxy.host, proxy.port);
    return linesOfThisPlatform({ { u"ALL_PROXY"_s, url },
                                 { u"NO_PROXY"_s, noProxy },
                                 { u"all_proxy"_s, url },
                                 { u"no_proxy"_s, noProxy } });
}

bool isForOthers(const QHostAddress &address)
{
    return !address.isNull() && !address.isLoopback() && !address.isLinkLocal()
        && !address.isMulticast();
}

} // namespace

std::optional<QHostAddress> Snippets::hostFor(ClientPlace place, const QHostAddress &listener,
                                              const QList<QHostAddress> &machine)
{
    const bool isAny = listener == QHostAddress(QHostAddress::Any);
    const bool isAnyIPv4 = listener == QHostAddress(QHostAddress::AnyIPv4);
    const bool isAnyIPv6 = listener == QHostAddress(QHostAddress::AnyIPv6);
    const bool isWildcard = isAny || isAnyIPv4 || isAnyIPv6;
    if (place == ClientPlace::ThisComputer)
        return config::addressFromHere(listener);
    if (!isWildcard)
        return listener.isLoopback() ? std::nullopt : std::optional(listener);
    for (const auto protocol : { QAbstractSocket::IPv4Protocol, QAbstractSocket::IPv6Protocol }) {
        if (isAnyIPv4 && protocol == QAbstractSocket::IPv6Protocol)
            break;
        if (isAnyIPv6 && !isAny && protocol == QAbstractSocket::IPv4Protocol)
            continue;
        for (const QHostAddress &address : machine) {
            if (address.protocol() == protocol && isForOthers(address))
                return address;
        }
    }
    return std::nullopt;
}

QList<SnippetKind> Snippets::kindsFor(const config::Settings &settings)
{
    const bool isClearTextTaken = settings.tls.mode != config::TlsMode::Require;
    QList<SnippetKind> useful;
    for (const SnippetKind kind : kinds) {
        if (kind == SnippetKind::Tls && !(isClearTextTaken && config::speaksTls(settings)))
            continue;
        if (kind == SnippetKind::Socks5 && !(isClearTextTaken && config::speaksSocks5(settings)))
            continue;
        useful.append(kind);
    }
    return useful;
}

QString Snippets::certificateHint()
{
    // A comment in both shells.
    return u"# "_s
        + tr("The program must trust the proxy's certificate: Settings, Encryption, "
             "Export certificate")
        + u'\n';
}

QString Snippets::url(const ProxyAddress &proxy, WithPassword withPassword)
{
    return urlAt(authority(proxy.host, proxy.port), proxy, withPassword);
}

QString Snippets::text(SnippetKind kind, const ProxyAddress &proxy, WithPassword withPassword)
{
    QString address = url(proxy, withPassword);
    // A container's loopback is the container itself.
    const bool isContainer = kind == SnippetKind::DockerRun || kind == SnippetKind::DockerConfig;
    const bool isOnThisComputer = proxy.host.isLoopback();
    if (isContainer && isOnThisComputer)
        address = urlAt(dockerHost + u':' + QString::number(proxy.port), proxy, withPassword);
    switch (kind) {
    case SnippetKind::Posix:
        return posixLines(variables(address));
    case SnippetKind::Fish:
        return lines(u"set -gx %1 '%2'"_s, variables(address));
    case SnippetKind::PowerShell:
        return powerShellLines(variables(address));
    case SnippetKind::Cmd:
        return lines(u"set \"%1=%2\""_s, variables(address));
    case SnippetKind::DotEnv:
        return lines(u"%1=%2"_s, variables(address));
    case SnippetKind::DockerRun:
        return dockerRun(address, isOnThisComputer);
    case SnippetKind::DockerConfig:
        return dockerConfig(address);
    case SnippetKind::Git:
        return u"git config --global http.proxy \"%1\"\n"_s.arg(address);
    case SnippetKind::ClaudeCode:
        return claudeCode(address);
    case SnippetKind::Node:
        return node(address);
    case SnippetKind::Tls: {
        ProxyAddress encrypted = proxy;
        encrypted.requiresTls = true;
        return certificateHint() + linesOfThisPlatform(variables(url(encrypted, withPassword)));
    }
    case SnippetKind::Socks5:
        return socks5(proxy, withPassword);
    }
    return {};
}

QString Snippets::name(SnippetKind kind)
{
    switch (kind) {
    case SnippetKind::Posix:
        return tr("bash / zsh");
    case SnippetKind::Fish:
        return tr("fish");
    case SnippetKind::PowerShell:
        return tr("PowerShell");
    case SnippetKind::Cmd:
        return tr("cmd (at its prompt)");
    case SnippetKind::DotEnv:
        return tr(".env file");
    case SnippetKind::DockerRun:
        return tr("Docker (docker run)");
    case SnippetKind::DockerConfig:
        return tr("Docker (~/.docker/config.json)");
    case SnippetKind::Git:
        return tr("git");
    case SnippetKind::ClaudeCode:
        return tr("Claude Code (settings.json)");
    case SnippetKind::Node:
        return tr("Node.js (NODE_USE_ENV_PROXY)");
    case SnippetKind::Tls:
        return tr("Over TLS (https:// proxy)");
    case SnippetKind::Socks5:
        return tr("SOCKS5 (ALL_PROXY: curl, git)");
    }
    return {};
}

} // namespace sami::gui
