/* A frame's text with holes: $N the message's number, $T its tag of 8 characters, $C a client id in UUID form. */
#ifndef TEMPLATE_H
#define TEMPLATE_H

#include <stddef.h>
#include <stdint.h>

enum { TAG_LENGTH = 8, TEMPLATE_PIECES = 16 };

struct template {
    const char *pieces[TEMPLATE_PIECES];
    size_t lengths[TEMPLATE_PIECES];
    char holes[TEMPLATE_PIECES]; /* what follows each piece: 'N', 'T', 'C', or 0 at the end */
    size_t count;
};

/* `text` must outlive the template. */
void template_parse(struct template *template, const char *text);

/* Fills the holes for message `number` into `out`; returns the length, or 0 when it would not fit. */
size_t template_fill(const struct template *template, uint64_t number, char *out, size_t capacity);

void tag_write(char *out, uint64_t number);

/* The number a tag stands for, or UINT64_MAX when these are not eight characters of a tag. */
uint64_t tag_read(const char *text);

#endif
