// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QDialog>

namespace sami::gui {

/// What this program is, what it sees of its clients' traffic, and the licences of the program and
/// of Qt. Main thread.
class AboutDialog : public QDialog
{
    Q_OBJECT

public:
    explicit AboutDialog(QWidget *parent = nullptr);
};

} // namespace sami::gui
