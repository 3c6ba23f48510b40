// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
//
// Input: lines "NAME=value" (environment) and "--flag…" (command line), an empty line, then a
// settings file.
#include "config/commandline.h"
#include "config/inifile.h"
#include "config/optiontable.h"
#include "config/settingsloader.h"
#include "config/settingswriter.h"
#include "fuzzing.h"

#include <QTemporaryDir>

using namespace sami;
using namespace sami::config;
using namespace Qt::StringLiterals;

namespace {

/// Where the settings files are: gone with the program.
QString pathOf(const QString &name)
{
    static const QTemporaryDir folder;
    return folder.filePath(name);
}

void writeFile(const QString &path, QByteArrayView text)
{
    QFile file(path);
    fuzzing::require(file.open(QIODevice::WriteOnly)
                         && file.write(text.data(), text.size()) == text.size(),
                     "the settings file can be made");
}

/// Whether the input would have other files read: what they hold is no part of the input.
bool namesOtherFiles(QByteArrayView input)
{
    const QByteArray text = input.toByteArray().toUpper().replace(' ', "").replace('\t', "");
    return text.contains("FILE") || text.contains("CONFIG") || text.contains("PARENTS=@");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QByteArrayView text = fuzzing::viewOf(data, size);
    if (namesOtherFiles(text))
        return 0;
    LoadInput input;
    QStringList arguments;
    while (!text.isEmpty()) {
        const QString line = QString::fromUtf8(fuzzing::takeLine(text));
        const qsizetype equals = line.indexOf('='_L1);
        if (line.isEmpty())
            break;
        if (line.startsWith("-"_L1))
            arguments.append(line);
        else if (equals > 0)
            input.environment.insert(line.first(equals), line.sliced(equals + 1));
    }
    input.commandLine = parseCommandLine(arguments);
    input.iniFile = pathOf(u"input.ini"_s);
    writeFile(input.iniFile, text);

    const auto loaded = loadSettings(input);
    if (!loaded) {
        fuzzing::require(!loaded.error().isEmpty(), "a refused start is explained");
        return 0;
    }
    fuzzing::require(loaded->options.size() == optionTable().size(), "every option is told");

    // Saved into an empty file, the same settings come back.
    LoadInput second;
    second.iniFile = pathOf(u"saved.ini"_s);
    QFile::remove(second.iniFile);
    const auto defaults = loadSettings(second);
    fuzzing::require(defaults.has_value(), "the defaults are good");
    // Not written as a shell does it: that waits for the disk.
    IniFile saved;
    if (!updateIni(saved, *defaults, loaded->settings, second.defaults))
        return 0; // a password that a file cannot hold
    writeFile(second.iniFile, saved.toByteArray());
    const auto again = loadSettings(second);
    fuzzing::require(again && again->settings == loaded->settings, "saved settings load the same");
    return 0;
}
