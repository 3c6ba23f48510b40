// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/settings.h"
#include "gui/widgets/messagebox.h"

#include <QObject>

namespace sami::gui {

class ProxyController;

/// After a change of the settings, whoever made it, offers to close the streams that it no longer
/// lets in. Asks once for each change and one question at a time; unless told otherwise they
/// finish. Main thread; borrows the controller.
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
    config::Settings m_judged; ///< what the running streams were last held against
    bool m_isScheduled = false;
    bool m_isAsking = false;
};

} // namespace sami::gui
