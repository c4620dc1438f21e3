/* iscsi-load [-c SESSIONS] [-q DEPTH] [-b BYTES] [-r READ_PERCENT] [-s] [-t SECONDS] [-w WARMUP] [-S SPAN_BYTES] [-P TARGET_PID] iscsi://HOST:PORT/NAME/LUN
 * Prints one line of key=value. -s is sequential. Commands that are due go out in one sendmsg, and input is taken in large pieces and parsed in place,
 * so that at depth 32 the generator is not what is measured. WRITES to the logical unit unless -r 100. */
#define _GNU_SOURCE
#include "iscsi-load.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum { SESSIONS_MAX = 64, IOVECS = 128 };

static struct target target;
static struct session *sessions;
static int session_count = 1, depth = 1, read_percent = 100, sequential;
static uint32_t io_bytes = 4096;
static double seconds = 2, warmup = 0.5;
static uint64_t span_bytes, random_state = 0x9e3779b97f4a7c15ull, errors;
static int measuring, epoll;
static uint8_t payload[1 << 20];

static uint64_t now_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000ull + (uint64_t)time.tv_nsec;
}

static uint64_t next_random(void)
{
    random_state ^= random_state >> 12, random_state ^= random_state << 25, random_state ^= random_state >> 27;
    return random_state * 0x2545f4914f6cdd1dull;
}

static uint8_t *enqueue(struct session *session, uint32_t length)
{
    struct outgoing *pdu = &session->queue[session->tail++ % QUEUE_PDUS];
    if (session->tail - session->head > QUEUE_PDUS) die("more PDUs wait than the queue holds");
    memset(pdu->header, 0, HEADER_BYTES);
    pdu->payload = length;
    put32(pdu->header + 4, length);
    return pdu->header;
}

/* Data-Out PDUs for [from, to) of a command's data: unsolicited ones carry the reserved transfer tag. */
static void enqueue_data(struct session *session, uint32_t slot, uint32_t transfer_tag, uint32_t from, uint32_t to)
{
    for (uint32_t data_sn = 0; from < to; data_sn++) {
        uint32_t length = to - from < session->segment_bytes ? to - from : session->segment_bytes;
        uint8_t *header = enqueue(session, length);
        header[0] = 0x05;
        header[1] = from + length == to ? 0x80 : 0;
        header[9] = (uint8_t)target.lun;
        put32(header + 16, slot);
        put32(header + 20, transfer_tag);
        put32(header + 28, session->exp_stat_sn);
        put32(header + 36, data_sn);
        put32(header + 40, from);
        from += length;
    }
}

static uint64_t choose_lba(struct session *session)
{
    uint64_t slots = span_bytes / io_bytes, slot = sequential ? session->next_sequential++ % slots : next_random() % slots;
    return slot * (io_bytes / target.block_bytes);
}

static void issue(struct session *session)
{
    while (session->free_count && (int32_t)(session->max_cmd_sn - session->cmd_sn) >= 0) {
        int slot = session->free_slots[--session->free_count];
        int is_read = (int)(next_random() % 100) < read_percent;
        uint32_t burst = 0, immediate = 0;
        if (!is_read) {
            burst = io_bytes < session->first_burst_bytes ? io_bytes : session->first_burst_bytes;
            if (session->immediate_data) immediate = burst < session->segment_bytes ? burst : session->segment_bytes;
            if (session->initial_r2t) burst = immediate;
        }
        uint8_t *header = enqueue(session, immediate);
        header[0] = 0x01;
        header[1] = (uint8_t)((burst == immediate ? 0x80 : 0) | (is_read ? 0x40 : 0x20) | 1);
        header[9] = (uint8_t)target.lun;
        put32(header + 16, (uint32_t)slot);
        put32(header + 20, io_bytes);
        put32(header + 24, session->cmd_sn++);
        put32(header + 28, session->exp_stat_sn);
        header[32] = is_read ? 0x88 : 0x8a;
        put64(header + 34, choose_lba(session));
        put32(header + 42, io_bytes / target.block_bytes);
        session->commands[slot] = (struct command){now_ns(), is_read};
        if (burst > immediate) enqueue_data(session, (uint32_t)slot, 0xffffffff, immediate, burst);
    }
}

