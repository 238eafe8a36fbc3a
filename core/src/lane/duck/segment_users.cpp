// SPDX-License-Identifier: BSD-3-Clause
#include "lane/duck/segment_users.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <dirent.h>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

namespace decoy::lane::duck {

namespace {

/// The entries of a folder of /proc that are numbers: processes, or threads.
std::vector<pid_t> numbersIn(const std::string &path)
{
    std::vector<pid_t> numbers;
    const std::unique_ptr<DIR, int (*)(DIR *)> folder(opendir(path.c_str()), closedir);
    while (const dirent *entry = folder ? readdir(folder.get()) : nullptr) {
        const std::string_view name = entry->d_name;
        pid_t number = 0;
        const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
        if (error == std::errc() && end == name.data() + name.size())
            numbers.push_back(number);
    }
    std::ranges::sort(numbers);
    return numbers;
}

/// Whether one line of /proc/PID/maps, "BEGIN-END RIGHTS OFFSET MAJOR:MINOR INODE PATH", is about this file.
bool isMappingOf(const std::string &line, dev_t device, ino_t inode)
{
    unsigned deviceMajor = 0;
    unsigned deviceMinor = 0;
    unsigned long long found = 0;
    return std::sscanf(line.c_str(), "%*s %*s %*s %x:%x %llu", &deviceMajor, &deviceMinor, &found) == 3
        && found == inode && deviceMajor == major(device) && deviceMinor == minor(device);
}

/// Nothing if the process would not let us look.
std::optional<bool> maps(pid_t process, dev_t device, ino_t inode)
{
    errno = 0;
    std::ifstream file("/proc/" + std::to_string(process) + "/maps");
    if (!file) // one that is gone by now maps nothing
        return errno == ENOENT || errno == ESRCH ? std::optional(false) : std::nullopt;
    for (std::string line; std::getline(file, line);) {
        if (isMappingOf(line, device, inode))
            return true;
    }
    return false;
}

bool isOfThisUser(pid_t process)
{
    struct stat status = {};
    return stat(("/proc/" + std::to_string(process)).c_str(), &status) == 0 && status.st_uid == geteuid();
}

/// When a thread was started, in ticks since boot: field 22 of its stat file. Nothing if it is gone.
std::optional<std::uint64_t> startOf(pid_t process, pid_t thread)
{
    std::ifstream file("/proc/" + std::to_string(process) + "/task/" + std::to_string(thread) + "/stat");
    std::string line;
    if (!std::getline(file, line))
        return std::nullopt;
    const std::size_t nameEnd = line.rfind(')'); // the name may hold anything, this byte included
    if (nameEnd == std::string::npos)
        return std::nullopt;
    std::istringstream fields(line.substr(nameEnd + 1));
    std::string skipped;
    for (int field = 3; field < 22; ++field)
        fields >> skipped;
    std::uint64_t start = 0;
    return fields >> start ? std::optional(start) : std::nullopt;
}

} // namespace

SegmentUsers findUsers(dev_t device, ino_t inode)
{
    SegmentUsers users;
    for (const pid_t process : numbersIn("/proc")) {
        const auto mapped = maps(process, device, inode);
        if (mapped == true)
            users.processes.push_back(process);
        else if (!mapped && isOfThisUser(process))
            users.isComplete = false;
    }
    return users;
}

std::uint64_t threadClock() noexcept
{
    timespec time = {};
    clock_gettime(CLOCK_BOOTTIME, &time);
    const auto ticks = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    return static_cast<std::uint64_t>(time.tv_sec) * ticks
        + static_cast<std::uint64_t>(time.tv_nsec) * ticks / 1'000'000'000;
}

std::vector<ThreadIdentity> threadsOf(pid_t process)
{
    std::vector<ThreadIdentity> threads;
    for (const pid_t thread : numbersIn("/proc/" + std::to_string(process) + "/task")) {
        if (const auto start = startOf(process, thread))
            threads.push_back({thread, *start});
    }
    return threads;
}

} // namespace decoy::lane::duck
