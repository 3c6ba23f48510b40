// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "server/parenttest.h"

#include <QWidget>

#include <array>
#include <functional>
#include <memory>

class QLabel;
class QPushButton;

namespace sami::gui {

/// Makes a test: the core's, or a scripted one.
using MakeParentTest = std::function<std::unique_ptr<server::ParentTest>()>;

/// Shows the test of one server step by step, and lets the user decide what to do with the result.
/// Hidden until the first test. Main thread.
class ServerTestView : public QWidget
{
    Q_OBJECT

public:
    /// Whether the server goes into the list if it passes, or is already there.
    enum class For { Candidate, Listed };

    explicit ServerTestView(const MakeParentTest &make, QWidget *parent = nullptr);
    ~ServerTestView() override;

    /// Dials the server. Call it only once the user has agreed.
    void begin(const config::Parent &server, For purpose, const QString &caFile,
               const ExitRoute &exit);
    /// Cancels the test silently, and hides.
    void dismiss();

    [[nodiscard]] QLabel *line(server::ParentStep step) const { return m_lines[size_t(step)]; }
    [[nodiscard]] QLabel *outcome() const { return m_outcome; }
    [[nodiscard]] QPushButton *keepButton() const { return m_keep; }
    [[nodiscard]] QPushButton *closeButton() const { return m_close; }

Q_SIGNALS:
    /// The candidate has passed, or the user wants it all the same.
    void kept(const sami::config::Parent &server);

private:
    void showSteps();
    void handleFinished(const server::ParentTestOutcome &outcome);
    void keep();

    std::unique_ptr<server::ParentTest> m_test;
    config::Parent m_server;
    For m_purpose = For::Candidate;
    QLabel *m_title;
    std::array<QLabel *, server::parentStepCount> m_lines {};
    QLabel *m_outcome;
    QPushButton *m_keep;
    QPushButton *m_close;
};

} // namespace sami::gui
