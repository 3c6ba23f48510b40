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

/// The language of the program: its own texts, Qt's (OK, Cancel) and the number signs. What has no
/// translation stays English. Main thread; the translators live as long as this does.
class Language
{
    Q_DISABLE_COPY_MOVE(Language)

public:
    /// `folders` are searched in their order; by default the embedded one, then Qt's.
    explicit Language(QStringList folders = standardFolders());
    ~Language();

    /// "ru", "en"; empty: the system's. Widgets learn of a change by QEvent::LanguageChange.
    void use(const QString &code);
    /// The same, with the user's languages in the order of preference ("en-US", "ru").
    void use(const QLocale &locale, const QStringList &languages);

    [[nodiscard]] static QStringList standardFolders();

private:
    /// Whether one of the languages has the file `name`.
    bool load(const QStringList &languages, const QString &name);

    QStringList m_folders;
    std::vector<std::unique_ptr<QTranslator>> m_installed;
};

} // namespace sami::gui
