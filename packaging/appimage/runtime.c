/* SPDX-FileCopyrightText: 2026 Sami LLM Proxy contributors
   SPDX-License-Identifier: MIT

   The head of the AppImage (type 2): an ELF program with a squashfs image after its last section.
   It mounts the image with FUSE, or unpacks it where there is none, and runs AppRun in it.

   Static, so that it needs nothing from the machine but fusermount3, and no root. A separate
   process, the keeper, serves the mount and cleans up. It exits when the last process that holds
   the other end of its pipe has ended: the program, whatever replaced it, and whatever it started.
   So nothing is left behind however this process ends, even while unpacking, and signals reach
   only the program. */
#define _GNU_SOURCE
#include <dirent.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <squashfuse/ll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char self[4096]; /* this file */

static void fail(const char *what)
{
    fprintf(stderr, "%s: %s: %s\n", self, what, strerror(errno));
    exit(127);
}

/* The end of the ELF file: after its section headers, which linkers put last. */
static size_t image_offset(void)
{
    Elf64_Ehdr head;
    const int file = open(self, O_RDONLY | O_CLOEXEC);
    if (file < 0 || read(file, &head, sizeof head) != sizeof head)
        fail("cannot read this file");
    close(file);
    return head.e_shoff + (size_t)head.e_shentsize * head.e_shnum;
}

/* ---- folders, by descriptor, so that nobody can replace one behind its name ---- */

