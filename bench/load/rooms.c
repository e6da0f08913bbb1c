#define _GNU_SOURCE
#include "rooms.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Above the ids of the opening frames, and apart from those of a load that ran before on the same server. */
static uint64_t first_number(void) { return 1000 + ((uint64_t)(getpid() & 0xffff) << 22); }

static struct message *message_of(struct rooms *rooms, uint64_t number) {
    struct message *message = &rooms->messages[number % MESSAGES];
    return message->number == number ? message : NULL;
}

static int finished(const struct message *message) { return !message->missing && !message->unanswered; }

void rooms_read(struct rooms *rooms, struct client *client) {
    size_t seats;
    char **lines = lines_of(client->options.seats, &seats);
    size_t wanted = client->options.connections;
    rooms->templates = calloc(wanted, sizeof *rooms->templates);
    rooms->next_number = first_number();
    for (size_t i = 0; i < seats && i < wanted; i++) {
        uint32_t number = (uint32_t)strtoul(lines[i], NULL, 10);
        if (number >= rooms->count) {
            rooms->list = realloc(rooms->list, (number + 1) * sizeof *rooms->list);
            if (!rooms->list) abort();
            memset(rooms->list + rooms->count, 0, (number + 1 - rooms->count) * sizeof *rooms->list);
            rooms->count = number + 1;
        }
        struct room *room = &rooms->list[number];
        room->members = realloc(room->members, (room->member_count + 1) * sizeof *room->members);
        if (!room->members) abort();
        room->members[room->member_count++] = (uint32_t)i;
        client->connections[i].room = number;
        const char *text = strchr(lines[i], '\t');
        template_parse(&rooms->templates[i], text ? text + 1 : "");
    }
    if (seats < wanted || !rooms->count) {
        fprintf(stderr, "load: %zu seats for %zu connections\n", seats, wanted);
        exit(2);
    }
}

int rooms_send(struct rooms *rooms, struct client *client, uint32_t number, uint64_t due) {
    struct room *room = &rooms->list[number];
    struct message *message = &rooms->messages[rooms->next_number % MESSAGES];
    if (message->number && !finished(message)) {
        rooms->tally.overruns++;
        return 0;
    }
    uint32_t sender = room->members[room->next_sender++ % room->member_count];
    *message = (struct message){
        .number = rooms->next_number++, .sent_at = due, .room = number, .sender = sender,
        .missing = (uint32_t)room->member_count, .unanswered = *client->options.ack != 0,
    };
    room->order[room->sent++ % ORDER] = message->number;
    char text[1 << 14];
    size_t length = template_fill(&rooms->templates[sender], message->number, text, sizeof text);
    connection_send(client, &client->connections[sender], text, length);
    return 1;
}

/* An ack is its prefix, the number, and then no word of an error. NULL when the frame is none. */
static struct message *read_ack(struct rooms *rooms, struct client *client, const struct frame *frame) {
    const char *prefix = client->options.ack;
    size_t length = strlen(prefix);
    if (!length || frame->length <= length || memcmp(frame->payload, prefix, length)) return NULL;
    uint64_t number = 0;
    size_t at = length;
    while (at < frame->length && frame->payload[at] >= '0' && frame->payload[at] <= '9') {
        number = number * 10 + (uint64_t)(frame->payload[at++] - '0');
    }
    struct message *message = message_of(rooms, number);
    if (!message || !message->unanswered) return NULL;
    message->unanswered = 0;
    size_t rest = frame->length - at;
    if (holds(frame->payload + at, rest > 16 ? 16 : rest, client->options.error)) {
        client_complain(client, "refused", frame->payload, frame->length);
        rooms->tally.errors++;
        message->refused = 1;
        message->missing = 0;
    }
    return message;
}

static uint64_t read_tag(struct room *room, const struct client *client, const struct frame *frame) {
    const char *mark = client->options.mark;
    size_t length = strlen(mark);
    const char *at = frame->payload + room->mark_at;
    if (room->mark_at + length + TAG_LENGTH > frame->length || memcmp(at, mark, length)) {
        at = memmem(frame->payload, frame->length, mark, length);
        if (!at) return UINT64_MAX;
        room->mark_at = (size_t)(at - frame->payload);
    }
    if ((size_t)(at - frame->payload) + length + TAG_LENGTH > frame->length) return UINT64_MAX;
    return tag_read(at + length);
}

static struct message *read_event(struct rooms *rooms, struct client *client, struct connection *connection,
                                  const struct frame *frame, uint64_t now) {
    if (!holds(frame->payload, frame->length, client->options.event)) return NULL;
    struct room *room = &rooms->list[connection->room];
    uint64_t number = client->options.by_order ? room->order[connection->count++ % ORDER]
                                               : read_tag(room, client, frame);
    struct message *message = message_of(rooms, number);
    if (!message || !message->missing) return NULL;
    message->missing--;
    rooms->tally.deliveries++;
    rooms->tally.event_bytes += frame->length;
    if (connection->index != message->sender) histogram_add(&rooms->tally.latency, now - message->sent_at);
    return message;
}

const struct message *rooms_frame(struct rooms *rooms, struct client *client, struct connection *connection,
                                  const struct frame *frame, uint64_t now) {
    struct message *message = read_event(rooms, client, connection, frame, now);
    if (!message) message = read_ack(rooms, client, frame);
    if (!message) {
        client->other_frames++;
        return NULL;
    }
    if (!finished(message)) return NULL;
    rooms->tally.messages += !message->refused;
    return message;
}
