/* Loaded before libc: cameras behind the files "video60" to "video69" in any folder, for OpenCV and
   Python alike.

   The file that PLAYED_CAMERA names holds what the cameras do, one "name number" a line, and is
   read again at each call. A name with the number of a node behind it, such as jpeg61, is for that
   camera alone:
   first_ms   from the start of the stream to its first picture; then 30 a second
   jpeg       0 if it grants YUYV only
   held       1 if somebody else streams: the driver answers EBUSY
   gone       1 if it was unplugged while its node is still there: ENODEV
   silent     1 if it sends nothing more
   cut        how many bytes of each packet arrive, 0 for all
   hue        of raw pixels: their U and V, in place of the brightness
   PLAYED_PICTURE names the JPEG file that it sends; a folder of that name holds the pictures of
   each camera, such as 60/0.jpg to 60/7.jpg, which come by turns. One reader, one thread. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/videodev2.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/types.h>
#include <unistd.h>

enum { WIDTH = 320, HEIGHT = 240, BUFFER = 400000, BUFFERS = 4, MOST_OPEN = 64, PICTURES = 8 };

#define NEXT(name, type) ((type)dlsym(RTLD_NEXT, name))

static int descriptors[MOST_OPEN]; /* each plus 1; 0 is free */
static int numbers[MOST_OPEN];     /* of the node that each of them is */
static int number;                 /* of the node that is called now */
static unsigned char memory[BUFFERS][BUFFER];
static int waiting[BUFFERS], first_waiting, count_waiting;
static unsigned granted = V4L2_PIX_FMT_YUYV;

static long told(const char *wanted) {
    const char *name = getenv("PLAYED_CAMERA");
    FILE *file = name ? fopen(name, "r") : NULL;
    char word[32], own[32];
    long value, found = 0;
    snprintf(own, sizeof own, "%s%d", wanted, number);
    while (file && fscanf(file, "%31s %ld", word, &value) == 2)
        if (!strcmp(word, wanted) || !strcmp(word, own)) found = value;
    if (file) fclose(file);
    return found;
}

static int fails(int error) {
    errno = error;
    return -1;
}

static int place_of(int descriptor) {
    for (int place = 0; place < MOST_OPEN; place++)
        if (descriptors[place] == descriptor + 1) return place;
    return -1;
}

static int is_camera(const char *path) {
    const char *name = strrchr(path, '/');
    int found = 0, length = 0;
    if (!name || sscanf(name, "/video%d%n", &found, &length) != 1 || name[length]) return 0;
    return found >= 60 && found < 70 ? found : 0;
}

static int open_camera(int wanted) {
    number = wanted;
    if (told("gone")) return fails(ENODEV);
    int descriptor = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    int place = place_of(-1);
    descriptors[place] = descriptor + 1;
    numbers[place] = wanted;
    return descriptor;
}

#define OPEN(name)                                                            \
    int name(const char *path, int flags, ...) {                              \
        va_list more;                                                         \
        va_start(more, flags);                                                \
        int mode = va_arg(more, int);                                         \
        va_end(more);                                                         \
        if (is_camera(path)) return open_camera(is_camera(path));             \
        return NEXT(#name, int (*)(const char *, int, ...))(path, flags, mode); \
    }
OPEN(open)
OPEN(open64)

int close(int descriptor) {
    int place = descriptor < 0 ? -1 : place_of(descriptor);
    if (place >= 0) descriptors[place] = 0;
    return NEXT("close", int (*)(int))(descriptor);
}

#define MMAP(name, offset_type)                                                             \
    void *name(void *at, size_t size, int rights, int flags, int descriptor, offset_type offset) { \
        if (descriptor >= 0 && place_of(descriptor) >= 0) return memory[offset / BUFFER];   \
        return NEXT(#name, void *(*)(void *, size_t, int, int, int, offset_type))(          \
            at, size, rights, flags, descriptor, offset);                                   \
    }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)

int munmap(void *at, size_t size) {
    if ((unsigned char *)at >= memory[0] && (unsigned char *)at < memory[0] + sizeof memory) return 0;
    return NEXT("munmap", int (*)(void *, size_t))(at, size);
}

static int set_format(struct v4l2_format *format, int is_set) {
    if (is_set && told("held")) return fails(EBUSY);
    if (is_set) {
        int is_jpeg = told("jpeg") && format->fmt.pix.pixelformat == V4L2_PIX_FMT_MJPEG;
        granted = is_jpeg ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV;
    }
    format->fmt.pix.width = WIDTH;
    format->fmt.pix.height = HEIGHT;
    format->fmt.pix.pixelformat = granted;
    format->fmt.pix.field = V4L2_FIELD_NONE;
    format->fmt.pix.bytesperline = granted == V4L2_PIX_FMT_YUYV ? 2 * WIDTH : 0;
    format->fmt.pix.sizeimage = BUFFER;
    return 0;
}

