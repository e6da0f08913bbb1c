/* WebSocket frames (RFC 6455): masked ones out, plain ones in. */
#ifndef FRAME_H
#define FRAME_H

#include <stddef.h>
#include <stdint.h>

enum { FRAME_TEXT = 1, FRAME_CLOSE = 8, FRAME_PING = 9, FRAME_PONG = 10, FRAME_HEADER_MAX = 14 };

struct frame {
    int opcode;
    int final;
    const char *payload;
    size_t length;
};

/* Writes a masked frame of `length` payload bytes to `out` (room for FRAME_HEADER_MAX more); returns its size. */
size_t frame_write(char *out, int opcode, const char *payload, size_t length, uint32_t mask);

/* Reads one frame from `data`. Returns the bytes it takes, or 0 when it is not all there yet. */
size_t frame_read(const char *data, size_t available, struct frame *frame);

#endif
