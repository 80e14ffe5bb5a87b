// SPDX-License-Identifier: MIT
//
// The Python module beside a safetensors file. It needs NumPy; PyTorch and Keras are imported only
// by the functions that build their networks. Structure stands in its code, constants are read from
// the file's metadata, and only what this model needs is written. Texts of the user are JSON
// strings, which are Python's as well, also inside a raw docstring.
#include "python_model.h"

#include <stdlib.h>
#include <string.h>

#include "spellings.h"

#ifndef MS_VERSION
#define MS_VERSION "0"
#endif

enum { SHOWN = 6 }; // columns that the example names

static const char read_file[] =
    "def read(path=FILE):\n"
    "    \"\"\"Read a safetensors file: its tensors by name, and its metadata.\"\"\"\n"
    "    data = pathlib.Path(path).read_bytes()\n"
    "    start = 8 + int.from_bytes(data[:8], \"little\")\n"
    "    header = json.loads(data[8:start])\n"
    "    metadata = header.pop(\"__metadata__\")\n"
    "    tensors = {}\n"
    "    for name, entry in header.items():\n"
    "        first, last = (start + offset for offset in entry[\"data_offsets\"])\n"
    "        kind = {\"F32\": \"<f4\", \"I64\": \"<i8\"}[entry[\"dtype\"]]\n"
    "        values = np.frombuffer(data[first:last], kind)\n"
    "        tensors[name] = values.reshape(entry[\"shape\"])\n"
    "    return tensors, metadata\n\n\n"
    "WEIGHTS, METADATA = read()\n"
    "MODEL = json.loads(METADATA[\"model\"])\n"
    "COLUMNS = [column[\"name\"] for column in MODEL[\"columns\"]]\n"
    "FILL, SHIFT, DIVIDE = (np.array(MODEL[\"inputs\"][name], float)\n"
    "                       for name in (\"fill\", \"shift\", \"divide\"))\n";

static const char read_targets[] =
    "OUT_SHIFT, OUT_DIVIDE = (\n"
    "    np.array([output[name] for output in MODEL[\"outputs\"]], float)\n"
    "    for name in (\"shift\", \"divide\"))\n";

static const char is_missing[] =
    "\n\ndef is_missing(value):\n"
    "    \"\"\"Whether a value is None, NaN, pandas' NA or an empty text.\"\"\"\n"
    "    if value is None or (isinstance(value, str) and not value):\n"
    "        return True\n"
    "    return type(value).__name__ in (\"NAType\", \"NaTType\") or value != value\n"
    "\n\ndef one_hot(values, column, unseen):\n"
    "    \"\"\"One input for each category: 1 at the value's, NaN if it is missing.\"\"\"\n"
    "    levels = column[\"levels\"]\n"
    "    place = {level: i for i, level in enumerate(levels)}\n"
    "    inputs = np.zeros((len(values), len(levels)))\n"
    "    for row, value in enumerate(values):\n"
    "        text = str(value)\n"
    "        if text not in place and is_missing(value):\n"
    "            inputs[row] = np.nan\n"
    "            continue\n"
    "        if text not in place and text.endswith(\".0\"):\n"
    "            text = text[:-2]  # pandas: 3 is 3.0 if other rows are missing\n"
    "        if text in place:\n"
    "            inputs[row, place[text]] = 1\n"
    "        elif unseen != \"ignore\":\n"
    "            raise ValueError(f\"{column['name']}: no training row has \"\n"
    "                             f\"the category {text!r}, only: \"\n"
    "                             f\"{', '.join(levels)}\")\n"
    "    return inputs\n";

static const char seconds[] =
    "\n\ndef seconds(values):\n"
    "    \"\"\"Dates as seconds since 1970 UTC; numbers are seconds already.\"\"\"\n"
    "    values = np.asarray(values)\n"
    "    if values.dtype.kind in \"bifu\":\n"
    "        return values.astype(float)\n"
    "    dates = values.astype(\"datetime64[us]\")\n"
    "    known = np.where(np.isnat(dates), 0, dates.astype(\"int64\")) / 1e6\n"
    "    return np.where(np.isnat(dates), np.nan, known)\n";

