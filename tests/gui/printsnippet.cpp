// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// printsnippet KIND HOST PORT [USER PASSWORD [without]]: prints the text that the tray app copies,
// for test_snippets_in_shells.py. KIND is a number of SnippetKind; "url" means the proxy's address
// alone.
#include "gui/text/snippets.h"

#include <cstdio>

using namespace sami::gui;

int main(int argc, char *argv[])
{
    const QList<QByteArray> arguments(argv + 1, argv + argc);
    if (arguments.size() < 3)
        return 2;
    ProxyAddress proxy { QHostAddress(QString::fromUtf8(arguments[1])), arguments[2].toUShort(),
                         std::nullopt };
    if (arguments.size() > 4)
        proxy.credentials = sami::policy::Credentials { arguments[3], arguments[4] };
    const auto with = arguments.size() > 5 ? WithPassword::No : WithPassword::Yes;
    const QString text = arguments[0] == "url"
        ? Snippets::url(proxy, with)
        : Snippets::text(SnippetKind(arguments[0].toInt()), proxy, with);
    std::fputs(text.toUtf8().constData(), stdout);
    return 0;
}
