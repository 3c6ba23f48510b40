// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/settings/timeoutspage.h"

#include "gui/widgets/durationedit.h"

namespace sami::gui {

using namespace std::chrono_literals;

namespace {

// The ranges of the option table, in its units.
constexpr int milliseconds = 3; ///< decimals of a second
constexpr int wholeSeconds = 0;

} // namespace

TimeoutsPage::TimeoutsPage(const SettingsStore &store, QWidget *parent)
    : SettingsPage(store, parent), m_silence(new DurationEdit(1s, 24h, milliseconds)),
      m_connect(new DurationEdit(100ms, 10min, milliseconds)),
      m_header(new DurationEdit(100ms, 10min, milliseconds)),
      m_keepalive(new DurationEdit(0s, 2h, wholeSeconds))
{
    addDuration(tr("&Silence of a stream:"), m_silence, "PROXY_TIMEOUT_MS",
                tr("A request or tunnel in which neither side says anything for so long is closed. "
                   "A thinking model is silent for many minutes."));
    addDuration(tr("&Reaching a server:"), m_connect, "PROXY_CONNECT_TIMEOUT_MS",
                tr("Looking its name up, connecting and TLS, all its addresses together."));
    addDuration(tr("Head of a re&quest:"), m_header, "PROXY_HEADER_TIMEOUT_MS",
                tr("A client must have sent it by then."));
    addDuration(tr("TCP &keepalive:"), m_keepalive, "PROXY_TCP_KEEPALIVE_S",
                tr("After so much silence a probe keeps routers from forgetting the connection; 0 "
                   "turns it off."));
}

void TimeoutsPage::addDuration(const QString &label, DurationEdit *edit, const char *option,
                               const QString &hint)
{
    addField(label, edit, { option });
    edit->setFieldName(edit->accessibleName());
    addHint(hint);
    connect(edit, &DurationEdit::changed, this, &TimeoutsPage::touch);
}

void TimeoutsPage::load(const config::Settings &settings)
{
    m_silence->setValue(settings.timeouts.silence);
    m_connect->setValue(settings.timeouts.connect);
    m_header->setValue(settings.timeouts.header);
    m_keepalive->setValue(settings.timeouts.tcpKeepalive);
    touch();
}

void TimeoutsPage::save(config::Settings &settings) const
{
    settings.timeouts.silence = m_silence->value();
    settings.timeouts.connect = m_connect->value();
    settings.timeouts.header = m_header->value();
    settings.timeouts.tcpKeepalive = std::chrono::floor<std::chrono::seconds>(m_keepalive->value());
}

void TimeoutsPage::validate()
{
    for (const DurationEdit *edit : { m_silence, m_connect, m_header, m_keepalive })
        setProblem(edit, edit->problem());
}

} // namespace sami::gui
