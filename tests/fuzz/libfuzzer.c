// SPDX-License-Identifier: MIT
//
// Options of the sanitizers under libFuzzer: a header that announces more than 64 MiB gets what a
// small machine would give it, no memory.
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1:max_allocation_size_mb=64";
}