static int open_folder(int parent, const char *name)
{
    return openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* Makes a folder that others cannot read. Fails if the name exists, even as a dangling link. */
static int make_folder(const char *path)
{
    if (mkdir(path, 0700) != 0)
        fail(path);
    const int folder = open_folder(AT_FDCWD, path);
    if (folder < 0)
        fail(path);
    return folder;
}

/* Removes the folder's content as far as possible, and closes the folder. */
static void empty_folder(int folder)
{
    DIR *list = fdopendir(folder);
    if (!list)
        return;
    for (const struct dirent *entry; (entry = readdir(list)) != NULL;) {
        const char *name = entry->d_name;
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        const int below = open_folder(folder, name);
        if (below >= 0)
            empty_folder(below);
        unlinkat(folder, name, below >= 0 ? AT_REMOVEDIR : 0);
    }
    closedir(list);
}

/* ---- the keeper ---- */

static sqfs_ll_chan channel;

static bool mount_image(const char *folder)
{
    struct fuse_lowlevel_ops ops = {
        .getattr = sqfs_ll_op_getattr,
        .opendir = sqfs_ll_op_opendir,
        .releasedir = sqfs_ll_op_releasedir,
        .readdir = sqfs_ll_op_readdir,
        .lookup = sqfs_ll_op_lookup,
        .open = sqfs_ll_op_open,
        .release = sqfs_ll_op_release,
        .read = sqfs_ll_op_read,
        .readlink = sqfs_ll_op_readlink,
        .listxattr = sqfs_ll_op_listxattr,
        .getxattr = sqfs_ll_op_getxattr,
        .forget = sqfs_ll_op_forget,
        .statfs = stfs_ll_op_statfs,
    };
    char *words[] = { "sami-llm-proxy", "-oro,nosuid,nodev,fsname=sami-llm-proxy" };
    struct fuse_args arguments = FUSE_ARGS_INIT(2, words);
    sqfs_ll *image = sqfs_ll_open(self, image_offset());
    return image && sqfs_ll_mount(&channel, folder, &arguments, &ops, sizeof ops, image) == SQFS_OK;
}

/* Serves the mount until the other end of the pipe is closed. */
static void serve(int lifeline)
{
    struct fuse_buf buffer = { 0 };
    struct pollfd polled[] = { { fuse_session_fd(channel.session), POLLIN, 0 },
                               { lifeline, POLLIN, 0 } };
    while (!fuse_session_exited(channel.session)) {
        if (poll(polled, 2, -1) < 0) {
            if (errno == EINTR)
                continue;
            break;
        }
        if (polled[1].revents)
            break;
        const int length = fuse_session_receive_buf(channel.session, &buffer);
        if (length == -EINTR || length == -EAGAIN)
            continue;
        if (length <= 0)
            break;
        fuse_session_process_buf(channel.session, &buffer);
    }
}

/* Releases everything inherited from the caller: a folder that could not be unmounted otherwise, a
   pipe whose reader waits for its end, a lock. */
static void let_go(int folder, int ready, int lifeline)
{
    DIR *list = opendir("/proc/self/fd");
    for (const struct dirent *entry; list && (entry = readdir(list)) != NULL;) {
        const int each = atoi(entry->d_name);
        if (each > 2 && each != folder && each != ready && each != lifeline && each != dirfd(list))
            close(each);
    }
    if (list)
        closedir(list);
    const int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    for (int standard = 0; standard < 3; ++standard)
        dup2(null, standard);
    if (null > 2)
        close(null);
    if (chdir("/") != 0)
        _exit(1);
}

/* What the folder will contain, and so how it is cleaned up. */
enum use { MOUNTED, UNPACKED };

static const char keep_it = 'k'; /* written into the lifeline to keep the folder */

static void keep(const char *path, int folder, enum use use, int ready, int lifeline)
{
    const bool mounted = use == MOUNTED && mount_image(path);
    char word = mounted ? 'm' : 'u';
    /* The process that waits for it may have been killed; then the lifeline is already closed. */
    if (write(ready, &word, 1) == 1)
        close(ready);
    if (mounted) {
        serve(lifeline);
        sqfs_ll_unmount(&channel, path);
    } else {
        while (read(lifeline, &word, 1) < 0 && errno == EINTR)
            ;
    }
    if (word != keep_it) {
        empty_folder(folder);
        rmdir(path);
    }
    _exit(0);
}

/* Starts the keeper of `folder` at the absolute `path`. Returns the end of the pipe that keeps it
   alive; `mounted` tells whether the image is mounted. */
static int start_keeper(const char *path, int folder, enum use use, const sigset_t *mask,
                        bool *mounted)
{
    int ready[2];
    int lifeline[2];
    if (pipe2(ready, O_CLOEXEC) != 0 || pipe(lifeline) != 0)
        fail("cannot make a pipe");
    const pid_t child = fork();
    if (child < 0)
        fail("cannot start a process");
    if (child == 0) {
        /* Its own session, in a grandchild that nobody has to wait for: Ctrl+C in the terminal is
           meant for the program, which may still read its files while it stops. */
        setsid();
        if (fork() != 0)
            _exit(0);
        const int signals[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE };
        for (size_t i = 0; i < sizeof signals / sizeof *signals; ++i)
            signal(signals[i], SIG_IGN);
        sigprocmask(SIG_SETMASK, mask, NULL);
        close(ready[0]);
        close(lifeline[1]);
        let_go(folder, ready[1], lifeline[0]);
        keep(path, folder, use, ready[1], lifeline[0]);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    waitpid(child, NULL, 0);
    close(ready[1]);
    close(lifeline[0]);
    char word;
    ssize_t length;
    while ((length = read(ready[0], &word, 1)) < 0 && errno == EINTR)
        ;
    close(ready[0]);
    if (length != 1) {
        rmdir(path);
        errno = ECHILD;
        fail("cannot start a process");
    }
    *mounted = word == 'm';
    return lifeline[1];
}

/* ---- without a mount ---- */

static void damaged(void)
{
    errno = EIO;
    fail("this file is damaged");
}

static void extract_file(sqfs *image, sqfs_inode *inode, int folder, const char *name)
{
    static char block[1 << 17];
    const int file = openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
                            inode->base.mode & 0777);
    if (file < 0)
        fail(name);
    for (sqfs_off_t at = 0; at < (sqfs_off_t)inode->xtra.reg.file_size;) {
        sqfs_off_t length = sizeof block;
        if (sqfs_read_range(image, inode, at, &length, block) != SQFS_OK || length <= 0)
            damaged();
        if (write(file, block, (size_t)length) != length)
            fail(name);
        at += length;
    }
    if (close(file) != 0)
        fail(name);
}

/* Unpacks the image into `root`, which is empty and belongs to this user only. */
static void extract(int root)
{
    sqfs image;
    sqfs_err error = SQFS_OK;
    sqfs_traverse walk;
    int folders[64] = { root }; /* from the root to the current folder of the walk */
    int depth = 0;
    if (sqfs_open_image(&image, self, image_offset()) != SQFS_OK
        || sqfs_traverse_open(&walk, &image, sqfs_inode_root(&image)) != SQFS_OK)
        exit(127);
    while (sqfs_traverse_next(&walk, &error)) {
        if (walk.dir_end) {
            if (depth > 0)
                close(folders[depth--]);
            continue;
        }
        char target[4096];
        size_t target_size = sizeof target;
        sqfs_inode inode;
        const char *slash = strrchr(walk.path, '/');
        const char *name = slash ? slash + 1 : walk.path;
        if (!*name || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            damaged();
        if (sqfs_inode_get(&image, &inode, sqfs_dentry_inode(&walk.entry)) != SQFS_OK)
            damaged();
        if (S_ISDIR(inode.base.mode)) {
            if (depth + 1 == sizeof folders / sizeof *folders)
                damaged();
            if (mkdirat(folders[depth], name, 0755) != 0
                || (folders[depth + 1] = open_folder(folders[depth], name)) < 0)
                fail(walk.path);
            ++depth;
        } else if (S_ISLNK(inode.base.mode)) {
            if (sqfs_readlink(&image, &inode, target, &target_size) != SQFS_OK)
                damaged();
            if (symlinkat(target, folders[depth], name) != 0)
                fail(walk.path);
        } else if (S_ISREG(inode.base.mode)) {
            extract_file(&image, &inode, folders[depth], name);
        }
    }
    if (error != SQFS_OK)
        damaged();
    sqfs_traverse_close(&walk);
}

/* Blocks signals, so none ends this process between making a folder and starting its keeper. */
static void hold_signals(sigset_t *before)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, before);
}

