#include <math.h>
#include <stdio.h>
#include <string.h>

#include "rooms.h"
#include "scenarios.h"

enum { ERRORS_ENDURED = 1000 };
static const int64_t SILENCE_ENDURED = 10000000000; /* ns */

static struct rooms rooms;
static int measuring;
static uint64_t measure_from, measure_until, last_progress, next_due;
static struct watch watch_from, watch_until;

static void opened_any(struct client *client, uint64_t now) {
    rooms_read(&rooms, client);
    measure_from = now + (uint64_t)(client->options.warmup * 1e9);
    measure_until = measure_from + (uint64_t)(client->options.seconds * 1e9);
    last_progress = next_due = now;
}

static void opened_fanout(struct client *client, uint64_t now) {
    opened_any(client, now);
    /* Around the rooms, not room by room: all of them begin together. */
    for (size_t i = 0; i < client->options.in_flight; i++) {
        for (uint32_t room = 0; room < rooms.count; room++) rooms_send(&rooms, client, room, now_ns());
    }
}

static void endure(struct client *client, uint64_t now) {
    if (rooms.tally.errors > ERRORS_ENDURED || client->lost) client->finished = 1;
    if (now > last_progress && (int64_t)(now - last_progress) > SILENCE_ENDURED) {
        client_complain(client, "nothing came for 10 s", "", 0);
        client->finished = 1;
    }
}

static void frame_fanout(struct client *client, struct connection *connection, const struct frame *frame,
                         uint64_t now) {
    const struct message *done = rooms_frame(&rooms, client, connection, frame, now);
    last_progress = now;
    if (done && rooms.tally.errors <= ERRORS_ENDURED) rooms_send(&rooms, client, done->room, now_ns());
}

static void frame_rate(struct client *client, struct connection *connection, const struct frame *frame,
                       uint64_t now) {
    rooms_frame(&rooms, client, connection, frame, now);
    last_progress = now;
}

static int64_t turn_fanout(struct client *client, uint64_t now) {
    endure(client, now);
    if (!measuring && now >= measure_from) {
        measuring = 1;
        memset(&rooms.tally, 0, sizeof rooms.tally);
        measure_from = now;
        watch_read(&watch_from, &client->options);
    }
    if (now >= measure_until) {
        measure_until = now;
        client->finished = 1;
        return 0;
    }
    return (int64_t)((measuring ? measure_until : measure_from) - now);
}

/* Exponential gaps: messages of many people come independently of each other, in small bursts and lulls. */
static uint64_t gap(struct client *client) {
    client->random = client->random * 1664525U + 1013904223U;
    double share = ((double)(client->random >> 8) + 0.5) / (double)(1U << 24);
    return (uint64_t)(-log(share) * 1e9 / client->options.rate);
}

static int64_t turn_rate(struct client *client, uint64_t now) {
    static uint32_t next_room;
    while (next_due <= now) {
        rooms_send(&rooms, client, next_room++ % (uint32_t)rooms.count, next_due);
        next_due += gap(client);
    }
    int64_t rest = turn_fanout(client, now);
    int64_t until_due = (int64_t)(next_due - now);
    return until_due < rest ? until_due : rest;
}

static void report_any(struct client *client) {
    const struct tally *tally = &rooms.tally;
    watch_read(&watch_until, &client->options);
    struct shares shares = watch_shares(&watch_from, &watch_until);
    if (!measuring) shares = (struct shares){0};
    double seconds = shares.seconds > 0 ? shares.seconds : 1;
    printf("{\"seconds\":%.3f,\"messages\":%llu,\"deliveries\":%llu,\"messages_s\":%.1f,\"deliveries_s\":%.1f,",
           shares.seconds, (unsigned long long)tally->messages, (unsigned long long)tally->deliveries,
           (double)tally->messages / seconds, (double)tally->deliveries / seconds);
    printf("\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,", histogram_quantile_ms(&tally->latency, 0.5),
           histogram_quantile_ms(&tally->latency, 0.99), histogram_quantile_ms(&tally->latency, 0.999));
    printf("\"load_busy\":%.3f,\"server_busy\":%.3f,\"core_busy\":%.3f,\"core_stolen\":%.3f,", shares.own,
           shares.server, shares.core, shares.stolen);
    printf("\"event_bytes\":%.0f,\"rooms\":%zu,\"opened\":%zu,\"lost\":%zu,\"errors\":%llu,\"overruns\":%llu,",
           tally->deliveries ? (double)tally->event_bytes / (double)tally->deliveries : 0.0, rooms.count,
           client->opened, client->lost, (unsigned long long)tally->errors, (unsigned long long)tally->overruns);
    printf("\"other_frames\":%llu,\"complaint\":\"%s\"}\n", (unsigned long long)client->other_frames,
           client->complaint);
}

const struct scenario fanout_scenario = {"fanout", opened_fanout, frame_fanout, turn_fanout, report_any, NULL};
const struct scenario rate_scenario = {"rate", opened_any, frame_rate, turn_rate, report_any, NULL};
