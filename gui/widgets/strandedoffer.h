// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "gui/widgets/messagebox.h"

#include <QObject>

namespace sami::gui {

class ProxyController;

/// After any change of the settings, offers to close the streams that the new settings would not
/// let in. Asks once per change, one question at a time; unless told otherwise, the streams finish.
/// Main thread; borrows the controller.
class StrandedOffer : public QObject
{
    Q_OBJECT

public:
    StrandedOffer(ProxyController &controller, Ask ask, QObject *parent = nullptr);

private:
    void schedule();
    void offer();

    ProxyController &m_controller;
    Ask m_ask;
    config::Settings m_judged; ///< the settings that the streams were last checked against
    bool m_isScheduled = false;
    bool m_isAsking = false;
};

} // namespace sami::gui
