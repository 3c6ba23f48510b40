// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include "base/result.h"
#include "config/optionparsers.h"
#include "gui/text/coretext.h"

#include <QStringList>
#include <QWidget>

#include <functional>

class QLabel;
class QLineEdit;
class QListWidget;
class QListWidgetItem;
class QPushButton;

namespace sami::gui {

/// A list of entries that can be added, changed and removed. A text that is no entry cannot be
/// added, and the reason stands beneath the field. Main thread.
///
/// More than twelve public methods: half of them hand its parts to a form that labels them.
class ListEditor : public QWidget
{
    Q_OBJECT

public:
    /// The entries that a text holds, each in its one spelling, or why it holds none.
    using Parser = std::function<Result<QStringList, QString>(const QString &text)>;
    /// Whether these may become the first entries of an empty list.
    using Question = std::function<bool(const QStringList &entries)>;

    /// `name` is for those who hear the fields: "Allowed IPs".
    ListEditor(const QString &name, Parser parser, QWidget *parent = nullptr);

    /// A parser made of one of the settings' own.
    template <typename T>
    [[nodiscard]] static Parser parserOf(config::Parsed<QList<T>> (*parse)(const QString &));

    [[nodiscard]] QStringList entries() const;
    /// Shows other entries, without a question; what was being typed is dropped.
    void setEntries(const QStringList &entries);
    /// Adds what the text holds; false when it is no entry, or the question was answered with no.
    bool add(const QString &text);
    void setFirstEntryQuestion(Question question) { m_mayBeFirst = std::move(question); }
    void setExample(const QString &example);
    /// An empty list is a problem then: `reason` says so.
    void setNeedsEntry(const QString &reason);
    /// No more than a few rows are shown at once.
    void keepShort();
    /// What is wrong, as the line beneath the field says it: a text that is no entry or waits to be
    /// added, or that there is no entry.
    [[nodiscard]] QString problem() const;
    /// Puts a button beneath the list, beside "Remove".
    void addButton(QWidget *button);

    [[nodiscard]] QLineEdit *field() const { return m_field; }
    [[nodiscard]] QPushButton *addButton() const { return m_add; }
    [[nodiscard]] QPushButton *removeButton() const { return m_remove; }
    [[nodiscard]] QListWidget *list() const { return m_list; }
    [[nodiscard]] QLabel *note() const { return m_note; }

Q_SIGNALS:
    /// The entries, or what is typed.
    void changed();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void append(const QString &entry);
    void refresh();
    void handleEdit(QListWidgetItem *item);
    void addTyped();
    void removeSelected();
    void say(const QString &problem);

    Parser m_parse;
    Question m_mayBeFirst;
    QString m_whenEmpty;
    QLineEdit *m_field;
    QPushButton *m_add;
    QLabel *m_note;
    QListWidget *m_list;
    QPushButton *m_remove;
};

template <typename T>
ListEditor::Parser ListEditor::parserOf(config::Parsed<QList<T>> (*parse)(const QString &))
{
    return [parse](const QString &text) -> Result<QStringList, QString> {
        const auto parsed = parse(text);
        QStringList lines;
        if (parsed) {
            for (const T &entry : *parsed)
                lines.append(QString::fromUtf8(entry.toByteArray()));
            return lines;
        }
        const config::ValueProblems &problems = parsed.error();
        for (const config::ValueProblem &problem : problems) {
            const QString sentence = CoreText::localized(problem.problem);
            lines.append(problems.size() == 1 ? sentence
                                              : problem.value + QStringLiteral(": ") + sentence);
        }
        return Unexpected(lines.join(QLatin1Char('\n')));
    };
}

} // namespace sami::gui
