// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "gui/widgets/logpage.h"

#include "gui/control/logtap.h"
#include "gui/control/proxycontroller.h"
#include "gui/models/logmodel.h"
#include "gui/text/formatting.h"
#include "gui/text/plaintext.h"
#include "gui/widgets/keys.h"
#include "gui/widgets/plainlabel.h"
#include "gui/widgets/tables.h"

#include <QAction>
#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDesktopServices>
#include <QFileInfo>
#include <QFontDatabase>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace sami::gui {

namespace {

/// Lines of the selected row that are visible without scrolling.
constexpr int wholeLines = 4;

/// Makes a row as wide as the view: a long line is elided, not scrolled to.
class ElidingDelegate final : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    [[nodiscard]] QSize sizeHint(const QStyleOptionViewItem &option,
                                 const QModelIndex &) const override
    {
        return { 1, option.fontMetrics.height() + 2 };
    }
};

} // namespace

LogPage::LogPage(ProxyController &controller, LogTap &tap, Dialogs dialogs, QWidget *parent)
    : QWidget(parent), m_tap(tap), m_dialogs(std::move(dialogs)), m_model(new LogModel(this)),
      m_filter(new LogFilter(this)), m_level(new QComboBox(this)), m_search(new QLineEdit(this)),
      m_follow(new QCheckBox(tr("&Follow"), this)), m_view(new QListView(this)),
      m_whole(new QPlainTextEdit(this)), m_save(new QPushButton(tr("&Save…"), this)),
      m_keepFiles(new QCheckBox(tr("&Keep log files"), this)), m_filesLine(makeLabel(this)),
      m_openFolder(new QPushButton(tr("&Open folder"), this))
{
    m_filter->setSourceModel(m_model);
    buildBar();
    buildView();
    buildFiles();
    connectSearch(m_search, m_view);

    connect(m_save, &QPushButton::clicked, this, &LogPage::save);
    auto *bar = new QHBoxLayout;
    bar->addWidget(m_search, 1);
    bar->addWidget(m_level);
    bar->addWidget(m_follow);
    bar->addWidget(m_save);
    auto *files = new QHBoxLayout;
    files->addWidget(m_keepFiles);
    files->addWidget(m_filesLine, 1);
    files->addWidget(m_openFolder);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(bar);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_whole);
    layout->addLayout(files);

    connect(&controller, &ProxyController::ticked, this, [this] {
        if (isSeen(this))
            fetch();
    });
}

LogPage::~LogPage() = default;

void LogPage::buildBar()
{
    m_search->setPlaceholderText(tr("Search"));
    m_search->setAccessibleName(tr("Search"));
    m_search->setClearButtonEnabled(true);
    connect(m_search, &QLineEdit::textChanged, this,
            [this](const QString &text) { changeFilter([&] { m_filter->setText(text); }); });

    m_level->setAccessibleName(tr("Level"));
    m_level->addItem(tr("All lines"), int(LineLevel::Debug));
    m_level->addItem(tr("Without debug lines"), int(LineLevel::Info));
    m_level->addItem(tr("Errors"), int(LineLevel::Error));
    connect(m_level, &QComboBox::currentIndexChanged, this, [this] {
        changeFilter([this] { m_filter->setLeast(LineLevel(m_level->currentData().toInt())); });
    });

    m_follow->setChecked(true);
    m_follow->setToolTip(
        PlainText::toolTip(tr("Stay at the newest line. Scrolling up ends that.")));
    connect(m_follow, &QCheckBox::toggled, this, &LogPage::scrollToEndIfFollowing);
}

void LogPage::buildView()
{
    m_view->setModel(m_filter);
    m_view->setAccessibleName(tr("Log"));
    m_view->setUniformItemSizes(true);
    m_view->setSelectionMode(QAbstractItemView::ExtendedSelection);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
    m_view->setItemDelegate(new ElidingDelegate(m_view));
    m_view->setTextElideMode(Qt::ElideRight);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_view, &QWidget::customContextMenuRequested, this, &LogPage::showContextMenu);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this,
            &LogPage::handleCurrent);
    connect(m_view->verticalScrollBar(), &QScrollBar::valueChanged, this, &LogPage::handleScroll);

    auto *copyAction = new QAction(tr("&Copy"), m_view);
    copyAction->setShortcut(QKeySequence::Copy);
    copyAction->setShortcutContext(Qt::WidgetShortcut);
    connect(copyAction, &QAction::triggered, this, [this] { copy(LogModel::WholeRole); });
    m_view->addAction(copyAction);
    auto *copyFileLine = new QAction(tr("Copy as the log file &has it"), m_view);
    connect(copyFileLine, &QAction::triggered, this, [this] { copy(LogModel::FileRole); });
    m_view->addAction(copyFileLine);
    const auto allowCopy = [this, copyAction, copyFileLine] {
        copyAction->setEnabled(m_view->selectionModel()->hasSelection());
        copyFileLine->setEnabled(copyAction->isEnabled());
    };
    connect(m_view->selectionModel(), &QItemSelectionModel::selectionChanged, copyAction,
            allowCopy);
    allowCopy();

    m_whole->setReadOnly(true);
    m_whole->setTabChangesFocus(true);
    m_whole->setAccessibleName(tr("The whole selected line"));
    m_whole->setPlaceholderText(tr("Choose a line to read all of it here."));
    m_whole->setFixedHeight(
        wholeLines * m_whole->fontMetrics().lineSpacing()
        + 2 * (m_whole->frameWidth() + int(m_whole->document()->documentMargin())));
}

