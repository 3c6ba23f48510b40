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
    const QLocale locale = code.isEmpty() ? QLocale::system() : QLocale(code);
    use(locale, locale.uiLanguages());
}

void Language::use(const QLocale &locale, const QStringList &languages)
{
    m_installed.clear(); // destroying a translator removes it from the application
    QLocale::setDefault(locale);
    // The translator installed last is asked first.
    load(languages, u"qtbase"_s);
    // English has a file for its plural forms, which a language without a translation needs too.
    if (!load(languages, u"sami"_s))
        load({ u"en"_s }, u"sami"_s);
}

bool Language::load(const QStringList &languages, const QString &name)
{
    for (QString language : languages) {
        const QString file = name + u'_' + language.replace(u'-', u'_');
        for (const QString &folder : std::as_const(m_folders)) {
            auto translator = std::make_unique<QTranslator>();
            if (!translator->load(file, folder))
                continue;
            QCoreApplication::installTranslator(translator.get());
            m_installed.push_back(std::move(translator));
            return true;
        }
        // The source is English: a user who prefers English to Russian must not get the Russian
        // texts.
        if (language == "en"_L1 || language.startsWith("en_"_L1))
            return false;
    }
    return false;
}

} // namespace sami::gui
