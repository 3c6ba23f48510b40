// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#pragma once

#include <QByteArray>
#include <QByteArrayView>
#include <QHash>
#include <QList>
#include <QSet>

#include <algorithm>
#include <limits>

/// A strict reader of OpenMetrics 1.0.0, limited to what the proxy writes: counters, gauges, infos
/// and histograms without timestamps and exemplars. Rejects what a lenient scraper would accept.
namespace rig {

class OpenMetrics
{
public:
    struct Sample
    {
        QByteArray name;
        QList<QPair<QByteArray, QByteArray>> labels; ///< in order, unescaped
        QByteArray series;                           ///< name and labels, as written
        QByteArray value;
    };
    struct Family
    {
        QByteArray type;
        QByteArray unit;
        QByteArray help;
        QList<Sample> samples;
    };

    /// Reads a whole text. The rest is meaningful only if fault() is empty.
    explicit OpenMetrics(const QByteArray &text) { read(text); }

    /// The first fault; empty: none.
    [[nodiscard]] const QByteArray &fault() const { return m_fault; }
    [[nodiscard]] const QHash<QByteArray, Family> &families() const { return m_families; }
    /// Names of series, sorted.
    [[nodiscard]] QByteArrayList series() const
    {
        QByteArrayList all(m_values.keyBegin(), m_values.keyEnd());
        std::sort(all.begin(), all.end());
        return all;
    }
    /// The value of a series, given as written; "none" if there is no such series.
    [[nodiscard]] QByteArray value(const QByteArray &series) const
    {
        return m_values.value(series, "none");
    }

private:
    bool fail(const QByteArray &what, const QByteArray &line = {})
    {
        if (m_fault.isEmpty())
            m_fault = what + ": " + line;
        return false;
    }

    void read(const QByteArray &text)
    {
        if (!text.endsWith("# EOF\n")) {
            fail("no EOF at the end");
            return;
        }
        const QByteArrayList lines = text.chopped(6).split('\n');
        for (const QByteArray &line : lines.first(lines.size() - 1)) {
            if (!(line.startsWith("# ") ? readMetadata(line) : readSample(line)))
                return;
        }
        if (!lines.constLast().isEmpty())
            fail("the last line does not end", lines.constLast());
        finish();
    }

