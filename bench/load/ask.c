/* Each connection asks its question again as soon as it is answered; a question is the template of its seat. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "scenarios.h"

static struct template *questions;
static struct histogram latency;
static uint64_t next_number = 1000, measure_from, measure_until, answers, errors, answer_bytes;
static int measuring;
static struct watch watch_from;

static void ask(struct client *client, struct connection *connection) {
    char text[1 << 14];
    size_t length = template_fill(&questions[connection->index], next_number, text, sizeof text);
    connection->count = next_number++;
    connection->since = now_ns();
    connection_send(client, connection, text, length);
}

static void opened(struct client *client, uint64_t now) {
    size_t count;
    char **lines = lines_of(client->options.seats, &count);
    if (count < client->options.connections) {
        fprintf(stderr, "load: %zu questions for %zu connections\n", count, client->options.connections);
        exit(2);
    }
    questions = calloc(client->options.connections, sizeof *questions);
    if (!questions) abort();
    for (size_t i = 0; i < client->options.connections; i++) {
        const char *text = strchr(lines[i], '\t');
        template_parse(&questions[i], text ? text + 1 : lines[i]);
    }
    measure_from = now + (uint64_t)(client->options.warmup * 1e9);
    measure_until = measure_from + (uint64_t)(client->options.seconds * 1e9);
    for (size_t i = 0; i < client->options.connections; i++) ask(client, &client->connections[i]);
}

static int is_answer(const struct client *client, const struct connection *connection, const struct frame *frame) {
    if (client->options.by_order) return 1;
    char expected[64];
    size_t length = (size_t)snprintf(expected, sizeof expected, "%s%llu,", client->options.ack,
                                     (unsigned long long)connection->count);
    return frame->length >= length && !memcmp(frame->payload, expected, length);
}

static void frame_answer(struct client *client, struct connection *connection, const struct frame *frame,
                         uint64_t now) {
    if (!is_answer(client, connection, frame)) {
        client->other_frames++;
        return;
    }
    if (holds(frame->payload, frame->length > 40 ? 40 : frame->length, client->options.error)) {
        client_complain(client, "refused", frame->payload, frame->length);
        if (++errors > 100) client->finished = 1;
    }
    histogram_add(&latency, now - connection->since);
    answers++;
    answer_bytes += frame->length;
    ask(client, connection);
}

static int64_t turn(struct client *client, uint64_t now) {
    if (!measuring && now >= measure_from) {
        measuring = 1;
        histogram_clear(&latency);
        answers = errors = answer_bytes = 0;
        watch_read(&watch_from, &client->options);
    }
    if (now >= measure_until || client->lost) {
        client->finished = 1;
        return 0;
    }
    return (int64_t)((measuring ? measure_until : measure_from) - now);
}

static void report(struct client *client) {
    struct watch watch;
    watch_read(&watch, &client->options);
    struct shares shares = watch_shares(measuring ? &watch_from : &client->began_watch, &watch);
    printf("{\"seconds\":%.3f,\"answers\":%llu,\"answers_s\":%.1f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,", shares.seconds,
           (unsigned long long)answers, (double)answers / shares.seconds, histogram_quantile_ms(&latency, 0.5),
           histogram_quantile_ms(&latency, 0.99));
    printf("\"load_busy\":%.3f,\"server_busy\":%.3f,\"core_busy\":%.3f,\"core_stolen\":%.3f,", shares.own,
           shares.server, shares.core, shares.stolen);
    printf("\"answer_bytes\":%.0f,\"opened\":%zu,\"lost\":%zu,\"errors\":%llu,\"complaint\":\"%s\"}\n",
           answers ? (double)answer_bytes / (double)answers : 0.0, client->opened, client->lost,
           (unsigned long long)errors, client->complaint);
}

const struct scenario ask_scenario = {"ask", opened, frame_answer, turn, report, NULL};
