// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/text/fieldnames.h"

#include "config/optiontable.h"

#include <QRegularExpression>

#include <array>

namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

struct Name
{
    const char *option;
    const char *field;
};

// The labels of the pages; tst_fieldnames compares both, in both languages.
constexpr std::array names {
    Name { "PROXY_PORT", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Port") },
    Name { "PROXY_ADDRESS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Address") },
    Name { "PROXY_SOCKS5", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Speak SOCKS5 too") },
    Name { "PROXY_AUTH_USERNAME", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "User name") },
    Name { "PROXY_AUTH_PASSWORD", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Password") },
    Name { "PROXY_AUTH_PASSWORD_FILE",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Password file") },
    Name { "PROXY_USERS_FILE", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "File of users") },
    Name { "LOG_LEVEL", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Log") },
    Name { "ALLOWED_IPS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Allowed IPs") },
    Name { "PROXY_PAGES", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Status pages") },
    Name { "PROXY_TLS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Clients speak TLS") },
    Name { "PROXY_TLS_CERT_FILE", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Certificate") },
    Name { "PROXY_TLS_KEY_FILE", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Key") },
    Name { "PROXY_TIMEOUT_MS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Silence of a stream") },
    Name { "PROXY_CONNECT_TIMEOUT_MS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Reaching a server") },
    Name { "PROXY_HEADER_TIMEOUT_MS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Head of a request") },
    Name { "PROXY_TCP_KEEPALIVE_S", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "TCP keepalive") },
    Name { "PROXY_UPSTREAM_CA_FILE",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "More certificates") },
    Name { "PROXY_PARENTS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Servers") },
    Name { "PROXY_PARENTS_BYPASS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Always directly") },
    Name { "PROXY_EXIT_FAMILY", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Reach servers over") },
    Name { "PROXY_SOURCE_ADDRESS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Connect from") },
    Name { "PROXY_VIA_HEADER", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Add a Via header") },
    Name { "AUTH_FAIL_RATE_LIMIT_MAX_ATTEMPTS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Block a client after") },
    Name { "AUTH_FAIL_RATE_LIMIT_WINDOW_MS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Wrong passwords are counted for") },
    Name { "MAX_CONCURRENT_CONNECTIONS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Connections at once") },
    Name { "MAX_CONNECTIONS_PER_IP",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Connections at once from one client") },
    Name { "MAX_URL_LENGTH", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Length of a URL") },
    Name { "ALLOWED_HOSTS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Hosts") },
    Name { "ALLOWED_HOSTS_MODE", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Other hosts") },
    Name { "ALLOWED_PORTS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Ports") },
    Name { "ALLOW_PRIVATE_TARGETS",
           QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Private addresses") },
    Name { "PROXY_THREADS", QT_TRANSLATE_NOOP("sami::gui::FieldNames", "Threads") },
};

} // namespace

QString FieldNames::of(const config::Option &option)
{
    for (const Name &name : names) {
        if (QLatin1StringView(name.option) == QLatin1StringView(option.environment))
            return tr(name.field);
    }
    return option.environmentName();
}

QString FieldNames::replacedIn(const QString &text)
{
    static const QRegularExpression word(u"\\b[A-Z]+(?:_[A-Z0-9]+)+\\b"_s);
    QString result;
    qsizetype done = 0;
    for (auto found = word.globalMatch(text); found.hasNext();) {
        const QRegularExpressionMatch match = found.next();
        const config::Option *option = config::findOption(match.captured());
        if (!option)
            continue;
        result += text.sliced(done, match.capturedStart() - done) + tr("“%1”").arg(of(*option));
        done = match.capturedEnd();
    }
    return result + text.sliced(done);
}

} // namespace sami::gui
