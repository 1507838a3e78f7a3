/* The module of the inner loops, whose functions are in the files beside. */

#include "native.h"

/* Of the form of the functions and of the lists; in_c.py expects this number. */
#define VERSION 10

#define METHOD(name) {#name, (PyCFunction)(void (*)(void))name, METH_FASTCALL, NULL}

static PyMethodDef methods[] = {
    METHOD(pack),        METHOD(unpack_many),
    METHOD(unpack),      METHOD(unpack_near), METHOD(intersect), METHOD(group),
    METHOD(held_within), METHOD(count_parts), METHOD(gains),     METHOD(count_facets),
    METHOD(add_gains),   METHOD(first),       METHOD(find_line),
    METHOD(sort_grams),  METHOD(count_records), METHOD(word_keys), METHOD(number_keys),
    METHOD(count_terms), METHOD(unite),
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_native", NULL, -1, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC
PyInit__native(void)
{
    PyObject *module = PyModule_Create(&definition);
    if (module && PyModule_AddIntConstant(module, "VERSION", VERSION) < 0)
        Py_CLEAR(module);
    return module;
}
