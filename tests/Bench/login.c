#define _GNU_SOURCE
#include "iscsi-load.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>

enum { TEXT_BYTES = 8192 };

static void send_all(int socket, const uint8_t *bytes, size_t length)
{
    while (length) {
        ssize_t sent = send(socket, bytes, length, MSG_NOSIGNAL);
        if (sent <= 0) die("send: %s", strerror(errno));
        bytes += sent, length -= (size_t)sent;
    }
}

static void receive_all(int socket, uint8_t *bytes, size_t length)
{
    while (length) {
        ssize_t received = recv(socket, bytes, length, 0);
        if (received <= 0) die("the target closed the connection");
        bytes += received, length -= (size_t)received;
    }
}

/* Reads a whole PDU; its data segment goes to text, which is ended by a zero. */
static void receive_pdu(struct session *session, uint8_t header[HEADER_BYTES], char text[TEXT_BYTES + 1])
{
    receive_all(session->socket, header, HEADER_BYTES);
    uint32_t length = padded(segment_length(header));
    if (length > TEXT_BYTES) die("a data segment of %u bytes during set-up", length);
    receive_all(session->socket, (uint8_t *)text, length);
    text[length] = 0;
    session->max_cmd_sn = get32(header + 32);
    session->exp_stat_sn = get32(header + 24) + 1;
}

static const char *find(const char *text, uint32_t length, const char *key)
{
    size_t key_length = strlen(key);
    for (const char *at = text; at < text + length; at += strlen(at) + 1)
        if (!strncmp(at, key, key_length) && at[key_length] == '=') return at + key_length + 1;
    return NULL;
}

static uint32_t number(const char *text, uint32_t length, const char *key, uint32_t otherwise)
{
    const char *value = find(text, length, key);
    return value ? (uint32_t)strtoul(value, NULL, 10) : otherwise;
}

static int connect_to(const struct target *target)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    if (getaddrinfo(target->host, target->port, &hints, &found)) die("cannot resolve %s", target->host);
    int handle = socket(found->ai_family, SOCK_STREAM, 0), on = 1;
    if (handle < 0 || connect(handle, found->ai_addr, found->ai_addrlen)) die("connect: %s", strerror(errno));
    freeaddrinfo(found);
    setsockopt(handle, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return handle;
}

/* The operational stage alone, straight to full feature (RFC 7143, 6.1); targets that insist on the security stage are not for this tool. */
void log_in(struct session *session, const struct target *target, int index)
{
    char text[TEXT_BYTES + 1];
    int length = snprintf(text, sizeof text,
        "InitiatorName=iqn.2026-11.io.vsan-appliance:load-%d%cSessionType=Normal%cTargetName=%s%cHeaderDigest=None%cDataDigest=None%c"
        "MaxRecvDataSegmentLength=%d%cInitialR2T=No%cImmediateData=Yes%cFirstBurstLength=262144%cMaxBurstLength=1048576%cMaxOutstandingR2T=1%c"
        "MaxConnections=1%cErrorRecoveryLevel=0%cDataPDUInOrder=Yes%cDataSequenceInOrder=Yes%c",
        index, 0, 0, target->name, 0, 0, 0, SEGMENT_BYTES, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    uint8_t pdu[HEADER_BYTES + TEXT_BYTES] = {0x43, 0x80 | 1 << 2 | 3};
    put32(pdu + 4, (uint32_t)length);
    pdu[8] = 0x80;
    put32(pdu + 9, (uint32_t)index + 1);
    put32(pdu + 24, 1);
    memcpy(pdu + HEADER_BYTES, text, (size_t)length);

    session->socket = connect_to(target);
    session->cmd_sn = 1;
    send_all(session->socket, pdu, HEADER_BYTES + padded((uint32_t)length));

    uint8_t answer[HEADER_BYTES];
    receive_pdu(session, answer, text);
    if (answer[0] != 0x23 || answer[36]) die("login refused: status %02x%02x", answer[36], answer[37]);
    if ((answer[1] & 0x83) != 0x83) die("the target wants to negotiate further");
    uint32_t answered = segment_length(answer);
    const char *immediate = find(text, answered, "ImmediateData"), *r2t = find(text, answered, "InitialR2T");
    session->segment_bytes = number(text, answered, "MaxRecvDataSegmentLength", 8192);
    session->first_burst_bytes = number(text, answered, "FirstBurstLength", 65536);
    session->max_burst_bytes = number(text, answered, "MaxBurstLength", 262144);
    session->immediate_data = !immediate || *immediate == 'Y';
    session->initial_r2t = r2t && *r2t == 'Y';
}

/* Asks until the unit attention of a new session is told. */
void read_capacity(struct session *session, struct target *target)
{
    for (int attempt = 0; attempt < 5; attempt++) {
        uint8_t pdu[HEADER_BYTES] = {0x01, 0xc1}, answer[HEADER_BYTES];
        char data[TEXT_BYTES + 1];
        pdu[9] = (uint8_t)target->lun;
        put32(pdu + 16, 0xabcd);
        put32(pdu + 20, 32);
        put32(pdu + 24, session->cmd_sn++);
        put32(pdu + 28, session->exp_stat_sn);
        pdu[32] = 0x9e, pdu[33] = 0x10, pdu[45] = 32;
        send_all(session->socket, pdu, sizeof pdu);
        receive_pdu(session, answer, data);
        if (answer[0] == 0x25) {
            target->block_count = get64((uint8_t *)data) + 1;
            target->block_bytes = get32((uint8_t *)data + 8);
            if (!(answer[1] & 1)) receive_pdu(session, answer, data);
        }
        if (answer[3] == 0 && target->block_bytes) return;
    }
    die("READ CAPACITY(16) does not succeed");
}
