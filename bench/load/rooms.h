/* Who sits in which room, and which messages are on their way. A message is done when its sender has its ack and
 * every member of the room, the sender included, has the event. */
#ifndef ROOMS_H
#define ROOMS_H

#include "client.h"

struct message {
    uint64_t number;
    uint64_t sent_at;    /* ns: when it was sent, or was due to be sent */
    uint32_t room;
    uint32_t sender;     /* index of the connection */
    uint32_t missing;    /* members without the event */
    uint8_t unanswered;  /* the ack is not there yet */
    uint8_t refused;
};

enum { MESSAGES = 1 << 16, ORDER = 1 << 12 };

struct room {
    uint32_t *members;
    size_t member_count;
    size_t next_sender;
    uint64_t sent;
    uint64_t order[ORDER]; /* numbers of its latest messages, in the order sent */
    size_t mark_at;        /* where the tag's mark lay in the last event: it seldom moves */
};

struct tally {
    uint64_t messages, deliveries, errors, overruns, event_bytes;
    struct histogram latency; /* from sending to each member but the sender */
};

struct rooms {
    struct room *list;
    size_t count;
    struct template *templates; /* one a connection */
    struct message messages[MESSAGES];
    uint64_t next_number;
    struct tally tally;
};

void rooms_read(struct rooms *rooms, struct client *client);

/* Sends the next message of a room, from its next member. 0 when the message table is full of unfinished ones. */
int rooms_send(struct rooms *rooms, struct client *client, uint32_t room, uint64_t due);

/* Accounts for a frame. Returns the message it completed, or NULL. */
const struct message *rooms_frame(struct rooms *rooms, struct client *client, struct connection *connection,
                                  const struct frame *frame, uint64_t now);

#endif
