// SPDX-License-Identifier: MIT
//
// SHA-256 by the examples of FIPS 180-4 (NIST's "SHA256.pdf" and "SHA2_Additional.pdf"), and
// lengths around the end of a block, where padding goes wrong.
#include "mlpsweep/sha256.h"

#include "check.h"

static void test_examples(void)
{
    static const struct {
        const char *text;
        const char *hash;
    } known[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char out[MS_SHA256_SIZE];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        ms_sha256(known[i].text, strlen(known[i].text), out);
        CHECK_STR(out, known[i].hash);
    }
    char *million = malloc(1000000);
    REQUIRE(million != NULL);
    memset(million, 'a', 1000000);
    ms_sha256(million, 1000000, out);
    CHECK_STR(out, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    free(million);
}

// Zeros: 55, 56 and 64 bytes, from the same source.
static void test_padding(void)
{
    static const char zeros[64];
    static const struct {
        size_t n;
        const char *hash;
    } known[] = {
        {55, "02779466cdec163811d078815c633f21901413081449002f24aa3e80f0b88ef7"},
        {56, "d4817aa5497628e7c77e6b606107042bbba3130888c5f47a375e6179be789fbb"},
        {57, "65a16cb7861335d5ace3c60718b5052e44660726da4cd13bb745381b235a1785"},
        {64, "f5a5fd42d16a20302798ef6ed309979b43003d2320d9f0e8ea9831a92759fb4b"},
    };
    char out[MS_SHA256_SIZE];
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        CASE("%zu zeros", known[i].n);
        ms_sha256(zeros, known[i].n, out);
        CHECK_STR(out, known[i].hash);
    }
}

// However the bytes come, the hash is the same.
static void test_pieces(void)
{
    char text[300], whole[MS_SHA256_SIZE], out[MS_SHA256_SIZE];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * 31);
    ms_sha256(text, sizeof text, whole);
    for (size_t each = 1; each < 130; each++) {
        CASE("%zu bytes at a time", each);
        struct ms_sha256 s;
        ms_sha256_start(&s);
        for (size_t at = 0; at < sizeof text; at += each)
            ms_sha256_add(&s, text + at, at + each < sizeof text ? each : sizeof text - at);
        ms_sha256_end(&s, out);
        CHECK_STR(out, whole);
    }
}

int main(void)
{
    test_pieces();
    test_examples();
    test_padding();
    return check_done();
}