/* Sends what waits until the socket takes no more; then waits for it to be writable. */
static void flush(struct session *session)
{
    static const uint8_t zeroes[4];
    while (session->head != session->tail) {
        struct iovec parts[IOVECS];
        int count = 0;
        uint32_t done = session->head_sent;
        for (uint32_t at = session->head; at != session->tail && count + 3 <= IOVECS; at++, done = 0) {
            struct outgoing *pdu = &session->queue[at % QUEUE_PDUS];
            uint32_t lengths[] = {HEADER_BYTES, pdu->payload, padded(pdu->payload) - pdu->payload};
            const uint8_t *starts[] = {pdu->header, payload, zeroes};
            for (int part = 0; part < 3; part++) {
                uint32_t skipped = done < lengths[part] ? done : lengths[part];
                done -= skipped;
                if (lengths[part] > skipped) parts[count++] = (struct iovec){(void *)(starts[part] + skipped), lengths[part] - skipped};
            }
        }
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)count};
        ssize_t sent = sendmsg(session->socket, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (sent < 0 && errno != EAGAIN) die("send: %s", strerror(errno));
        int blocked = sent < 0;
        for (uint64_t left = blocked ? 0 : (uint64_t)sent; left;) {
            uint32_t length = HEADER_BYTES + padded(session->queue[session->head % QUEUE_PDUS].payload) - session->head_sent;
            uint32_t step = left < length ? (uint32_t)left : length;
            left -= step;
            session->head_sent = step == length ? 0 : session->head_sent + step;
            if (step == length) session->head++;
        }
        if (blocked) break;
    }
    int wants = session->head != session->tail;
    if (wants == session->wants_output) return;
    session->wants_output = wants;
    struct epoll_event event = {.events = EPOLLIN | (wants ? EPOLLOUT : 0), .data.ptr = session};
    epoll_ctl(epoll, EPOLL_CTL_MOD, session->socket, &event);
}

static void complete(struct session *session, uint32_t slot, uint8_t status)
{
    if (slot >= (uint32_t)depth) die("an answer to no command of ours: %08x", slot);
    if (status) errors++;
    if (measuring) latency_add(now_ns() - session->commands[slot].began_ns);
    session->free_slots[session->free_count++] = (int)slot;
}

static void handle(struct session *session, const uint8_t *header)
{
    int opcode = header[0] & 0x3f;
    uint32_t max_cmd_sn = get32(header + 32);
    if ((int32_t)(max_cmd_sn - session->max_cmd_sn) > 0) session->max_cmd_sn = max_cmd_sn;
    if (opcode == 0x21 || (opcode == 0x25 && header[1] & 1)) {
        session->exp_stat_sn = get32(header + 24) + 1;
        complete(session, get32(header + 16), header[3]);
    } else if (opcode == 0x31) {
        enqueue_data(session, get32(header + 16), get32(header + 20), get32(header + 40), get32(header + 40) + get32(header + 44));
    } else if (opcode == 0x20 && get32(header + 20) != 0xffffffff) {
        uint8_t *answer = enqueue(session, 0);
        answer[0] = 0x40, answer[1] = 0x80;
        put32(answer + 16, 0xffffffff);
        memcpy(answer + 20, header + 20, 4);
        put32(answer + 24, session->cmd_sn);
        put32(answer + 28, session->exp_stat_sn);
    } else if (opcode != 0x25) {
        die("the target sent opcode %02x", opcode);
    }
}

static void receive(struct session *session)
{
    ssize_t received = recv(session->socket, session->input + session->input_end, INPUT_BYTES - session->input_end, MSG_DONTWAIT);
    if (received == 0) die("the target closed the connection");
    if (received < 0 && errno == EAGAIN) return;
    if (received < 0) die("receive: %s", strerror(errno));
    session->input_end += (uint32_t)received;
    while (session->input_start < session->input_end) {
        uint32_t available = session->input_end - session->input_start;
        if (session->skip) {
            uint32_t step = session->skip < available ? (uint32_t)session->skip : available;
            session->skip -= step, session->input_start += step;
        } else if (available >= HEADER_BYTES) {
            const uint8_t *header = session->input + session->input_start;
            session->skip = header[4] * 4u + padded(segment_length(header));
            session->input_start += HEADER_BYTES;
            handle(session, header);
        } else {
            break;
        }
    }
    memmove(session->input, session->input + session->input_start, session->input_end - session->input_start);
    session->input_end -= session->input_start, session->input_start = 0;
}