static int extract_here(void)
{
    static const char name[] = "squashfs-root";
    char path[PATH_MAX];
    char *here = getcwd(NULL, 0);
    if (!here || snprintf(path, sizeof path, "%s/%s", here, name) >= (int)sizeof path)
        fail("the current folder");
    sigset_t mask;
    hold_signals(&mask);
    const int folder = make_folder(name);
    bool mounted;
    const int lifeline = start_keeper(path, folder, UNPACKED, &mask, &mounted);
    extract(folder);
    const mode_t hidden = umask(0);
    if (fchmod(folder, 0755 & ~hidden) != 0 || write(lifeline, &keep_it, 1) != 1)
        fail(name);
    return 0;
}

/* ---- */

static const char help[] =
    "This file is an AppImage: it mounts itself and runs the program inside.\n"
    "\n"
    "  (no option of these)             runs the desktop app; its own options: --help\n"
    "  --daemon [options]               runs the proxy without a window; its options: --daemon "
    "--help\n"
    "  --appimage-extract               unpacks into ./squashfs-root, which must not be there yet\n"
    "  --appimage-extract-and-run ...   unpacks to a temporary folder and runs from there: without "
    "FUSE\n"
    "                                   (also: APPIMAGE_EXTRACT_AND_RUN=1 in the environment)\n"
    "  --appimage-offset                prints where the file system begins\n"
    "  --appimage-help                  this text\n";

int main(int argc, char **argv)
{
    /* No pipe may get the number of a closed standard stream. */
    int standard;
    while ((standard = open("/dev/null", O_RDWR)) >= 0 && standard < 3)
        ;
    if (standard >= 3)
        close(standard);
    const ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) {
        perror("/proc/self/exe");
        return 127;
    }
    self[length] = '\0';

    const char *option = argc > 1 && strncmp(argv[1], "--appimage-", 11) == 0 ? argv[1] : "";
    if (strcmp(option, "--appimage-help") == 0) {
        fputs(help, stdout);
        return 0;
    }
    if (strcmp(option, "--appimage-offset") == 0) {
        printf("%zu\n", image_offset());
        return 0;
    }
    if (strcmp(option, "--appimage-extract") == 0)
        return extract_here();
    bool unpacks = getenv("APPIMAGE_EXTRACT_AND_RUN") != NULL;
    if (strcmp(option, "--appimage-extract-and-run") == 0) {
        unpacks = true;
        argv[1] = argv[0];
        ++argv;
    } else if (*option) {
        fprintf(stderr, "%s: there is no %s; see --appimage-help\n", self, option);
        return 2;
    }

    const char *temporary = getenv("TMPDIR");
    char *base = realpath(temporary && *temporary ? temporary : "/tmp", NULL);
    char folder[PATH_MAX];
    if (!base)
        fail("cannot make a temporary folder");
    snprintf(folder, sizeof folder, "%s/.mount_sami-XXXXXX", base);
    sigset_t mask;
    hold_signals(&mask);
    if (!mkdtemp(folder))
        fail("cannot make a temporary folder");
    const int root = open_folder(AT_FDCWD, folder);
    if (root < 0)
        fail(folder);
    bool mounted;
    start_keeper(folder, root, unpacks ? UNPACKED : MOUNTED, &mask, &mounted);
    setenv("APPIMAGE", self, 1);
    setenv("APPDIR", folder, 1);
    setenv("ARGV0", argv[0], 1);
    char *here = getcwd(NULL, 0);
    if (here)
        setenv("OWD", here, 1);

    if (!mounted && !unpacks)
        fprintf(stderr,
                "%s: this machine cannot mount it by FUSE (fusermount3 of the package fuse3 is "
                "missing, or\n"
                "/dev/fuse): unpacking it to %s instead, which takes longer at each start\n",
                self, folder);
    if (!mounted)
        extract(root);
    char program[PATH_MAX + 8];
    snprintf(program, sizeof program, "%s/AppRun", folder);
    execv(program, argv);
    fail(program);
}
