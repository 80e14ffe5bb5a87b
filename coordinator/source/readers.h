// SPDX-License-Identifier: MIT
//
// The readers that source.c chooses from. A reader fills the frame of one part, q->part, and
// decides nothing:
//
// 1. It finds the part's file. If the specification has none, it returns 0 and leaves the frame
//    without columns. Else it sets f->path, f->named and f->header, and calls ms_file_record.
// 2. It adds the columns, and calls ms_frame_roles, which gives a table's columns their roles and
//    refuses names that are not there. An array has no names: its reader sets the roles.
// 3. It reads the values, of an ignored column none. Inputs are numbers, categories are texts. A
//    target is a number, or a text if one of its values is none; in a later part it is a text if
//    it is one in the training frame. Missing values stay in the frame.
//
// What it assumed ("encoding: latin-1") it adds to q->info as a note. A refusal names file, place
// and fault with ms_fail; the caller clears the frame.
#ifndef MLPSWEEP_READERS_H
#define MLPSWEEP_READERS_H

#include "common/data/raw.h"
#include "frame.h"

typedef int ms_frame_reader(const struct ms_frame_request *q, struct ms_frame *f,
                            struct ms_error *err);

ms_frame_reader ms_read_idx;
ms_frame_reader ms_read_csv;
ms_frame_reader ms_read_npy; // NPZ too

ms_frame_reader ms_read_svmlight;
ms_frame_reader ms_read_sqlite;

#endif