// encode: from columns to inputs, one kind of column after the other.
static void put_encode(const struct ms_portable_python *p)
{
    FILE *f = p->file;
    const char *arguments = p->categories ? "rows, unseen=\"error\"" : "rows";
    fputs(p->categories ? is_missing : "", f);
    fputs(p->dates ? seconds : "", f);
    fprintf(f, "\n\ndef encode(%s):\n", arguments);
    fputs("    \"\"\"Turn columns into the network's inputs, in their own unit.\n\n"
          "    rows: a dict or a DataFrame of COLUMNS",
          f);
    if (!p->categories)
        fputs(", or an array (rows, inputs)", f);
    fputs(". NaN is\n    a missing value.", f);
    if (p->categories)
        fputs(" unseen: \"ignore\" takes a category that no\n    training row has for none of "
              "them.",
              f);
    fprintf(f, "\n    Returns (rows, %d).\n    \"\"\"\n", p->m->n_inputs);
    if (!p->categories)
        fputs("    if not hasattr(rows, \"keys\"):\n"
              "        return np.reshape(np.asarray(rows, float), (len(rows), -1))\n",
              f);
    fputs("    absent = [name for name in COLUMNS if name not in rows]\n"
          "    if absent:\n"
          "        raise ValueError(f\"no column {absent[0]!r}; \"\n"
          "                         f\"needed: {', '.join(COLUMNS)}\")\n"
          "    parts = []\n"
          "    for column in MODEL[\"columns\"]:\n"
          "        values = rows[column[\"name\"]]\n",
          f);
    if (p->categories)
        fputs("        if column[\"kind\"] == \"category\":\n"
              "            values = list(values)\n"
              "            parts.append(one_hot(values, column, unseen))\n"
              "            continue\n",
              f);
    if (p->dates)
        fputs("        if column[\"kind\"] == \"date\":\n"
              "            values = seconds(values)\n",
              f);
    fputs("        values = np.asarray(values, float)\n"
          "        parts.append(values.reshape(len(values), column[\"width\"]))\n"
          "    return np.concatenate(parts, axis=1)\n",
          f);
}

static void put_scale(const struct ms_portable_python *p)
{
    fputs("\n\ndef scale(x):\n"
          "    \"\"\"Fill what is missing, and scale inputs as they were in training.\"\"\"\n"
          "    return (np.where(np.isnan(x), FILL, x) - SHIFT) / DIVIDE\n",
          p->file);
    if (!ms_portable_scales_target(p->m))
        return;
    const char *inverse = ms_portable_python_inverse(p->m);
    fputs("\n\ndef unscale(y):\n"
          "    \"\"\"Bring outputs back to the target's own unit.\"\"\"\n",
          p->file);
    fprintf(p->file, "    return %s%sy * OUT_DIVIDE + OUT_SHIFT%s\n", *inverse ? "np." : "",
            *inverse ? (strcmp(inverse, "exp") == 0 ? "exp(" : "expm1(") : "", *inverse ? ")" : "");
}

// outputs, predict, predict_proba
static void put_predict(const struct ms_portable_python *p)
{
    FILE *f = p->file;
    const char *more = p->categories ? ", unseen=\"error\"" : "";
    const char *pass = p->categories ? ", unseen" : "";
    const bool one = p->m->n_outputs == 1, classes = p->m->data.n_classes > 0;
    fprintf(f, "\n\ndef outputs(rows%s):\n    \"\"\"The network's answers (rows, %d): %s.\"\"\"\n",
            more, p->m->n_outputs,
            p->m->task == MS_REGRESSION ? "in the target's own unit"
                                        : ms_portable_output_name(p->m));
    fprintf(f,
            ms_portable_scales_target(p->m) ? "    return unscale(network(scale(encode(rows%s))))\n"
                                            : "    return network(scale(encode(rows%s)))\n",
            pass);
    if (p->m->task == MS_REGRESSION) {
        fprintf(f,
                "\n\ndef predict(rows%s):\n    \"\"\"The predicted value%s of each row.\"\"\"\n"
                "    return outputs(rows%s)%s\n",
                more, one ? "" : "s", pass, one ? "[:, 0]" : "");
        return;
    }
    if (strcmp(ms_portable_output_name(p->m), "probabilities") == 0) {
        fprintf(f,
                "\n\ndef predict_proba(rows%s):\n"
                "    \"\"\"The probability of each class%s, (rows, %d).\"\"\"\n",
                more, classes ? " of CLASSES" : "", one ? 2 : p->m->n_outputs);
        fprintf(f, "    y = outputs(rows%s)\n    return %s\n", pass,
                one ? "np.concatenate([1 - y, y], axis=1)" : "y");
    }
    fprintf(
        f,
        "\n\ndef predict(rows%s):\n    \"\"\"The %s of each row.\"\"\"\n    y = outputs(rows%s)\n",
        more, classes ? "class" : "number of the class", pass);
    fprintf(f, "    place = %s\n", one ? "(y[:, 0] > 0.5).astype(int)" : "y.argmax(axis=1)");
    fputs(classes ? "    return np.array(CLASSES)[place]\n" : "    return place\n", f);
}

