// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/linkargument.h"

#include "gui/app/guicommandline.h"
#include "gui/control/linkfile.h"

#include <QFile>

#include <algorithm>
#include <cstring>
#include <string_view>

namespace sami::gui {

namespace {

constexpr std::string_view scheme = "sami-proxy:";
/// The one flag whose value may be a link, or a file of links.
constexpr std::string_view flagOfLinks = "--parents";

bool isLink(std::string_view argument)
{
    return QByteArrayView(argument.data(), qsizetype(argument.size()))
               .first(qsizetype(std::min(argument.size(), scheme.size())))
               .compare(QByteArrayView(scheme.data(), qsizetype(scheme.size())),
                        Qt::CaseInsensitive)
        == 0;
}

/// Whether the next argument may be the value of this one.
bool takesValue(std::string_view argument)
{
    return argument.substr(0, 2) == "--" && argument.find('=') == argument.npos
        && !isSwitch(argument);
}

} // namespace

QByteArray takeLink(int &argc, char **argv)
{
    for (int place = 1; place < argc; ++place) {
        const std::string_view before = argv[place - 1];
        const std::string_view argument = argv[place];
        const bool isFile =
            argument.size() > 1 && argument.front() == '@' && (place == 1 || !takesValue(before));
        if (before == flagOfLinks || (!isFile && !isLink(argument)))
            continue;
        const QByteArray taken(argv[place], qsizetype(argument.size()));
        std::memset(argv[place], 'x', argument.size());
        // Moves the null pointer at the end too.
        std::move(argv + place + 1, argv + argc + 1, argv + place);
        --argc;
        return taken;
    }
    return {};
}

Result<QString, QString> linkOf(const QByteArray &taken)
{
    if (!taken.startsWith('@'))
        return QString::fromUtf8(taken);
    const QString path = QFile::decodeName(taken.sliced(1));
    const auto link = linkOfFile(path);
    if (!link)
        return Unexpected(QString(path + QStringLiteral(": ") + link.error()));
    return *link;
}

} // namespace sami::gui
