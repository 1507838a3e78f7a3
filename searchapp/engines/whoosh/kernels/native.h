/* What the files of the inner loops share: the buffers that Python hands over, and the functions that it may call.
 *
 * Each of these gives, value for value, what the function of the same name in in_numpy.py gives, which runs
 * where the files could not be compiled; in_c.py calls them. Arguments are contiguous buffers with items of as
 * many bytes as the signature says (u4, i8, f4); results go into buffers that the caller made. Whatever they
 * hold, nothing is read or written outside of them: what contradicts itself raises ValueError. No
 * multiplication is fused with an addition (-ffp-contract=off), so that sums are rounded as numpy rounds them. */

#ifndef SEARCHAPP_NATIVE_H
#define SEARCHAPP_NATIVE_H

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#if __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "packed lists are read as little-endian words"
#endif

/* As STEP_BITS in layout.py. */
enum { STEP_BITS = 6 };

/* What is fetched from memory before its turn, by how many records, or positions. */
enum { AHEAD = 8, STEPS_AHEAD = 16 };

/* ---- buffers ---- */

typedef struct {
    Py_buffer held;
    void *data;
    size_t count;
} Array;

static inline void
let_go(Array *arrays, int count)
{
    while (count--)
        PyBuffer_Release(&arrays[count].held);
}

/* The buffers of the first arguments. `items`: the bytes of an item of each as a digit, "w" before the
 * digit of one that is written. Raises TypeError; 0 when all are held. */
static inline int
take(PyObject *const *args, Array *arrays, const char *items)
{
    int at = 0;
    for (; *items; items++, at++) {
        int flags = *items == 'w' ? PyBUF_CONTIG : PyBUF_CONTIG_RO;
        items += *items == 'w';
        Array *array = &arrays[at];
        if (PyObject_GetBuffer(args[at], &array->held, flags) < 0)
            break;
        if (array->held.itemsize != *items - '0') {
            PyErr_Format(PyExc_TypeError, "argument %d has items of %zd bytes, not %c", at + 1,
                         array->held.itemsize, *items);
            at++;
            break;
        }
        array->data = array->held.buf;
        array->count = (size_t)(array->held.len / array->held.itemsize);
    }
    if (!*items)
        return 0;
    let_go(arrays, at);
    return -1;
}

static inline PyObject *
none_or(const char *fault)
{
    if (!fault)
        Py_RETURN_NONE;
    PyErr_SetString(PyExc_ValueError, fault);
    return NULL;
}

static inline PyObject *
size_or(size_t size, const char *fault)
{
    return fault ? none_or(fault) : PyLong_FromSize_t(size);
}

#define CONTRADICTION "a packed list contradicts itself"
#define SIZES "the sizes of the arrays do not belong together"

/* ---- search ---- */

/* The first index from `low` on whose value is not below `wanted`: doubling steps, then bisection
 * (Bentley & Yao 1976, "An almost optimal algorithm for unbounded searching"), so that a walk through
 * a list costs the logarithm of each step. */
static inline size_t
seek(const uint32_t *values, size_t low, size_t count, uint32_t wanted)
{
    size_t step = 1, high = low;
    while (high < count && values[high] < wanted) {
        low = high + 1;
        high += step;
        step <<= 1;
    }
    if (high > count)
        high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (values[middle] < wanted)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* ---- functions for Python, each in the file that is named ---- */

/* Seen by the other files, not by other libraries. */
#ifdef __GNUC__
#define HIDDEN __attribute__((visibility("hidden")))
#else
#define HIDDEN
#endif
#define FUNCTION(name) HIDDEN PyObject *name(PyObject *self, PyObject *const *args, Py_ssize_t nargs)

/* lists.c */
FUNCTION(pack);
FUNCTION(unpack_many);
FUNCTION(unpack);
FUNCTION(unpack_near);

/* searching.c */
FUNCTION(intersect);
FUNCTION(group);
FUNCTION(held_within);
FUNCTION(count_parts);
FUNCTION(gains);
FUNCTION(count_facets);
FUNCTION(add_gains);
FUNCTION(first);
FUNCTION(find_line);

/* building.c */
FUNCTION(sort_grams);
FUNCTION(count_records);
FUNCTION(word_keys);
FUNCTION(number_keys);
FUNCTION(count_terms);
FUNCTION(unite);

#endif
