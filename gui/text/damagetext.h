// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QString>

namespace sami::gui {

/// A part of a settings file that is ignored.
struct DamagedLine
{
    int number = 0;  ///< 1-based; 0: the file as a whole
    QString key;     ///< lower case, as in the file; empty if there is none
    QString value;   ///< the faulty part; never a secret
    QString problem; ///< a sentence in English (coretext.h translates it)
};

/// What is wrong with the settings file, and what was done about it.
struct SettingsDamage
{
    QString path;
    QList<DamagedLine> lines; ///< by line number
    QString keptAs;           ///< where the damaged file goes before the first write
    bool isKept = false;      ///< it is already there
    /// One of the lines may have limited who may use the proxy, so it listens on this computer
    /// only.
    bool isConfined = false;
    /// The same, but environment or command line make it listen elsewhere.
    bool mayNotStart = false;
    /// One of the lines may have named the servers that requests go through, and none is known: the
    /// proxy does not start, because requests would go out directly.
    bool mayLackServers = false;

    [[nodiscard]] bool isWhole() const; ///< the file as a whole is damaged, not single lines
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
