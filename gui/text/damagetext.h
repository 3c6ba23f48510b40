// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// What does not count of a settings file.
struct DamagedLine
{
    int number = 0;  ///< 1-based; 0: the file as a whole
    QString key;     ///< lower case, as the file has it; empty where there is none
    QString value;   ///< the part at fault; never a secret
    QString problem; ///< a sentence, in English (coretext.h has others)
};

/// What is wrong with the settings file, and what was done about it.
struct SettingsDamage
{
    QString path;
    QList<DamagedLine> lines; ///< by their numbers
    QString keptAs;           ///< where the damaged file goes before the first write
    bool isKept = false;      ///< it is there already
    /// One of the lines may have said who may use the proxy: it listens on this computer alone.
    bool isConfined = false;
    /// The same, and environment or command line let it listen elsewhere.
    bool mayNotStart = false;
    /// One of the lines may have said by which servers requests go out, and no server is known: it
    /// does not start, for they would go directly.
    bool mayLackServers = false;

    [[nodiscard]] bool isWhole() const; ///< nothing of it could be read
};

/// The same in words. Pure.
class DamageText
{
    Q_DECLARE_TR_FUNCTIONS(sami::gui::DamageText)

public:
    [[nodiscard]] static QString headline(const SettingsDamage &damage);
    /// Every line with its reason, and where the damaged file is.
    [[nodiscard]] static QString details(const SettingsDamage &damage);
};

} // namespace sami::gui
