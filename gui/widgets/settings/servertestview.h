// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "config/parents.h"
#include "server/parenttest.h"

#include <QStringList>
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
    struct Trial
    {
        config::Parent server;
        For purpose = For::Candidate;
        /// At least one. The next is asked for where the server's rules do not allow the one
        /// before.
        QList<QByteArray> providers;
        QString caFile;
        ExitRoute exit;
    };

    explicit ServerTestView(const MakeParentTest &make, QWidget *parent = nullptr);
    ~ServerTestView() override;

    /// A person has agreed that the server is dialled.
    void begin(const Trial &trial);
    /// Ends all tests without a word, and hides.
    void dismiss();

    /// A candidate is being tested, or waits for its test.
    [[nodiscard]] bool isTesting() const;
    /// A candidate has that name: one of those, or one that a person still has to decide about.
    [[nodiscard]] bool hasCandidate(const QByteArray &name) const;

    [[nodiscard]] QLabel *title() const { return m_title; }
    [[nodiscard]] QLabel *line(server::ParentStep step) const { return m_lines[size_t(step)]; }
    [[nodiscard]] QLabel *outcome() const { return m_outcome; }
    [[nodiscard]] QPushButton *keepButton() const { return m_keep; }
    [[nodiscard]] QPushButton *closeButton() const { return m_close; }

Q_SIGNALS:
    /// The candidate has passed, or the user wants it all the same.
    void kept(const sami::config::Parent &server);
    /// isTesting() may be another.
    void changed();

private:
    void run(const Trial &trial);
    void ask();
    void showTitle();
    void showSteps();
    void handleFinished(const server::ParentTestOutcome &outcome);
    void tell(const QString &sign, const QString &sentence);
    void keep();
    void goOn();
    [[nodiscard]] bool isUndecided() const;

    std::unique_ptr<server::ParentTest> m_test;
    Trial m_trial;          ///< `providers`: those not asked for so far
    QList<Trial> m_waiting; ///< candidates, and what was to be tested after one
    QByteArray m_provider;
    QStringList m_forbidden; ///< providers that the server does not allow
    bool m_isRunning = false;
    QLabel *m_title;
    std::array<QLabel *, server::parentStepCount> m_lines {};
    QLabel *m_outcome;
    QPushButton *m_keep;
    QPushButton *m_close;
};

} // namespace sami::gui