static void put_example(const struct ms_portable_python *p)
{
    FILE *f = p->file;
    fprintf(f, "    import %s as model\n\n    rows = {", p->module);
    for (int i = 0; i < p->c.n && i < SHOWN; i++) {
        const struct ms_portable_column *c = &p->c.item[i];
        struct ms_json_out o = {.file = f};
        fputs(i ? ",\n            " : "", f);
        ms_json_out_text(&o, NULL, c->name);
        fputs(": ", f);
        if (c->category && c->width > 0) {
            fputc('[', f);
            ms_json_out_text(&o, NULL, c->level[0]);
            fputs(", None]", f);
        } else if (c->width > 1) {
            fprintf(f, "np.zeros((2, %d))", c->width);
        } else if (strcmp(c->kind, "date") == 0) {
            fputs("[\"2024-01-31\", None]", f);
        } else {
            fputs("[0.5, None]", f);
        }
    }
    fprintf(f, "%s}\n    model.predict(rows)\n", p->c.n > SHOWN ? ", …" : "");
    if (strcmp(ms_portable_output_name(p->m), "probabilities") == 0)
        fputs("    model.predict_proba(rows)\n", f);
    fputs("    model.torch_module()(torch.tensor(model.encode(rows)))\n"
          "    model.keras_model().predict(model.encode(rows))\n",
          f);
}

static bool needs_math(const struct ms_portable_python *p)
{
    bool needed = false;
    for (int i = 0; i < p->m->n_layers; i++) {
        const char *text = ms_spellings_of(&p->m->layer[i].config->activation, MS_SPELLING_DEFINE);
        needed = needed || (text && strstr(text, "math."));
    }
    return needed;
}

static void put_head(const struct ms_portable_python *p)
{
    FILE *f = p->file;
    struct ms_json_out o = {.file = f};
    fprintf(f, "r\"\"\"Predictions of trial %u of the sweep ", p->m->trial);
    ms_json_out_text(&o, NULL, p->m->sweep);
    fprintf(f, ".\n\nMade by mlpsweep %s from execution %u, epoch %lld. It needs NumPy\nand ",
            MS_VERSION, p->m->execution, (long long)p->m->epoch);
    ms_json_out_text(&o, NULL, p->weights);
    fputs(" beside it; PyTorch or Keras only for\ntheir networks.\n\n", f);
    put_example(p);
    fputs("\nRows are a dict or a DataFrame; None and NaN are missing values.\n\"\"\"\n"
          "import json\n",
          f);
    fputs(needs_math(p) ? "import math\n" : "", f);
    fputs("import pathlib\n\nimport numpy as np\n\nFILE = pathlib.Path(__file__).with_name(", f);
    ms_json_out_text(&o, NULL, p->weights);
    fputs(")\n\n\n", f);
    fputs(read_file, f);
    fputs(ms_portable_scales_target(p->m) ? read_targets : "", f);
    fputs(p->m->data.n_classes ? "CLASSES = MODEL[\"classes\"]\n" : "", f);
}

const char *ms_portable_python_inverse(const struct ms_model *m)
{
    const int kind = ms_portable_scales_target(m) ? m->target[0].kind : MS_TARGET_LINEAR;
    return kind == MS_TARGET_LOG ? "exp" : kind == MS_TARGET_LOG1P ? "expm1" : "";
}

int ms_portable_python(const struct ms_model *m, const char *weights, const char *module,
                       FILE *file, struct ms_error *err)
{
    struct ms_portable_python p = {.m = m, .file = file, .weights = weights, .module = module};
    int status = ms_portable_columns(m, &p.c, err);
    if (status)
        return status;
    for (int i = 0; i < p.c.n; i++) {
        p.categories = p.categories || p.c.item[i].category;
        p.dates = p.dates || strcmp(p.c.item[i].kind, "date") == 0;
    }
    put_head(&p);
    put_encode(&p);
    put_scale(&p);
    status = ms_portable_python_network(&p, err);
    put_predict(&p);
    ms_portable_python_torch(&p);
    ms_portable_python_keras(&p);
    free(p.c.item);
    return status;
}
