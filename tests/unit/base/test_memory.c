// SPDX-License-Identifier: MIT
//
// Growing keeps what was there, doubles, and leaves array and room alone when there is no memory.
#include "mlpsweep/memory.h"

#include <stdint.h>
#include <stdlib.h>

#include "check.h"

static void test_grows_and_keeps(void)
{
    struct ms_error err = {0};
    int *item = NULL;
    size_t room = 0, moves = 0;
    for (size_t n = 0; n < 1000; n++) {
        const size_t was = room;
        REQUIRE(ms_grow(&item, &room, n + 1, sizeof *item, "numbers", &err) == 0);
        CHECK(room > n);
        moves += room != was;
        item[n] = (int)n;
    }
    for (int i = 0; i < 1000; i++)
        CHECK_INT(item[i], i);
    CHECK_INT(moves, 7); // 16, 32, … 1024
    free(item);
}

static void test_columns_share_a_room(void)
{
    struct ms_error err = {0};
    double *value = NULL;
    char *flag = NULL;
    size_t room = 0;
    const struct ms_column_array columns[] = {{&value, sizeof *value}, {&flag, sizeof *flag}};
    REQUIRE(ms_grow_columns(columns, 2, &room, 100, "rows", &err) == 0);
    CHECK_INT(room, 128);
    value[99] = 1;
    flag[99] = 1;
    free(value);
    free(flag);
}

static void test_too_much(void)
{
    struct ms_error err = {0};
    int *item = NULL;
    size_t room = 0;
    REQUIRE(ms_grow(&item, &room, 1, sizeof *item, "numbers", &err) == 0);
    int *before = item;
    CHECK_INT(ms_grow(&item, &room, SIZE_MAX / 2, sizeof *item, "numbers", &err), MS_ENOMEM);
    CHECK_STR(err.text, "out of memory for numbers");
    CHECK(item == before);
    CHECK_INT(room, 16);
    CHECK_INT(ms_grow(&item, &room, SIZE_MAX, 1, "bytes", &err), MS_ENOMEM);
    CHECK_INT(room, 16);
    free(item);
}

int main(void)
{
    test_grows_and_keeps();
    test_columns_share_a_room();
    test_too_much();
    return check_done();
}
