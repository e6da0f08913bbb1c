#include "template.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char digits[] = "0123456789abcdefghijklmnopqrstuv";

void tag_write(char *out, uint64_t number) {
    for (int i = TAG_LENGTH - 1; i >= 0; i--, number >>= 5) out[i] = digits[number & 31];
}

uint64_t tag_read(const char *text) {
    uint64_t number = 0;
    for (int i = 0; i < TAG_LENGTH; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9') number = number << 5 | (uint64_t)(c - '0');
        else if (c >= 'a' && c <= 'v') number = number << 5 | (uint64_t)(c - 'a' + 10);
        else return UINT64_MAX;
    }
    return number;
}

void template_parse(struct template *template, const char *text) {
    template->count = 0;
    while (template->count < TEMPLATE_PIECES) {
        const char *hole = text;
        while (*hole && !(hole[0] == '$' && hole[1] && strchr("NTC", hole[1]))) hole++;
        template->pieces[template->count] = text;
        template->lengths[template->count] = (size_t)(hole - text);
        template->holes[template->count++] = *hole ? hole[1] : 0;
        if (!*hole) return;
        text = hole + 2;
    }
}

static size_t fill_hole(char hole, uint64_t number, char *out) {
    /* The process id, spread over 32 bits, tells two runs on one database apart. */
    static unsigned run;
    if (!run) run = (unsigned)getpid() * 2654435761U | 1U;
    switch (hole) {
    case 'N':
        return (size_t)sprintf(out, "%llu", (unsigned long long)number);
    case 'T':
        tag_write(out, number);
        return TAG_LENGTH;
    case 'C':
        return (size_t)sprintf(out, "%08x-0000-4000-8000-%012llx", run, (unsigned long long)number);
    default:
        return 0;
    }
}

size_t template_fill(const struct template *template, uint64_t number, char *out, size_t capacity) {
    size_t length = 0;
    for (size_t i = 0; i < template->count; i++) {
        if (length + template->lengths[i] + 48 > capacity) return 0;
        memcpy(out + length, template->pieces[i], template->lengths[i]);
        length += template->lengths[i];
        length += fill_hole(template->holes[i], number, out + length);
    }
    return length;
}
