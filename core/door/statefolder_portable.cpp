// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "door/statefolder.h"

namespace sami::door {

using namespace Qt::StringLiterals;

// With access control lists, "for this user alone" takes other calls than these. Nothing needs the
// folder here until the door has TLS on this platform.

Result<StateFolder, QString> StateFolder::open(const QString &, As)
{
    return Unexpected(u"a state folder is not supported on this system yet"_s);
}

StateFolder::~StateFolder() = default;

Result<std::optional<SecretBytes>, QString> StateFolder::read(const char *, qsizetype) const
{
    return std::optional<SecretBytes>();
}

Result<void, QString> StateFolder::write(const char *, const QByteArray &) const
{
    return Unexpected(u"a state folder is not supported on this system yet"_s);
}

Result<void, QString> StateFolder::lock()
{
    return {};
}

} // namespace sami::door
