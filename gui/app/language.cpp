// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/app/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

#include <utility>

namespace sami::gui {

using namespace Qt::StringLiterals;

Language::Language(QStringList folders) : m_folders(std::move(folders)) {}

Language::~Language() = default;

QStringList Language::standardFolders()
{
    return { u":/translations"_s, QLibraryInfo::path(QLibraryInfo::TranslationsPath) };
}

void Language::use(const QString &code)
{
    m_installed.clear(); // a translator that dies is removed from the application
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    QLocale::setDefault(locale);
    // The last one installed is asked first.
    load(locale, u"qtbase"_s);
    load(locale, u"sami"_s);
}

void Language::load(const QLocale &locale, const QString &name)
{
    const QStringList languages = locale.uiLanguages();
    for (QString language : languages) {
        // The source is English: who has it before Russian does not want the Russian texts.
        if (language.startsWith("en"_L1))
            return;
        const QString file = name + u'_' + language.replace(u'-', u'_');
        for (const QString &folder : std::as_const(m_folders)) {
            auto translator = std::make_unique<QTranslator>();
            if (!translator->load(file, folder))
                continue;
            QCoreApplication::installTranslator(translator.get());
            m_installed.push_back(std::move(translator));
            return;
        }
    }
}

} // namespace sami::gui
