// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "admin/page.h"

#include <QResource>

#include <algorithm>
#include <array>

/// The resources are in a static library, and without this call the linker leaves them out. The
/// macro has to be used outside every namespace.
static void loadPage()
{
    Q_INIT_RESOURCE(adminpage);
}

namespace sami::admin {

namespace {

constexpr char script[] = "text/javascript; charset=utf-8";
constexpr char words[] = "application/json";

constexpr std::array files {
    PageFile { "/", ":/admin/index.html", "text/html; charset=utf-8" },
    PageFile { "/en.json", ":/admin/en.json", words },
    PageFile { "/feed.js", ":/admin/feed.js", script },
    PageFile { "/icon.svg", ":/admin/icon.svg", "image/svg+xml" },
    PageFile { "/page.css", ":/admin/page.css", "text/css; charset=utf-8" },
    PageFile { "/page.js", ":/admin/page.js", script },
    PageFile { "/ru.json", ":/admin/ru.json", words },
    PageFile { "/table.js", ":/admin/table.js", script },
    PageFile { "/words.js", ":/admin/words.js", script },
};

} // namespace

const PageFile *pageFile(QByteArrayView path)
{
    const auto found = std::find_if(files.begin(), files.end(), [path](const PageFile &file) {
        return path == QByteArrayView(file.path);
    });
    return found == files.end() ? nullptr : &*found;
}

QByteArray contentOf(const PageFile &file)
{
    loadPage();
    return QResource(QString::fromLatin1(file.resource)).uncompressedData();
}

QByteArray deflatedContentOf(const PageFile &file)
{
    loadPage();
    const QResource resource(QString::fromLatin1(file.resource));
    // qCompress() puts the length before zlib's own format.
    constexpr qint64 lengthOctets = 4;
    if (resource.compressionAlgorithm() != QResource::ZlibCompression
        || resource.size() <= lengthOctets)
        return {};
    return { reinterpret_cast<const char *>(resource.data()) + lengthOctets,
             static_cast<qsizetype>(resource.size() - lengthOctets) };
}

} // namespace sami::admin
