// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "config/link.h"

#include "config/parenturl.h"

#include <utility>

namespace sami::config {

using namespace Qt::StringLiterals;

namespace {

Parent asLink(Parent parent)
{
    parent.fromLink = true;
    return parent;
}

} // namespace

Result<Parent, QString> parseLink(QByteArrayView text)
{
    const qsizetype colon = text.indexOf("://");
    if (colon < 0 || text.first(colon).compare(linkScheme, Qt::CaseInsensitive) != 0)
        return Unexpected(u"this is not a link; one begins with sami-proxy://"_s);
    auto entry = parseParent(text);
    if (!entry)
        return Unexpected(entry.error());
    return std::move(entry->parent);
}

QByteArray linkText(const Parent &parent)
{
    return parentText(asLink(parent));
}

QByteArray maskedLink(const Parent &parent)
{
    return maskedParentText(asLink(parent));
}

} // namespace sami::config
