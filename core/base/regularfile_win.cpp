// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/regularfile.h"

#include <QFileInfo>

namespace sami {

using namespace Qt::StringLiterals;

Result<void, QString> openRegularFile(QFile &file)
{
    const QFileInfo info(file.fileName());
    if (info.isDir())
        return Unexpected(u"is a directory, not a file"_s);
    if (info.exists() && !info.isFile())
        return Unexpected(u"is not a regular file"_s);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return Unexpected(u"cannot be read: %1"_s.arg(file.errorString()));
    return {};
}

} // namespace sami
