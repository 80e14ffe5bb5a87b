// SPDX-License-Identifier: MIT
//
// The fields of Keras's callbacks: early_stopping and reduce_on_plateau. Defaults are Keras's.
//
// The tables are packed, several members of a field to a line, so that a field can be read at a
// glance: clang-format would give every member a line of its own.
#include "schema_internal.h"

#include <math.h>

// clang-format off
static const struct ms_field early_fields[] = {
    {.name = "monitor", .type = MS_F_METRIC, .offset = VALUE(monitor), .def_text = "val_loss",
     .doc = "metric that must improve"},
    {.name = "patience", .type = MS_F_INT, .offset = VALUE(config.early_stopping.patience),
     .lo = 0, .hi = MS_MAX_EPOCHS, .doc = "epochs without an improvement before training stops"},
    {.name = "min_delta", .type = MS_F_REAL, .offset = VALUE(config.early_stopping.min_delta),
     .lo = 0, .hi = INFINITY, .doc = "smallest change that counts as an improvement"},
    {.name = "start_from_epoch", .type = MS_F_INT,
     .offset = VALUE(config.early_stopping.start_from_epoch), .lo = 0, .hi = MS_MAX_EPOCHS,
     .doc = "epochs to wait before the metric is watched"},
    {.name = "restore_best", .type = MS_F_BOOL,
     .offset = VALUE(config.early_stopping.restore_best),
     .doc = "test with the weights of the best epoch"},
};
const struct ms_section ms_schema_early_section = SECTION("early stopping", early_fields);

#define PLATEAU(member) VALUE(config.reduce_on_plateau.member)
static const struct ms_field plateau_fields[] = {
    {.name = "monitor", .type = MS_F_METRIC, .offset = VALUE(plateau), .def_text = "val_loss",
     .doc = "metric that must improve"},
    {.name = "factor", .type = MS_F_REAL, .offset = PLATEAU(factor), .def = 0.1, .lo = 0, .hi = 1,
     .hi_open = true, .doc = "factor that the learning rate is multiplied by"},
    {.name = "patience", .type = MS_F_INT, .offset = PLATEAU(patience), .def = 10, .lo = 0,
     .hi = MS_MAX_EPOCHS, .doc = "epochs without an improvement before the rate is reduced"},
    {.name = "min_delta", .type = MS_F_REAL, .offset = PLATEAU(min_delta), .def = 1e-4, .lo = 0,
     .hi = INFINITY, .doc = "smallest change that counts as an improvement"},
    {.name = "cooldown", .type = MS_F_INT, .offset = PLATEAU(cooldown), .lo = 0,
     .hi = MS_MAX_EPOCHS, .doc = "epochs to wait after a reduction before counting again"},
    {.name = "min_lr", .type = MS_F_REAL, .offset = PLATEAU(min_lr), .lo = 0, .hi = INFINITY,
     .doc = "lower limit of the learning rate"},
};
const struct ms_section ms_schema_plateau_section = SECTION("reduce_on_plateau", plateau_fields);
// clang-format on