static void run_for(double duration)
{
    struct epoll_event events[SESSIONS_MAX];
    uint64_t end = now_ns() + (uint64_t)(duration * 1e9);
    while (now_ns() < end) {
        int count = epoll_wait(epoll, events, SESSIONS_MAX, 100);
        for (int i = 0; i < count; i++) {
            struct session *session = events[i].data.ptr;
            if (events[i].events & EPOLLIN) receive(session);
            issue(session);
            flush(session);
        }
    }
}

/* User and system time of a process so far, in clock ticks. */
static double processor_ticks(int pid)
{
    char path[64], line[1024] = "";
    unsigned long user = 0, kernel = 0;
    snprintf(path, sizeof path, "/proc/%d/stat", pid);
    FILE *file = fopen(path, "r");
    if (!file) die("process %d is not there", pid);
    char *after_name = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
    fclose(file);
    if (after_name) sscanf(after_name + 2, "%*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &kernel);
    return (double)(user + kernel);
}

static uint32_t parse_bytes(const char *text)
{
    char *end;
    unsigned long value = strtoul(text, &end, 10);
    if (*end == 'k') value <<= 10, end++;
    if (*end == 'm') value <<= 20, end++;
    if (*end || value == 0 || value > sizeof payload) die("'%s' is not a size up to 1m", text);
    return (uint32_t)value;
}

static int parse_options(int count, char **arguments)
{
    int pid = 0;
    for (int option; (option = getopt(count, arguments, "c:q:b:r:st:w:S:P:")) != -1;) switch (option) {
        case 'c': session_count = atoi(optarg); break;
        case 'q': depth = atoi(optarg); break;
        case 'b': io_bytes = parse_bytes(optarg); break;
        case 'r': read_percent = atoi(optarg); break;
        case 's': sequential = 1; break;
        case 't': seconds = atof(optarg); break;
        case 'w': warmup = atof(optarg); break;
        case 'S': span_bytes = strtoull(optarg, NULL, 10); break;
        case 'P': pid = atoi(optarg); break;
        default: exit(2);
    }
    if (session_count < 1 || session_count > SESSIONS_MAX || depth < 1 || depth > DEPTH_MAX) die("at most %d sessions of depth %d", SESSIONS_MAX, DEPTH_MAX);
    if (optind + 1 != count || sscanf(arguments[optind], "iscsi://%255[^:]:%15[^/]/%255[^/]/%d", target.host, target.port, target.name, &target.lun) != 4)
        die("one address is needed: iscsi://HOST:PORT/NAME/LUN");
    return pid;
}

int main(int count, char **arguments)
{
    int pid = parse_options(count, arguments);
    sessions = calloc((size_t)session_count, sizeof *sessions);
    epoll = epoll_create1(0);
    for (size_t i = 0; i < sizeof payload; i++) payload[i] = (uint8_t)next_random();
    for (int i = 0; i < session_count; i++) {
        struct session *session = &sessions[i];
        log_in(session, &target, i);
        read_capacity(session, &target);
        session->next_sequential = next_random() >> 32;
        for (session->free_count = 0; session->free_count < depth; session->free_count++) session->free_slots[session->free_count] = session->free_count;
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = session};
        epoll_ctl(epoll, EPOLL_CTL_ADD, session->socket, &event);
    }
    uint64_t capacity = target.block_count * target.block_bytes;
    if (!span_bytes || span_bytes > capacity) span_bytes = capacity;
    if (io_bytes % target.block_bytes || span_bytes < io_bytes) die("%u bytes do not suit blocks of %u", io_bytes, target.block_bytes);
    for (int i = 0; i < session_count; i++) issue(&sessions[i]), flush(&sessions[i]);

    run_for(warmup);
    measuring = 1;
    uint64_t began = now_ns();
    double ticks = pid ? processor_ticks(pid) : 0;
    run_for(seconds);
    double took = (double)(now_ns() - began) / 1e9;
    double processor = pid ? (processor_ticks(pid) - ticks) / (double)sysconf(_SC_CLK_TCK) / took * 100 : 0;
    double iops = (double)latency_count() / took;
    printf("iops=%.0f mbs=%.1f avg_us=%.1f p50_us=%.1f p99_us=%.1f p999_us=%.1f target_cpu=%.0f errors=%llu\n", iops, iops * io_bytes / 1e6, latency_mean_us(),
        latency_percentile_us(0.5), latency_percentile_us(0.99), latency_percentile_us(0.999), processor, (unsigned long long)errors);
    return errors > 0;
}