static int start(int descriptor) {
    long ms = told("first_ms") + 1;
    struct itimerspec due = {{0, 1000000000 / 30}, {ms / 1000, ms % 1000 * 1000000}};
    return timerfd_settime(descriptor, 0, &due, NULL);
}

static int queue(struct v4l2_buffer *buffer) {
    for (int place = 0; place < count_waiting; place++)
        if (waiting[(first_waiting + place) % BUFFERS] == (int)buffer->index) return fails(EINVAL);
    waiting[(first_waiting + count_waiting++) % BUFFERS] = (int)buffer->index;
    return 0;
}

static unsigned fill_raw(unsigned char *buffer, unsigned char step, unsigned char hue) {
    for (int at = 0; at < 2 * WIDTH * HEIGHT; at++) {
        if (at % 2) buffer[at] = hue ? hue : 80 + step;
        else buffer[at] = hue ? (unsigned char)(80 + step + (at / 2 % WIDTH * 7 + at / (2 * WIDTH) * 5) % 60) : 80 + step;
    }
    return 2 * WIDTH * HEIGHT;
}

static unsigned fill(unsigned char *buffer) {
    static unsigned char brightness;
    static unsigned turn;
    char path[4096];
    const char *named = getenv("PLAYED_PICTURE");
    snprintf(path, sizeof path, "%s/%d/%u.jpg", named, number, turn++ % PICTURES);
    FILE *picture = fopen(path, "rb");
    if (!picture) picture = fopen(named, "rb");
    if (granted == V4L2_PIX_FMT_YUYV) {
        if (picture) fclose(picture);
        return fill_raw(buffer, brightness++ % 50, (unsigned char)told("hue"));
    }
    unsigned size = picture ? (unsigned)fread(buffer, 1, BUFFER, picture) : 0;
    if (picture) fclose(picture);
    unsigned cut = (unsigned)told("cut");
    return cut && cut < size ? cut : size;
}

static int take(int descriptor, struct v4l2_buffer *buffer) {
    unsigned long long due;
    if (told("silent")) {
        struct itimerspec never = {{0, 0}, {0, 0}};
        timerfd_settime(descriptor, 0, &never, NULL);
        return fails(EAGAIN);
    }
    if (read(descriptor, &due, sizeof due) < 0 || !count_waiting) return fails(EAGAIN);
    buffer->index = (unsigned)waiting[first_waiting];
    first_waiting = (first_waiting + 1) % BUFFERS;
    count_waiting--;
    buffer->length = BUFFER;
    buffer->m.offset = buffer->index * BUFFER;
    buffer->bytesused = fill(memory[buffer->index]);
    buffer->flags = 0;
    return 0;
}

static int describe(struct v4l2_capability *said) {
    memset(said, 0, sizeof *said);
    strcpy((char *)said->card, "Played camera: Played camera");
    said->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING;
    said->capabilities = said->device_caps | V4L2_CAP_DEVICE_CAPS;
    return 0;
}

static int name_rate(struct v4l2_streamparm *said) {
    said->parm.capture.timeperframe.numerator = 1;
    said->parm.capture.timeperframe.denominator = 30;
    return 0;
}

int ioctl(int descriptor, unsigned long request, ...) {
    va_list more;
    va_start(more, request);
    void *record = va_arg(more, void *);
    va_end(more);
    if (descriptor < 0 || place_of(descriptor) < 0)
        return NEXT("ioctl", int (*)(int, unsigned long, ...))(descriptor, request, record);
    number = numbers[place_of(descriptor)];
    if (told("gone")) return fails(ENODEV);
    struct v4l2_buffer *buffer = record;
    switch (request & 0xffffffff) {
    case VIDIOC_QUERYCAP: return describe(record);
    case VIDIOC_G_FMT: return set_format(record, 0);
    case VIDIOC_S_FMT: return set_format(record, 1);
    case VIDIOC_REQBUFS:
        count_waiting = 0;
        if (((struct v4l2_requestbuffers *)record)->count > BUFFERS)
            ((struct v4l2_requestbuffers *)record)->count = BUFFERS;
        return 0;
    case VIDIOC_QUERYBUF:
        buffer->length = BUFFER;
        buffer->m.offset = buffer->index * BUFFER;
        return 0;
    case VIDIOC_QBUF: return queue(buffer);
    case VIDIOC_DQBUF: return take(descriptor, buffer);
    case VIDIOC_STREAMON: return start(descriptor);
    case VIDIOC_STREAMOFF: count_waiting = 0; return 0;
    case VIDIOC_S_PARM:
    case VIDIOC_G_PARM: return name_rate(record);
    default: return fails(EINVAL);
    }
}
