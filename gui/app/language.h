// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QLocale>
#include <QString>
#include <QStringList>
#include <QTranslator>

#include <memory>
#include <vector>

namespace sami::gui {

/// The language of the program: its own texts, Qt's (OK, Cancel) and the number format.
/// Untranslated texts stay English. Main thread; the translators live as long as this object.
class Language
{
    Q_DISABLE_COPY_MOVE(Language)

public:
    /// `folders` are searched in order; by default the embedded one, then Qt's.
    explicit Language(QStringList folders = standardFolders());
    ~Language();

    /// "ru", "en"; empty for the system's. Widgets are told of a change by QEvent::LanguageChange.
    void use(const QString &code);
    /// The same for the user's languages in order of preference ("en-US", "ru").
    void use(const QLocale &locale, const QStringList &languages);

    [[nodiscard]] static QStringList standardFolders();

private:
    /// Loads `name` in the first language that has it. Returns whether one has.
    bool load(const QStringList &languages, const QString &name);

    QStringList m_folders;
    std::vector<std::unique_ptr<QTranslator>> m_installed;
};

} // namespace sami::gui