    static bool isName(QByteArrayView name)
    {
        if (name.isEmpty() || (name[0] >= '0' && name[0] <= '9'))
            return false;
        return std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
        });
    }

    bool readMetadata(const QByteArray &line)
    {
        const qsizetype afterKind = line.indexOf(' ', 2);
        const qsizetype afterName = line.indexOf(' ', afterKind + 1);
        if (afterKind < 0 || afterName < 0)
            return fail("no metadata", line);
        const QByteArray kind = line.sliced(2, afterKind - 2);
        const QByteArray name = line.sliced(afterKind + 1, afterName - afterKind - 1);
        const QByteArray value = line.sliced(afterName + 1);
        if (!isName(name) || value.isEmpty())
            return fail("bad metadata", line);
        if (name != m_current && m_families.contains(name))
            return fail("a family that is interrupted or stands twice", line);
        if (name != m_current && !finish())
            return false;
        m_current = name;
        Family &family = m_families[name];
        if (!family.samples.isEmpty())
            return fail("metadata after samples", line);
        QByteArray &place = kind == "TYPE" ? family.type
            : kind == "UNIT"               ? family.unit
                                           : family.help;
        if (!place.isEmpty())
            return fail("metadata stands twice", line);
        place = value;
        if (kind == "TYPE"
            && !QByteArrayList { "counter", "gauge", "info", "histogram" }.contains(value))
            return fail("no type that we write", line);
        if (kind == "UNIT" && !name.endsWith('_' + value))
            return fail("a name without its unit", line);
        if (kind != "TYPE" && kind != "UNIT" && kind != "HELP")
            return fail("no kind of metadata", line);
        return true;
    }

    bool readSample(const QByteArray &line)
    {
        Sample sample;
        qsizetype at = 0;
        while (at < line.size() && line[at] != '{' && line[at] != ' ')
            ++at;
        sample.name = line.first(at);
        if (at < line.size() && line[at] == '{' && !readLabels(line, at, sample))
            return false;
        sample.series = line.first(at);
        if (at >= line.size() || line[at] != ' ')
            return fail("no blank before the value", line);
        sample.value = line.sliced(at + 1);
        bool isNumber = false;
        sample.value.toDouble(&isNumber);
        if (!isNumber || sample.value.contains(' '))
            return fail("no value", line);
        if (m_current.isEmpty() || !belongs(sample))
            return fail("a sample of another family", line);
        if (m_values.contains(sample.series))
            return fail("a series stands twice", line);
        m_values.insert(sample.series, sample.value);
        m_families[m_current].samples.append(std::move(sample));
        return true;
    }

    bool readLabels(const QByteArray &line, qsizetype &at, Sample &sample)
    {
        QSet<QByteArray> names;
        do {
            const qsizetype equals = line.indexOf("=\"", ++at);
            const QByteArray name = equals < 0 ? QByteArray() : line.sliced(at, equals - at);
            if (!isName(name) || names.contains(name))
                return fail("a bad label or one that stands twice", line);
            names.insert(name);
            QByteArray value;
            for (at = equals + 2; at < line.size() && line[at] != '"'; ++at) {
                if (line[at] != '\\') {
                    value += line[at];
                    continue;
                }
                const char escaped = ++at < line.size() ? line[at] : '\0';
                if (escaped != '\\' && escaped != '"' && escaped != 'n')
                    return fail("a bad escape", line);
                value += escaped == 'n' ? '\n' : escaped;
            }
            if (++at >= line.size())
                return fail("a label without an end", line);
            sample.labels.append({ name, value });
        } while (line[at] == ',');
        return line[at++] == '}' || fail("labels without an end", line);
    }

    [[nodiscard]] bool belongs(const Sample &sample) const
    {
        const Family family = m_families.value(m_current);
        const QByteArray rest =
            sample.name.startsWith(m_current) ? sample.name.sliced(m_current.size()) : "none";
        if (family.type == "counter")
            return rest == "_total" && !sample.value.startsWith('-');
        if (family.type == "info")
            return rest == "_info" && sample.value == "1";
        if (family.type == "histogram")
            return rest == "_bucket" || rest == "_count" || rest == "_sum";
        return family.type == "gauge" && rest.isEmpty();
    }

    /// Checks the family that ends here for completeness.
    bool finish()
    {
        if (m_current.isEmpty())
            return true;
        const Family family = m_families.value(m_current);
        if (family.type.isEmpty() || family.help.isEmpty() || family.samples.isEmpty())
            return fail("a family without type, help or samples", m_current);
        if (family.type != "histogram")
            return true;
        double before = -1;
        double count = 0;
        for (const Sample &sample : family.samples) {
            if (!sample.name.endsWith("_bucket"))
                continue;
            if (sample.labels.constLast().first != "le")
                return fail("a bucket without le", sample.series);
            const QByteArray le = sample.labels.constLast().second;
            const double upTo =
                le == "+Inf" ? std::numeric_limits<double>::infinity() : le.toDouble();
            if (upTo <= before || sample.value.toDouble() < count)
                return fail("buckets that do not rise", sample.series);
            if (le != "+Inf" && !le.contains('.'))
                return fail("le is no canonical number", sample.series);
            before = upTo;
            count = sample.value.toDouble();
        }
        const bool isWhole = before == std::numeric_limits<double>::infinity()
            && m_values.value(m_current + "_count").toDouble() == count
            && m_values.contains(m_current + "_count") && m_values.contains(m_current + "_sum");
        return isWhole || fail("a histogram without its end, sum or count", m_current);
    }

    QByteArray m_fault;
    QByteArray m_current;
    QHash<QByteArray, Family> m_families;
    QHash<QByteArray, QByteArray> m_values; ///< by series
};

} // namespace rig
