// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/surroundings.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fcntl.h>
#include <optional>
#include <unistd.h>

namespace sami {

namespace {

// Far more than a container's routes need.
constexpr qsizetype maxFileSize = 256 * 1024;

struct Content
{
    QByteArray text;
    int error = 0; ///< errno
};

/// System calls, because QFile takes /proc files for empty ones.
Content contentOf(const char *path)
{
    Content content;
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        content.error = errno;
        return content;
    }
    std::array<char, 4096> buffer;
    while (content.text.size() < maxFileSize) {
        const ssize_t size = ::read(file, buffer.data(), buffer.size());
        if (size < 0 && errno == EINTR)
            continue;
        if (size < 0)
            content.error = errno;
        if (size <= 0)
            break;
        content.text.append(buffer.data(), size);
    }
    ::close(file);
    return content;
}

bool hasOneOf(const QByteArray &text, std::initializer_list<const char *> words)
{
    return std::any_of(words.begin(), words.end(),
                       [&text](const char *word) { return text.contains(word); });
}

/// The root line of a container's mounts names the engine's folder.
bool isEnginesRoot(const QByteArray &mounts)
{
    const QList<QByteArray> lines = mounts.split('\n');
    return std::any_of(lines.cbegin(), lines.cend(), [](const QByteArray &line) {
        return line.contains(" / / ") && hasOneOf(line, { "docker", "containerd", "containers/" });
    });
}

/// Constant for the process's lifetime.
struct Nature
{
    bool isContainer = false;
    bool isCertain = true;
};

Nature readNature()
{
    Nature nature;
    const bool isKubernetes = qEnvironmentVariableIsSet("KUBERNETES_SERVICE_HOST");
    nature.isContainer = isKubernetes || qEnvironmentVariableIsSet("container")
        || ::access("/.dockerenv", F_OK) == 0 || ::access("/run/.containerenv", F_OK) == 0
        || hasOneOf(contentOf("/proc/1/cgroup").text,
                    { "docker", "kubepods", "containerd", "libpod", "/lxc/" })
        || isEnginesRoot(contentOf("/proc/self/mountinfo").text);
    // user_namespaces(7): the initial namespace maps all users to themselves.
    const bool isRootless =
        contentOf("/proc/self/uid_map").text.simplified() != QByteArray("0 0 4294967295");
    // Docker Desktop and WSL: their own forwarder sits in front of the engine's.
    const QByteArray kernel = contentOf("/proc/sys/kernel/osrelease").text.toLower();
    nature.isCertain = !nature.isContainer
        || !(isKubernetes || isRootless || hasOneOf(kernel, { "linuxkit", "microsoft" }));
    return nature;
}

} // namespace

Result<Surroundings, QString> readSurroundings()
{
    static const Nature nature = readNature();
    Surroundings found { nature.isContainer, nature.isCertain, {} };
    if (!found.isContainer)
        return found;
    const Content ipv4 = contentOf("/proc/net/route");
    const Content ipv6 = contentOf("/proc/net/ipv6_route");
    for (const int error : { ipv4.error, ipv6.error }) {
        // Any other error means that there is nothing to read: no such family, or hidden tables.
        if (error == EMFILE || error == ENFILE || error == ENOMEM)
            return Unexpected(qt_error_string(error));
    }
    found.gateways = ipv4Gateways(ipv4.text) + ipv6Gateways(ipv6.text);
    found.isCertain =
        found.isCertain && !found.gateways.isEmpty() && !hasSeveralNetworks(ipv4.text);
    return found;
}

} // namespace sami
