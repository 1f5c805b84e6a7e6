/* Loaded before libc by the campaign: counts, logs and disturbs file operations below one folder.

   fault_arm(folder, at, kind, sticky, log) is called in the child to disturb:
   at    the operation to disturb, counted from 1; 0 for none
   kind  1 kill before it, 2 kill in the middle of it, otherwise the errno it fails with
   sticky  every later operation fails too
   log   a file to which every operation is written with its data, or NULL
   fault_mark(text) adds a mark to the log; fault_count() returns the number of operations;
   fault_shift(seconds) shifts the time of day but not the uptime. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

enum { KILL = 1, TORN = 2, MOST_FILES = 1024 };

static char folder[PATH_MAX];
static char *paths[MOST_FILES];
static long wanted, counted;
static int kind, sticky, log_fd = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

#define NEXT(name) ((__typeof__(&name))next_of(#name))

static void *next_of(const char *name) { return dlsym(RTLD_NEXT, name); }

static void die(void) {
    kill(getpid(), SIGKILL);
    for (;;) pause();
}

static void raw_write(const void *data, size_t size) {
    const char *at = data;
    while (size > 0) {
        ssize_t done = NEXT(write)(log_fd, at, size);
        if (done <= 0) abort();
        at += done;
        size -= (size_t)done;
    }
}

static void record(char op, const char *path, const char *other, int64_t offset, const void *data,
                   uint32_t size) {
    if (log_fd < 0) return;
    uint16_t lengths[2] = {(uint16_t)strlen(path), (uint16_t)(other ? strlen(other) : 0)};
    char head[1 + sizeof lengths + sizeof offset + sizeof size];
    head[0] = op;
    memcpy(head + 1, lengths, sizeof lengths);
    memcpy(head + 1 + sizeof lengths, &offset, sizeof offset);
    memcpy(head + 1 + sizeof lengths + sizeof offset, &size, sizeof size);
    pthread_mutex_lock(&lock);
    raw_write(head, sizeof head);
    raw_write(path, lengths[0]);
    if (other) raw_write(other, lengths[1]);
    if (data && size) raw_write(data, size);
    pthread_mutex_unlock(&lock);
}

/* returns 0 to continue, TORN to do half of it; otherwise sets errno */
static int hit(void) {
    long now = __sync_add_and_fetch(&counted, 1);
    if (wanted <= 0 || !(now == wanted || (sticky && now > wanted))) return 0;
    if (kind == KILL) die();
    if (kind == TORN) return TORN;
    errno = kind;
    return -1;
}

static int is_watched(const char *path) {
    size_t length = strlen(folder);
    return length > 0 && strncmp(path, folder, length) == 0;
}

static const char *absolute(int at, const char *path, char *room) {
    if (path[0] == '/') return path;
    if (at >= 0 && at < MOST_FILES && paths[at]) {
        snprintf(room, PATH_MAX, "%s/%s", paths[at], path);
        return room;
    }
    return path;
}

static const char *path_of(int fd) { return fd >= 0 && fd < MOST_FILES ? paths[fd] : NULL; }

static void remember(int fd, const char *path) {
    if (fd < 0 || fd >= MOST_FILES) return;
    free(paths[fd]);
    paths[fd] = path ? strdup(path) : NULL;
}

void fault_arm(const char *below, long at, int how, int for_ever, const char *log) {
    snprintf(folder, sizeof folder, "%s", below);
    wanted = at;
    counted = 0;
    kind = how;
    sticky = for_ever;
    if (log) log_fd = NEXT(open)(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
}

void fault_disarm(void) { wanted = 0; }
long fault_count(void) { return counted; }
void fault_mark(const char *text) { record('m', text, NULL, 0, NULL, 0); }

static long shifted;
void fault_shift(long seconds) { shifted = seconds; }

int clock_gettime(clockid_t which, struct timespec *now) {
    int result = NEXT(clock_gettime)(which, now);
    if (result == 0 && which == CLOCK_REALTIME) now->tv_sec += shifted;
    return result;
}
time_t time(time_t *now) {
    time_t found = NEXT(time)(NULL) + shifted;
    if (now) *now = found;
    return found;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int result = NEXT(gettimeofday)(now, zone);
    if (result == 0) now->tv_sec += shifted;
    return result;
}

static int opened(int at, const char *path, int flags, mode_t mode) {
    char room[PATH_MAX];
    const char *full = absolute(at, path, room);
    int watched = is_watched(full);
    struct stat found;
    int is_new = watched && (flags & O_CREAT) && stat(full, &found) != 0;
    if (is_new || (watched && (flags & O_TRUNC))) {
        int what = hit();
        if (what == TORN) die();
        if (what) return -1;
    }
    int fd = NEXT(openat)(at, path, flags, mode);
    if (fd >= 0) {
        remember(fd, watched ? full : NULL);
        if (is_new) record('c', full, NULL, 0, NULL, 0);
        else if (watched && (flags & O_TRUNC)) record('t', full, NULL, 0, NULL, 0);
    }
    return fd;
}

#define OPEN(name, before, at)                                   \
    int name before {                                            \
        mode_t mode = 0;                                         \
        if (flags & O_CREAT) {                                   \
            va_list rest;                                        \
            va_start(rest, flags);                               \
            mode = va_arg(rest, mode_t);                         \
            va_end(rest);                                        \
        }                                                        \
        return opened(at, path, flags, mode);                    \
    }
OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int at, const char *path, int flags, ...), at)
OPEN(openat64, (int at, const char *path, int flags, ...), at)

