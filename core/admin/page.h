// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace sami::admin {

/// A file of the page, embedded in the program. The files hold nothing that is not in the sources,
/// so they need no token; the page asks for one.
struct PageFile
{
    const char *path;     ///< the path that browsers request
    const char *resource; ///< its name in the program's resources
    const char *type;     ///< its Content-Type
};

/// The row of a path; null if there is none. Any thread.
[[nodiscard]] const PageFile *pageFile(QByteArrayView path);
/// The content of the file.
[[nodiscard]] QByteArray contentOf(const PageFile &file);
/// The same in zlib's format, which HTTP calls deflate (RFC 9110 §8.4.1.2); empty if it is not
/// stored like that.
[[nodiscard]] QByteArray deflatedContentOf(const PageFile &file);

} // namespace sami::admin
