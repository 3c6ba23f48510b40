// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: a line with a value that is to be saved, then a settings file.
#include "config/inifile.h"
#include "fuzzing.h"

#include <QHash>
#include <QStringDecoder>

using namespace sami;
using namespace sami::config;
using namespace Qt::StringLiterals;

namespace {

QHash<QString, QString> valuesOf(const IniFile &file)
{
    QHash<QString, QString> values;
    const QList<IniFile::Entry> entries = file.entries();
    for (const IniFile::Entry &entry : entries)
        values.insert(entry.key, entry.value);
    fuzzing::require(values.size() == entries.size(), "no key stands twice");
    return values;
}

/// QString::fromUtf8() would swallow a U+FEFF in front.
QString decoded(QByteArrayView text)
{
    return QStringDecoder(QStringDecoder::Utf8, QStringDecoder::Flag::ConvertInitialBom)(text);
}

QHash<QString, QString> readAgain(const IniFile &file)
{
    const auto again = IniFile::parse(file.toByteArray());
    fuzzing::require(again.has_value(), "a written file can be read");
    return valuesOf(*again);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView text = fuzzing::viewOf(data, size);
    const QString value = decoded(fuzzing::takeLine(text));
    auto parsed = IniFile::parse(text);
    if (!parsed) {
        fuzzing::require(!parsed.error().isEmpty(), "a fault is named");
        for (const IniFile::Problem &problem : parsed.error())
            fuzzing::require(problem.line > 0 && problem.line <= text.count('\n') + 1,
                             "a fault has its line");
        return 0;
    }
    IniFile file = std::move(parsed).value();
    fuzzing::require(file.toByteArray() == text, "nothing is lost");
    QHash<QString, QString> values = valuesOf(file);

    if (IniFile::canHold(value)) {
        file.setValue(u"Auth_Password"_s, value);
        values.insert(u"auth_password"_s, value);
        fuzzing::require(readAgain(file) == values, "what is saved reads the same");
    }
    file.remove(u"port"_s);
    values.remove(u"port"_s);
    fuzzing::require(readAgain(file) == values, "only what is removed is gone");
    return 0;
}