int close(int fd) {
    remember(fd, NULL);
    return NEXT(close)(fd);
}

static ssize_t written(int fd, const void *data, size_t size, int64_t offset) {
    const char *path = path_of(fd);
    if (!path) return NEXT(pwrite64)(fd, data, size, offset);
    int what = hit();
    if (what == TORN) {
        NEXT(pwrite64)(fd, data, size / 2, offset);
        die();
    }
    if (what) return -1;
    ssize_t done = NEXT(pwrite64)(fd, data, size, offset);
    if (done > 0) record('w', path, NULL, offset, data, (uint32_t)done);
    return done;
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset) {
    return written(fd, data, size, offset);
}
ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset) {
    return written(fd, data, size, offset);
}
ssize_t write(int fd, const void *data, size_t size) {
    const char *path = path_of(fd);
    if (!path) return NEXT(write)(fd, data, size);
    int64_t offset = lseek(fd, 0, SEEK_CUR);
    ssize_t done = written(fd, data, size, offset);
    if (done > 0) lseek(fd, offset + done, SEEK_SET);
    return done;
}

/* a copy inside the kernel would go unnoticed, so Python is made to read and write instead */
ssize_t sendfile64(int out, int in, off64_t *offset, size_t count) {
    if (path_of(out)) {
        errno = ENOTSOCK;
        return -1;
    }
    return NEXT(sendfile64)(out, in, offset, count);
}
ssize_t sendfile(int out, int in, off_t *offset, size_t count) {
    if (path_of(out)) {
        errno = ENOTSOCK;
        return -1;
    }
    return NEXT(sendfile)(out, in, offset, count);
}

#define ON_FD(name, signature, call, op, offset)                 \
    int name signature {                                         \
        const char *path = path_of(fd);                          \
        if (path) {                                              \
            int what = hit();                                    \
            if (what == TORN) die();                             \
            if (what) return -1;                                 \
        }                                                        \
        int result = NEXT(name) call;                            \
        if (path && result == 0) record(op, path, NULL, offset, NULL, 0); \
        return result;                                           \
    }
ON_FD(fsync, (int fd), (fd), 's', 0)
ON_FD(fdatasync, (int fd), (fd), 's', 0)
ON_FD(ftruncate, (int fd, off_t size), (fd, size), 't', size)
ON_FD(ftruncate64, (int fd, off64_t size), (fd, size), 't', size)

#define ON_PATH(name, signature, at, call, op)                   \
    int name signature {                                         \
        char room[PATH_MAX];                                     \
        const char *full = absolute(at, path, room);             \
        int watched = is_watched(full);                          \
        if (watched) {                                           \
            int what = hit();                                    \
            if (what == TORN) die();                             \
            if (what) return -1;                                 \
        }                                                        \
        int result = NEXT(name) call;                            \
        if (watched && result == 0) record(op, full, NULL, 0, NULL, 0); \
        return result;                                           \
    }
ON_PATH(unlink, (const char *path), AT_FDCWD, (path), 'u')
ON_PATH(unlinkat, (int at, const char *path, int flags), at, (at, path, flags), (flags & AT_REMOVEDIR) ? 'x' : 'u')
ON_PATH(rmdir, (const char *path), AT_FDCWD, (path), 'x')
ON_PATH(mkdir, (const char *path, mode_t mode), AT_FDCWD, (path, mode), 'd')

int rename(const char *from, const char *to) {
    int watched = is_watched(from) || is_watched(to);
    if (watched) {
        int what = hit();
        if (what == TORN) die();
        if (what) return -1;
    }
    int result = NEXT(rename)(from, to);
    if (watched && result == 0) record('r', from, to, 0, NULL, 0);
    return result;
}
