// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>

#include <utility>

// The Desktop Application Autostart Specification 0.5 and the Desktop Entry Specification 1.5.
namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

/// "The Exec key": each argument in double quotes, `"`, backquote, `$` and `\` escaped, and a
/// literal `%` doubled.
QString quotedArgument(const QString &argument)
{
    QString quoted = u"\""_s;
    for (const QChar c : argument) {
        if (u"\"`$\\"_s.contains(c))
            quoted += u'\\';
        quoted += c;
        if (c == u'%')
            quoted += c;
    }
    return quoted + u'"';
}

/// "Possible value types": the escapes of a string value, which are undone before Exec is parsed.
QString escapedValue(QString value)
{
    return value.replace(u"\\"_s, u"\\\\"_s)
        .replace(u"\n"_s, u"\\n"_s)
        .replace(u"\r"_s, u"\\r"_s)
        .replace(u"\t"_s, u"\\t"_s);
}

QString execValue(const AutostartCommand &command)
{
    QStringList words { quotedArgument(command.program) };
    for (const QString &argument : command.arguments)
        words.append(quotedArgument(argument));
    return escapedValue(words.join(u' '));
}

class XdgAutostart final : public Autostart
{
public:
    XdgAutostart(AutostartCommand command, const QString &folder)
        : m_command(std::move(command)), m_folder(folder),
          m_path(QDir(folder).filePath(u"sami-llm-proxy-tray.desktop"_s))
    {}

    bool isEnabled() const override
    {
        QFile file(m_path);
        if (!file.open(QIODevice::ReadOnly))
            return false;
        // The desktop's own settings keep the entry and switch it off with one of these lines.
        for (const QByteArray &line : file.readAll().split('\n')) {
            const QByteArray plain = line.simplified().replace(" =", "=").replace("= ", "=");
            if (plain == "Hidden=true" || plain == "X-GNOME-Autostart-enabled=false")
                return false;
        }
        return true;
    }

    Result<void, QString> setEnabled(bool enabled) override
    {
        if (!enabled) {
            QFile file(m_path);
            if (file.exists() && !file.remove())
                return failure(file.errorString());
            return {};
        }
        QDir().mkpath(m_folder);
        const QByteArray text = "[Desktop Entry]\n"
                                "Type=Application\n"
                                "Name=Sami LLM Proxy\n"
                                "Exec="
            + execValue(m_command).toUtf8()
            + "\n"
              "Terminal=false\n"
              "StartupNotify=false\n";
        QSaveFile file(m_path);
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
            || file.write(text) != text.size() || !file.commit())
            return failure(file.errorString());
        return {};
    }

private:
    [[nodiscard]] Unexpected<QString> failure(const QString &why) const
    {
        return Unexpected(u"%1: %2"_s.arg(m_path, why));
    }

    AutostartCommand m_command;
    QString m_folder;
    QString m_path;
};

} // namespace

std::unique_ptr<Autostart> makeAutostart(const AutostartCommand &command,
                                         const QProcessEnvironment &environment)
{
    // XDG Base Directory Specification: a relative path counts as not set.
    QString config = environment.value(u"XDG_CONFIG_HOME"_s);
    if (!QDir::isAbsolutePath(config))
        config = QDir::homePath() + u"/.config"_s;
    return std::make_unique<XdgAutostart>(command, config + u"/autostart"_s);
}

} // namespace sami::gui
