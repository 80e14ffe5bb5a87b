// SPDX-License-Identifier: MIT
//
// The page without its document, which the build made of the files in page/ and of d3: its bytes,
// as they are, in the program. CMake gives the paths.
#include "report_internal.h"

#define EMBED(name, path)                                                                          \
    __asm__(".section .rodata\n"                                                                   \
            ".global ms_report_" name "_start\n"                                                   \
            "ms_report_" name "_start:\n"                                                          \
            ".incbin \"" path "\"\n"                                                               \
            ".global ms_report_" name "_end\n"                                                     \
            "ms_report_" name "_end:\n"                                                            \
            ".byte 0\n"                                                                            \
            ".text\n")

EMBED("head", MS_REPORT_HEAD);
EMBED("tail", MS_REPORT_TAIL);
extern const char ms_report_head_start[], ms_report_head_end[];
extern const char ms_report_tail_start[], ms_report_tail_end[];

struct ms_report_part ms_report_page_head(void)
{
    return (struct ms_report_part){ms_report_head_start,
                                   (size_t)(ms_report_head_end - ms_report_head_start)};
}

struct ms_report_part ms_report_page_tail(void)
{
    return (struct ms_report_part){ms_report_tail_start,
                                   (size_t)(ms_report_tail_end - ms_report_tail_start)};
}