void LogPage::buildFiles()
{
    m_filesLine->setWordWrap(true);
    m_keepFiles->setChecked(m_tap.files().isOn());
    connect(m_keepFiles, &QCheckBox::toggled, this, [this](bool keeps) {
        if (keeps == m_tap.files().isOn())
            return;
        m_tap.files().setOn(keeps);
        updateFiles();
        Q_EMIT keepFilesChanged(keeps);
    });
    connect(m_openFolder, &QPushButton::clicked, this, &LogPage::showFolder);
    updateFiles();
}

QString LogPage::filesSentence() const
{
    const LogFile &files = m_tap.files();
    const LogFile::Limits &limits = files.limits();
    if (!files.isOn())
        return tr("Off: the log is lost when the program ends.");
    const LogFile::Status status = files.status();
    switch (status.problem) {
    case LogFile::Problem::None:
        return tr("%n file(s) at most", nullptr, limits.files) + QLatin1Char(' ')
            + tr("of %1, without passwords or contents.")
                  .arg(Formatting::octets(quint64(limits.octets)));
    case LogFile::Problem::DiskFull:
        return tr("Nothing can be written: the disk is full. The program keeps trying.");
    case LogFile::Problem::Busy:
        return tr("Another copy of this program writes the files in this folder; this one waits "
                  "until it ends.");
    case LogFile::Problem::Folder:
        return tr("The folder cannot be created, or nothing can be written in it. The program "
                  "keeps trying.");
    case LogFile::Problem::File:
        return tr("The file cannot be written: %1. The program keeps trying.").arg(status.detail);
    }
    return {};
}

void LogPage::updateFiles()
{
    const bool isOn = m_tap.files().isOn();
    m_keepFiles->setChecked(isOn);
    m_filesLine->setText(filesSentence());
    m_openFolder->setVisible(isOn);
    m_openFolder->setToolTip(PlainText::toolTip(m_tap.files().folder()));
}

void LogPage::showFolder()
{
    const QString folder = m_tap.files().folder();
    if (!QFileInfo::exists(folder) || !QDesktopServices::openUrl(QUrl::fromLocalFile(folder)))
        m_dialogs.reportError(this, tr("Log files"),
                              tr("The folder cannot be opened: %1").arg(folder));
}

void LogPage::search(const QString &words)
{
    m_level->setCurrentIndex(0);
    m_search->setText(words);
}

void LogPage::handleCurrent(const QModelIndex &current)
{
    m_whole->setPlainText(current.data(LogModel::WholeRole).toString());
}

void LogPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    fetch();
}

void LogPage::changeFilter(const std::function<void()> &change)
{
    m_isChanging = true;
    change();
    m_isChanging = false;
    scrollToEndIfFollowing();
}

void LogPage::fetch()
{
    changeFilter([this] {
        const QPersistentModelIndex top = m_view->indexAt({ 1, 1 });
        m_model->append(m_tap.fetch());
        updateFiles();
        // Lines drop out at the top; keep what is being read in place.
        if (!m_follow->isChecked() && top.isValid() && m_view->indexAt({ 1, 1 }) != top)
            m_view->scrollTo(top, QAbstractItemView::PositionAtTop);
    });
}

void LogPage::handleScroll(int value)
{
    if (m_isChanging)
        return;
    // Scrolling up stops following; scrolling to the end resumes it.
    m_follow->setChecked(value >= m_view->verticalScrollBar()->maximum());
}

void LogPage::scrollToEndIfFollowing()
{
    if (!m_follow->isChecked())
        return;
    m_isChanging = true;
    m_view->scrollToBottom();
    m_isChanging = false;
}

void LogPage::showContextMenu(const QPoint &position)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addActions(m_view->actions());
    menu->addAction(tr("&Save…"), this, &LogPage::save);
    menu->popup(m_view->viewport()->mapToGlobal(position));
}

void LogPage::copy(int role) const
{
    QModelIndexList chosen = m_view->selectionModel()->selectedIndexes();
    std::sort(chosen.begin(), chosen.end());
    QStringList lines;
    for (const QModelIndex &index : std::as_const(chosen))
        lines.append(index.data(role).toString());
    if (!lines.isEmpty())
        QApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
}

void LogPage::save()
{
    // The filtered lines in the format of the log files, so that their documentation applies.
    QString text;
    for (int row = 0; row < m_filter->rowCount(); ++row)
        text += m_filter->index(row, 0).data(LogModel::FileRole).toString() + QLatin1Char('\n');
    m_dialogs.save(this, tr("Save the log"), QStringLiteral("sami-llm-proxy.log"), text);
}

} // namespace sami::gui
