// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/audit.h"

#include "base/logging.h"

#include <utility>
#include <vector>

namespace sami::admin {

namespace {

constexpr char unit[] = "admin.audit";

} // namespace

void audit(const AdminCaller &caller, const char *what, const QByteArray &of, const QByteArray &to)
{
    const QByteArray who = caller.name.isEmpty() ? QByteArray("-") : caller.name;
    std::vector<LogField> fields { { "token", who }, { "did", QByteArray(what) }, { "of", of } };
    if (!to.isNull())
        fields.push_back({ "to", to });
    fields.push_back({ "from", caller.from });
    logInfo(unit, "done by the admin API", std::move(fields));
}

} // namespace sami::admin
