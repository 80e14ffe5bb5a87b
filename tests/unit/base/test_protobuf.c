// SPDX-License-Identifier: MIT
//
// The examples of https://protobuf.dev/programming-guides/encoding, and what is worked out from it.
#include "check.h"

#include "mlpsweep/protobuf.h"

#define CHECK_BYTES(m, ...)                                                                        \
    do {                                                                                           \
        static const unsigned char bytes_[] = {__VA_ARGS__};                                       \
        CHECK_INT((m).n, sizeof bytes_);                                                           \
        CHECK((m).n == sizeof bytes_ && memcmp((m).data, bytes_, sizeof bytes_) == 0);             \
        ms_protobuf_clear(&(m));                                                                   \
    } while (0)

static void fields(void)
{
    struct ms_protobuf m = {0};
    ms_protobuf_int(&m, 1, 150);
    CHECK_BYTES(m, 0x08, 0x96, 0x01);
    ms_protobuf_text(&m, 2, "testing");
    CHECK_BYTES(m, 0x12, 0x07, 't', 'e', 's', 't', 'i', 'n', 'g');
    ms_protobuf_int(&m, 3, -2); // two's complement, always ten bytes
    CHECK_BYTES(m, 0x18, 0xfe, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01);
    ms_protobuf_int(&m, 1, 0);
    CHECK_BYTES(m, 0x08, 0x00);
    ms_protobuf_int(&m, 20, 1); // a field above 15 has a key of two bytes
    CHECK_BYTES(m, 0xa0, 0x01, 0x01);
    ms_protobuf_float(&m, 2, 1.5F); // 0x3fc00000
    CHECK_BYTES(m, 0x15, 0x00, 0x00, 0xc0, 0x3f);
    ms_protobuf_double(&m, 2, 1.5); // 0x3ff8000000000000
    CHECK_BYTES(m, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xf8, 0x3f);
    ms_protobuf_text(&m, 1, "");
    CHECK_BYTES(m, 0x0a, 0x00);
}

static void a_message_inside(void)
{
    struct ms_protobuf m = {0}, inner = {0};
    ms_protobuf_int(&inner, 1, 150);
    ms_protobuf_message(&m, 3, &inner);
    CHECK(inner.data == NULL && inner.n == 0);
    CHECK_BYTES(m, 0x1a, 0x03, 0x08, 0x96, 0x01);
}

static void errors_stay(void)
{
    struct ms_protobuf m = {0}, inner = {.status = MS_ENOMEM};
    ms_protobuf_message(&m, 3, &inner);
    ms_protobuf_int(&m, 1, 150);
    CHECK_INT(m.status, MS_ENOMEM);
    CHECK_INT(m.n, 0);
    ms_protobuf_clear(&m);
}

int main(void)
{
    fields();
    a_message_inside();
    errors_stay();
    return check_done();
}
