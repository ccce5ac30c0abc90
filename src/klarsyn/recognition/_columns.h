/*
 * Columns of 64-bit integers for what is written in C: lists that grow, and are told as bytes.
 */

#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    PyObject *bytes;
    int64_t *at;
    Py_ssize_t size, room;
} Column;

static inline int column_new(Column *column, Py_ssize_t room)
{
    column->size = 0;
    column->room = room < 16 ? 16 : room;
    column->bytes = PyBytes_FromStringAndSize(NULL, column->room * (Py_ssize_t)sizeof(int64_t));
    column->at = column->bytes ? (int64_t *)PyBytes_AS_STRING(column->bytes) : NULL;
    return column->bytes ? 0 : -1;
}

static inline int column_add(Column *column, int64_t value)
{
    if (column->size == column->room) {
        Py_ssize_t room = column->room * 2;
        if (_PyBytes_Resize(&column->bytes, room * (Py_ssize_t)sizeof(int64_t)) < 0)
            return -1;
        column->at = (int64_t *)PyBytes_AS_STRING(column->bytes);
        column->room = room;
    }
    column->at[column->size++] = value;
    return 0;
}

/* Return the columns as a tuple of bytes, each as long as it is full; they are no longer ours. */
static inline PyObject *columns_told(Column *columns, Py_ssize_t count)
{
    PyObject *told = PyTuple_New(count);
    if (!told)
        return NULL;
    for (Py_ssize_t n = 0; n < count; n++) {
        Column *column = &columns[n];
        if (_PyBytes_Resize(&column->bytes, column->size * (Py_ssize_t)sizeof(int64_t)) < 0) {
            Py_DECREF(told);
            return NULL;
        }
        PyTuple_SET_ITEM(told, n, column->bytes);
        column->bytes = NULL;
    }
    return told;
}

static inline int columns_new(Column *columns, Py_ssize_t count, Py_ssize_t room)
{
    memset(columns, 0, (size_t)count * sizeof(Column));
    for (Py_ssize_t n = 0; n < count; n++)
        if (column_new(&columns[n], room) < 0)
            return -1;
    return 0;
}

static inline void columns_drop(Column *columns, Py_ssize_t count)
{
    for (Py_ssize_t n = 0; n < count; n++)
        Py_CLEAR(columns[n].bytes);
}
