// SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
// SPDX-License-Identifier: MIT
#include "base/systemlimits.h"

#include <QByteArray>
#include <QFile>
#include <QThread>

#include <algorithm>
#include <array>
#include <cerrno>
#include <climits>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#if defined(__linux__) && defined(__GLIBC__)
#include <cstdint>
#include <link.h>
#include <sys/mman.h>
#endif

namespace sami {

namespace {

QByteArray contents(const char *path)
{
    QFile file(QString::fromLatin1(path));
    return file.open(QIODevice::ReadOnly) ? file.read(64).trimmed() : QByteArray();
}

/// Whole cores of a "quota period" pair, rounded up; 0 if there is no quota.
int quotaCores(const QByteArray &quota, const QByteArray &period)
{
    bool quotaOk = false;
    bool periodOk = false;
    const qint64 quotaUs = quota.toLongLong(&quotaOk);
    const qint64 periodUs = period.toLongLong(&periodOk);
    if (!quotaOk || !periodOk || quotaUs <= 0 || periodUs <= 0)
        return 0;
    return static_cast<int>((quotaUs + periodUs - 1) / periodUs);
}

int cgroupCores()
{
    const QList<QByteArray> v2 = contents("/sys/fs/cgroup/cpu.max").split(' ');
    if (v2.size() == 2)
        return quotaCores(v2[0], v2[1]);
    return quotaCores(contents("/sys/fs/cgroup/cpu/cpu.cfs_quota_us"),
                      contents("/sys/fs/cgroup/cpu/cpu.cfs_period_us"));
}

/// A cgroup's limit; nothing if it has none ("max", or v1's number beyond all memory).
std::optional<qint64> cgroupMemory()
{
    for (const char *path :
         { "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes" }) {
        bool isNumber = false;
        const qint64 limit = contents(path).toLongLong(&isNumber);
        if (isNumber && limit > 0)
            return limit;
    }
    return std::nullopt;
}

#if defined(__linux__) && defined(__GLIBC__)

/// Whether relocations changed its code when it was loaded (rare on 64-bit machines).
bool hasTextRelocations(const dl_phdr_info &object)
{
    for (int i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr) &segment = object.dlpi_phdr[i];
        if (segment.p_type != PT_DYNAMIC)
            continue;
        const auto *entry = reinterpret_cast<const ElfW(Dyn) *>(object.dlpi_addr + segment.p_vaddr);
        for (; entry->d_tag != DT_NULL; ++entry) {
            if (entry->d_tag == DT_TEXTREL
                || (entry->d_tag == DT_FLAGS && (entry->d_un.d_val & DF_TEXTREL)))
                return true;
        }
    }
    return false;
}

/// Relocated data (RELRO) is in writable segments, and stays.
void releaseReadOnlySegments(const dl_phdr_info &object)
{
    const auto page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
    for (int i = 0; i < object.dlpi_phnum; ++i) {
        const ElfW(Phdr) &segment = object.dlpi_phdr[i];
        if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W))
            continue;
        const std::uintptr_t begin = (object.dlpi_addr + segment.p_vaddr) & ~(page - 1);
        const std::uintptr_t end = object.dlpi_addr + segment.p_vaddr + segment.p_filesz;
        ::madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
    }
}

#endif

} // namespace

qint64 raiseDescriptorLimit()
{
    rlimit limit {};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return 1024;
    const rlim_t soft = limit.rlim_cur;
    limit.rlim_cur = limit.rlim_max;
    // Some systems report a hard limit that they do not grant.
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
        limit.rlim_cur = soft;
#if defined(OPEN_MAX) // macOS: "unlimited", but only this much is guaranteed
        rlimit granted = limit;
        granted.rlim_cur = std::min<rlim_t>(OPEN_MAX, limit.rlim_max);
        if (granted.rlim_cur > soft && setrlimit(RLIMIT_NOFILE, &granted) == 0)
            limit = granted;
#endif
    }
    return static_cast<qint64>(std::min<rlim_t>(limit.rlim_cur, 1 << 30));
}

bool lacksDescriptors()
{
    std::array<int, 3> sockets {};
    bool isShort = false;
    for (int &socket : sockets) {
        socket = ::socket(AF_UNIX, SOCK_DGRAM, 0);
        isShort = isShort
            || (socket < 0
                && (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS));
    }
    for (const int socket : sockets) {
        if (socket >= 0)
            ::close(socket);
    }
    return isShort;
}

qint64 memoryLimit()
{
    qint64 limit = qint64(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE);
    if (const std::optional<qint64> cgroup = cgroupMemory())
        limit = std::min(limit, *cgroup);
    rlimit space {};
    if (getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        limit = static_cast<qint64>(std::min<rlim_t>(space.rlim_cur, rlim_t(limit)));
    return limit;
}

void limitHeapsInTightSpace([[maybe_unused]] int count)
{
#if defined(__GLIBC__)
    rlimit space {};
    if (::getrlimit(RLIMIT_AS, &space) == 0 && space.rlim_cur != RLIM_INFINITY)
        ::mallopt(M_ARENA_MAX, count);
#endif
}

void releaseFreedMemory()
{
#if defined(__GLIBC__)
    ::malloc_trim(0);
#endif
}

void releaseUnusedCode()
{
#if defined(__linux__) && defined(__GLIBC__)
    ::dl_iterate_phdr(
        [](dl_phdr_info *object, std::size_t, void *) {
            if (!hasTextRelocations(*object))
                releaseReadOnlySegments(*object);
            return 0;
        },
        nullptr);
#endif
}

int usableCores()
{
    const int cores = std::max(1, QThread::idealThreadCount());
    const int quota = cgroupCores();
    return quota > 0 ? std::min(cores, quota) : cores;
}

} // namespace sami
