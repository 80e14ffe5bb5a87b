// SPDX-License-Identifier: MIT
//
// Linked once for every room, with the whole of the room and what it says it uses: a call of
// anything else does not link.
int main(void)
{
    return 0;
}
