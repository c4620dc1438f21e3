/* A load generator for iSCSI targets: one thread, several sessions, many commands in flight, no library between it and the socket. */
#ifndef ISCSI_LOAD_H
#define ISCSI_LOAD_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { HEADER_BYTES = 48, DEPTH_MAX = 256, INPUT_BYTES = 1 << 20, QUEUE_PDUS = 4096, SEGMENT_BYTES = 256 << 10 };

#define die(...) do { fprintf(stderr, "iscsi-load: " __VA_ARGS__); fputc('\n', stderr); exit(2); } while (0)

/* A PDU that waits to be sent: its header, and how many bytes of the shared payload follow it. */
struct outgoing {
    uint8_t header[HEADER_BYTES];
    uint32_t payload;
};

struct command {
    uint64_t began_ns;
    int is_read;
};

/* One session with its only connection. Commands in flight are slots; a slot's number is the command's initiator task tag. */
struct session {
    int socket;
    uint32_t cmd_sn, max_cmd_sn, exp_stat_sn;
    uint32_t segment_bytes, first_burst_bytes, max_burst_bytes; /* what the target takes */
    int immediate_data, initial_r2t;
    struct command commands[DEPTH_MAX];
    int free_slots[DEPTH_MAX], free_count;
    struct outgoing queue[QUEUE_PDUS]; /* a ring: head is sent first */
    uint32_t head, tail, head_sent;    /* head_sent: bytes of the head that are gone already */
    int wants_output;
    uint8_t input[INPUT_BYTES];
    uint32_t input_start, input_end;
    uint64_t skip; /* payload bytes still to come that nobody looks at */
    uint64_t next_sequential;
};

struct target {
    char host[256], port[16], name[256];
    int lun;
    uint32_t block_bytes;
    uint64_t block_count;
};

static inline void put16(uint8_t *p, uint32_t v) { p[0] = v >> 8, p[1] = v; }
static inline void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16), put16(p + 2, v); }
static inline void put64(uint8_t *p, uint64_t v) { put32(p, v >> 32), put32(p + 4, v); }
static inline uint32_t get32(const uint8_t *p) { return (uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]; }
static inline uint64_t get64(const uint8_t *p) { return (uint64_t)get32(p) << 32 | get32(p + 4); }
static inline uint32_t segment_length(const uint8_t *header) { return get32(header + 4) & 0xffffff; }
static inline uint32_t padded(uint32_t length) { return (length + 3) & ~3u; }

/* login.c: connects, logs in, and leaves the socket blocking. */
void log_in(struct session *session, const struct target *target, int index);
void read_capacity(struct session *session, struct target *target);

/* latency.c: a histogram with 64 steps to each power of two, so that a percentile is right to 1.6 %. */
void latency_add(uint64_t ns);
double latency_percentile_us(double fraction);
double latency_mean_us(void);
uint64_t latency_count(void);

#endif
