/* Finds the words of a table in a text, in one pass; in_c.py makes the table and says what its arrays hold.
 *
 * Whatever the arrays hold, nothing outside of them is read: a number that leads out of a table ends the
 * walk. */

#define PY_SSIZE_T_CLEAN
#define Py_LIMITED_API 0x030B0000
#include <Python.h>

#include <stdint.h>

/* Of the form of the functions and of the table; in_c.py expects this number. */
#define VERSION 2

/* The trie: `first[c]` is the node of the character c, 0 for none; a node's followers are the nodes from
 * `child[node]` to `child[node + 1]`, in order of their `code`; `word[node]` is the number of the word
 * that ends there plus one, else 0. `begins` has the bit of every pair of characters that a word begins
 * with, and of every word of one character (of itself and 0): at most places a look at it is all. */
enum { BEGINS, FIRST, CODE, CHILD, WORD, TEXT, ARRAYS };
#define BEGINS_BITS 16

typedef struct {
    Py_buffer held;
    const uint32_t *items;
    size_t count;
} Array;

static void
let_go(Array *arrays, int count)
{
    while (count--)
        PyBuffer_Release(&arrays[count].held);
}

/* Raises TypeError; 0 when all are held. */
static int
take(PyObject *const *args, Array *arrays)
{
    for (int at = 0; at < ARRAYS; at++) {
        Array *array = &arrays[at];
        if (PyObject_GetBuffer(args[at], &array->held, PyBUF_SIMPLE) < 0) {
            let_go(arrays, at);
            return -1;
        }
        array->items = array->held.buf;
        array->count = (size_t)array->held.len / sizeof(uint32_t);
    }
    return 0;
}

/* The follower of `node` by the character `code`, 0 for none. */
static uint32_t
follower(const Array *table, uint32_t node, uint32_t code)
{
    if ((size_t)node + 1 >= table[CHILD].count)
        return 0;
    size_t low = table[CHILD].items[node], high = table[CHILD].items[node + 1];
    if (high > table[CODE].count)
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        uint32_t other = table[CODE].items[middle];
        if (other == code)
            return (uint32_t)middle;
        if (other < code)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Whether a word may begin with these two characters. Multipliers: Knuth, and xxHash's second prime. */
static int
may_begin(const Array *begins, uint32_t one, uint32_t two)
{
    uint32_t bit = (one * 0x9E3779B1u ^ two * 0x85EBCA77u) >> (32 - BEGINS_BITS);
    return begins->items[bit >> 5] >> (bit & 31) & 1;
}

/* The longest word at text[at:stop]: its end and its number, or `at` when there is none. */
static size_t
longest_at(const Array *table, size_t at, size_t stop, uint32_t *number)
{
    const uint32_t *text = table[TEXT].items;
    size_t end = at;
    if (!may_begin(&table[BEGINS], text[at], 0)
        && (at + 1 == stop || !may_begin(&table[BEGINS], text[at], text[at + 1])))
        return end;
    uint32_t node = text[at] < table[FIRST].count ? table[FIRST].items[text[at]] : 0;
    for (size_t next = at + 1; node && node < table[WORD].count; next++) {
        if (table[WORD].items[node]) {
            end = next;
            *number = table[WORD].items[node] - 1;
        }
        if (next == stop)
            break;
        node = follower(table, node, text[next]);
    }
    return end;
}

static int
append(PyObject *found, size_t start, size_t end, uint32_t number)
{
    PyObject *one = Py_BuildValue("nnI", (Py_ssize_t)start, (Py_ssize_t)end, (unsigned int)number);
    int failed = !one || PyList_Append(found, one) < 0;
    Py_XDECREF(one);
    return failed ? -1 : 0;
}

/* find(begins, first, code, child, word, text, begin, stop, everywhere) -> [(start, end, number), …] of the longest
 * words in text[begin:stop]: of every place where one begins, or of the leftmost that do not overlap. */
static PyObject *
find(PyObject *self, PyObject *const *args, Py_ssize_t nargs)
{
    if (nargs != ARRAYS + 3) {
        PyErr_SetString(PyExc_TypeError, "find(begins, first, code, child, word, text, begin, stop, everywhere)");
        return NULL;
    }
    Py_ssize_t begin = PyLong_AsSsize_t(args[ARRAYS]), stop = PyLong_AsSsize_t(args[ARRAYS + 1]);
    int everywhere = PyObject_IsTrue(args[ARRAYS + 2]);
    if (PyErr_Occurred())
        return NULL;
    Array table[ARRAYS];
    if (take(args, table) < 0)
        return NULL;
    if (table[BEGINS].count != (1u << BEGINS_BITS) / 32) {
        let_go(table, ARRAYS);
        PyErr_SetString(PyExc_ValueError, "begins has another size");
        return NULL;
    }
    size_t end = stop < 0 ? 0 : (size_t)stop;
    if (end > table[TEXT].count)
        end = table[TEXT].count;
    PyObject *found = PyList_New(0);
    for (size_t at = begin < 0 ? 0 : (size_t)begin; found && at < end;) {
        uint32_t number = 0;
        size_t after = longest_at(table, at, end, &number);
        if (after > at && append(found, at, after, number) < 0)
            Py_CLEAR(found);
        at = after > at && !everywhere ? after : at + 1;
    }
    let_go(table, ARRAYS);
    return found;
}

static PyMethodDef methods[] = {
    {"find", (PyCFunction)(void (*)(void))find, METH_FASTCALL, NULL},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_scanning", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__scanning(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddIntConstant(module, "VERSION", VERSION) < 0)
        Py_CLEAR(module);
    return module;
}
