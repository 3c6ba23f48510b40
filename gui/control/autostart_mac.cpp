// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/control/autostart.h"

#include <QDir>
#include <QFile>
#include <QSaveFile>
#include <QXmlStreamWriter>

#include <utility>

// launchd.plist(5)
namespace sami::gui {

using namespace Qt::StringLiterals;

namespace {

constexpr auto label = "sami-llm-proxy-tray"_L1;

QByteArray propertyList(const AutostartCommand &command)
{
    QByteArray text;
    QXmlStreamWriter xml(&text);
    xml.setAutoFormatting(true);
    xml.writeStartDocument();
    xml.writeDTD(u"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                 "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"_s);
    xml.writeStartElement(u"plist"_s);
    xml.writeAttribute(u"version"_s, u"1.0"_s);
    xml.writeStartElement(u"dict"_s);
    xml.writeTextElement(u"key"_s, u"Label"_s);
    xml.writeTextElement(u"string"_s, label);
    xml.writeTextElement(u"key"_s, u"ProgramArguments"_s);
    xml.writeStartElement(u"array"_s);
    for (const QString &word : QStringList(command.program) + command.arguments)
        xml.writeTextElement(u"string"_s, word);
    xml.writeEndElement();
    xml.writeTextElement(u"key"_s, u"RunAtLoad"_s);
    xml.writeEmptyElement(u"true"_s);
    // Otherwise launchd may treat the process as a background job and throttle its timers.
    xml.writeTextElement(u"key"_s, u"ProcessType"_s);
    xml.writeTextElement(u"string"_s, u"Interactive"_s);
    xml.writeEndDocument();
    return text;
}

class LaunchAgent final : public Autostart
{
public:
    explicit LaunchAgent(AutostartCommand command) : m_command(std::move(command)) {}

    bool isEnabled() const override { return QFile::exists(path()); }

    Result<void, QString> setEnabled(bool enabled) override
    {
        if (!enabled) {
            QFile file(path());
            if (file.exists() && !file.remove())
                return failure(file.errorString());
            return {};
        }
        QDir().mkpath(folder());
        const QByteArray text = propertyList(m_command);
        QSaveFile file(path());
        if (!file.open(QIODevice::WriteOnly | QIODevice::Unbuffered)
            || file.write(text) != text.size() || !file.commit())
            return failure(file.errorString());
        return {};
    }

private:
    [[nodiscard]] static QString folder() { return QDir::homePath() + u"/Library/LaunchAgents"_s; }
    [[nodiscard]] static QString path() { return folder() + u'/' + label + u".plist"_s; }
    [[nodiscard]] static Unexpected<QString> failure(const QString &why)
    {
        return Unexpected(u"%1: %2"_s.arg(path(), why));
    }

    AutostartCommand m_command;
};

} // namespace

std::unique_ptr<Autostart> makeAutostart(const AutostartCommand &command,
                                         const QProcessEnvironment &)
{
    return std::make_unique<LaunchAgent>(command);
}

} // namespace sami::gui
