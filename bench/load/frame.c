#include "frame.h"

#include <string.h>

static size_t write_header(unsigned char *out, int opcode, size_t length, uint32_t mask) {
    size_t at = 0;
    out[at++] = (unsigned char)(0x80 | opcode);
    if (length < 126) {
        out[at++] = (unsigned char)(0x80 | length);
    } else if (length < 65536) {
        out[at++] = 0x80 | 126;
        out[at++] = (unsigned char)(length >> 8);
        out[at++] = (unsigned char)length;
    } else {
        out[at++] = 0x80 | 127;
        for (int shift = 56; shift >= 0; shift -= 8) out[at++] = (unsigned char)((uint64_t)length >> shift);
    }
    memcpy(out + at, &mask, sizeof mask);
    return at + sizeof mask;
}

size_t frame_write(char *out, int opcode, const char *payload, size_t length, uint32_t mask) {
    size_t header = write_header((unsigned char *)out, opcode, length, mask);
    char *body = out + header;
    uint64_t wide = (uint64_t)mask << 32 | mask;
    size_t at = 0;
    for (; at + 8 <= length; at += 8) {
        uint64_t word;
        memcpy(&word, payload + at, 8);
        word ^= wide;
        memcpy(body + at, &word, 8);
    }
    for (; at < length; at++) body[at] = (char)(payload[at] ^ ((const char *)&mask)[at & 3]);
    return header + length;
}

size_t frame_read(const char *data, size_t available, struct frame *frame) {
    if (available < 2) return 0;
    const unsigned char *bytes = (const unsigned char *)data;
    size_t header = 2;
    uint64_t length = bytes[1] & 0x7f;
    if (length == 126) {
        header = 4;
        if (available < header) return 0;
        length = (uint64_t)bytes[2] << 8 | bytes[3];
    } else if (length == 127) {
        header = 10;
        if (available < header) return 0;
        length = 0;
        for (int i = 2; i < 10; i++) length = length << 8 | bytes[i];
    }
    if (available - header < length) return 0;
    frame->opcode = bytes[0] & 0x0f;
    frame->final = bytes[0] >> 7;
    frame->payload = data + header;
    frame->length = length;
    return header + length;
}
