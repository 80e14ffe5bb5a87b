// SPDX-License-Identifier: MIT
//
// The network three times: NumPy, PyTorch, Keras, a line for each step of each layer. Weights have
// PyTorch's names and layout; Keras's kernels are their transposes.
#include "python_model.h"

#include <string.h>

#include "mlpsweep/json.h"
#include "spellings.h"

static const char dense[] =
    "\n\ndef dense(x, name):\n"
    "    \"\"\"A dense layer, before its activation.\"\"\"\n"
    "    return x @ WEIGHTS[name + \".weight\"].T + WEIGHTS.get(name + \".bias\", 0)\n";

static const char batch_norm[] =
    "\n\ndef batch_normalization(x, name, epsilon):\n"
    "    \"\"\"With the averages over the batches of the training.\"\"\"\n"
    "    variance = WEIGHTS[name + \".running_var\"].astype(float)\n"
    "    x = (x - WEIGHTS[name + \".running_mean\"]) / np.sqrt(variance + epsilon)\n"
    "    return x * WEIGHTS[name + \".weight\"] + WEIGHTS[name + \".bias\"]\n";

static const char layer_norm[] =
    "\n\ndef layer_normalization(x, name, epsilon):\n"
    "    \"\"\"Over the units of each row.\"\"\"\n"
    "    x = x - x.mean(axis=-1, keepdims=True)\n"
    "    x = x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + epsilon)\n"
    "    return x * WEIGHTS[name + \".weight\"] + WEIGHTS[name + \".bias\"]\n";

// Definitions of what the layers call, each once, in the order of its first use.
static int put_definitions(const struct ms_portable_python *p, struct ms_error *err)
{
    bool with[3] = {false};
    double epsilon;
    fputs(dense, p->file);
    for (int i = 0; i < p->m->n_layers; i++)
        with[ms_portable_norm(&p->m->layer[i], &epsilon)] = true;
    fputs(with[MS_PORTABLE_BATCH_NORM] ? batch_norm : "", p->file);
    fputs(with[MS_PORTABLE_LAYER_NORM] ? layer_norm : "", p->file);
    for (int i = 0; i < p->m->n_layers; i++) {
        const struct ms_pick *a = &p->m->layer[i].config->activation;
        const char *text = ms_spellings_of(a, MS_SPELLING_DEFINE);
        if (!text)
            return ms_fail(err, MS_EINVAL, "activation '%s' has no counterpart in Python",
                           ms_table_row(&ms_activation_table, a->row)->name);
        bool before = false;
        for (int k = 0; k < i; k++)
            before = before || ms_spellings_of(&p->m->layer[k].config->activation,
                                               MS_SPELLING_DEFINE) == text;
        if (*text && !before)
            fprintf(p->file, "\n\n%s", text);
    }
    return 0;
}

// "    x = … of an activation", unless it is linear.
static void put_activation(const struct ms_portable_python *p, const struct ms_model_layer *l,
                           const char *indent, enum ms_spelling s)
{
    const char *text = ms_spellings_of(&l->config->activation, s);
    if (!text || strcmp(text, "x") == 0)
        return;
    fprintf(p->file, "%sx = ", indent);
    ms_spellings_put(p->file, &l->config->activation, s);
    fputc('\n', p->file);
}

int ms_portable_python_network(const struct ms_portable_python *p, struct ms_error *err)
{
    static const char *const norms[] = {[MS_PORTABLE_BATCH_NORM] = "batch_normalization",
                                        [MS_PORTABLE_LAYER_NORM] = "layer_normalization"};
    char layer[32], number[40];
    double epsilon;
    const int status = put_definitions(p, err);
    if (status)
        return status;
    fputs("\n\ndef network(x):\n"
          "    \"\"\"The network alone: scaled inputs to scaled outputs.\"\"\"\n",
          p->file);
    for (int i = 0; i < p->m->n_layers; i++) {
        const struct ms_model_layer *l = &p->m->layer[i];
        const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
        fprintf(p->file, "    x = dense(x, \"%s\")\n",
                ms_portable_layer_name(p->m, i, layer, sizeof layer));
        if (norm)
            fprintf(p->file, "    x = %s(x, \"norm.%d\", epsilon=%s)\n", norms[norm], i + 1,
                    ms_number_text(epsilon, number, sizeof number));
        put_activation(p, l, "    ", MS_SPELLING_NUMPY);
    }
    fputs("    return x\n", p->file);
    return 0;
}

// ---- PyTorch -----------------------------------------------------------------------------------

static void put_torch_layers(const struct ms_portable_python *p)
{
    char number[40];
    double epsilon;
    bool norms = false;
    fputs("            self.hidden = nn.ModuleDict({\n", p->file);
    for (int i = 0; i < p->m->n_layers; i++) {
        const struct ms_model_layer *l = &p->m->layer[i];
        norms = norms || ms_portable_norm(l, &epsilon);
        if (i + 1 == p->m->n_layers)
            fputs("            })\n            self.output = ", p->file);
        else
            fprintf(p->file, "                \"%d\": ", i + 1);
        fprintf(p->file, "nn.Linear(%d, %d%s)%s\n", l->inputs, l->units,
                l->bias ? "" : ", bias=False", i + 1 < p->m->n_layers ? "," : "");
    }
    if (!norms)
        return;
    fputs("            self.norm = nn.ModuleDict({\n", p->file);
    for (int i = 0; i < p->m->n_layers; i++) {
        const struct ms_model_layer *l = &p->m->layer[i];
        const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
        if (norm)
            fprintf(p->file, "                \"%d\": nn.%s(%d, eps=%s),\n", i + 1,
                    norm == MS_PORTABLE_BATCH_NORM ? "BatchNorm1d" : "LayerNorm", l->units,
                    ms_number_text(epsilon, number, sizeof number));
    }
    fputs("            })\n", p->file);
}

static void put_torch_forward(const struct ms_portable_python *p)
{
    static const char indent[] = "            ";
    double epsilon;
    fputs("\n        def forward(self, x):\n"
          "            x = torch.where(torch.isnan(x), self.fill, x)\n"
          "            x = (x - self.shift) / self.divide\n"
          "            x = x.to(self.output.weight.dtype)\n",
          p->file);
    for (int i = 0; i < p->m->n_layers; i++) {
        const struct ms_model_layer *l = &p->m->layer[i];
        if (i + 1 == p->m->n_layers)
            fprintf(p->file, "%sx = self.output(x)\n", indent);
        else
            fprintf(p->file, "%sx = self.hidden[\"%d\"](x)\n", indent, i + 1);
        if (ms_portable_norm(l, &epsilon))
            fprintf(p->file, "%sx = self.norm[\"%d\"](x)\n", indent, i + 1);
        put_activation(p, l, indent, MS_SPELLING_TORCH);
    }
    if (ms_portable_scales_target(p->m)) {
        fprintf(p->file, "%sx = x.double() * self.out_divide + self.out_shift\n", indent);
        if (*ms_portable_python_inverse(p->m))
            fprintf(p->file, "%sx = torch.%s(x)\n", indent, ms_portable_python_inverse(p->m));
    }
    fprintf(p->file, "%sreturn x\n", indent);
}

static bool uses_functional(const struct ms_model *m)
{
    for (int i = 0; i < m->n_layers; i++) {
        const char *text = ms_spellings_of(&m->layer[i].config->activation, MS_SPELLING_TORCH);
        if (text && strncmp(text, "F.", 2) == 0)
            return true;
    }
    return false;
}

void ms_portable_python_torch(const struct ms_portable_python *p)
{
    fputs("\n\ndef torch_module():\n"
          "    \"\"\"The model in PyTorch: encode(rows) to what outputs(rows) gives.\"\"\"\n"
          "    import torch\n"
          "    from torch import nn\n",
          p->file);
    fputs(uses_functional(p->m) ? "    from torch.nn import functional as F\n" : "", p->file);
    fputs("\n    class Network(nn.Module):\n"
          "        def __init__(self):\n"
          "            super().__init__()\n",
          p->file);
    put_torch_layers(p);
    fputs("            constants = {\"fill\": FILL, \"shift\": SHIFT, \"divide\": DIVIDE}\n",
          p->file);
    if (ms_portable_scales_target(p->m))
        fputs("            constants[\"out_shift\"] = OUT_SHIFT\n"
              "            constants[\"out_divide\"] = OUT_DIVIDE\n",
              p->file);
    fputs("            for name, value in constants.items():  # no part of the state_dict\n"
          "                value = torch.tensor(value)\n"
          "                self.register_buffer(name, value, persistent=False)\n",
          p->file);
    put_torch_forward(p);
    fputs("\n    module = Network()\n"
          "    module.load_state_dict({name: torch.tensor(values)\n"
          "                            for name, values in WEIGHTS.items()})\n"
          "    return module.eval()\n",
          p->file);
}

// ---- Keras -------------------------------------------------------------------------------------

static void put_keras_layer(const struct ms_portable_python *p, int i)
{
    char layer[32], name[MS_PORTABLE_NAME], number[40];
    double epsilon;
    const struct ms_model_layer *l = &p->m->layer[i];
    const enum ms_portable_norm norm = ms_portable_norm(l, &epsilon);
    ms_portable_layer_name(p->m, i, layer, sizeof layer);
    ms_portable_identifier(layer, name, sizeof name);
    fprintf(p->file, "    x = layers.Dense(%d%s, name=\"%s\")(x)\n", l->units,
            l->bias ? "" : ", use_bias=False", name);
    if (norm)
        fprintf(p->file, "    x = layers.%s(\n        epsilon=%s, name=\"norm_%d\")(x)\n",
                norm == MS_PORTABLE_BATCH_NORM ? "BatchNormalization" : "LayerNormalization",
                ms_number_text(epsilon, number, sizeof number), i + 1);
    put_activation(p, l, "    ", MS_SPELLING_KERAS);
}

void ms_portable_python_keras(const struct ms_portable_python *p)
{
    const char *inverse = ms_portable_python_inverse(p->m);
    fprintf(p->file,
            "\n\ndef keras_model():\n"
            "    \"\"\"The model in Keras: encode(rows) to what outputs(rows) gives.\"\"\"\n"
            "    import keras\n"
            "    from keras import layers, ops\n\n"
            "    inputs = keras.Input((%d,), dtype=\"float64\")\n"
            "    x = ops.where(ops.isnan(inputs), FILL, inputs)\n"
            "    x = ops.cast((x - SHIFT) / DIVIDE, \"float32\")\n",
            p->m->n_inputs);
    for (int i = 0; i < p->m->n_layers; i++)
        put_keras_layer(p, i);
    if (ms_portable_scales_target(p->m)) {
        fputs("    x = ops.cast(x, \"float64\") * OUT_DIVIDE + OUT_SHIFT\n", p->file);
        if (*inverse)
            fprintf(p->file, "    x = ops.%s(x)\n", inverse);
    }
    fputs("    model = keras.Model(inputs, x)\n"
          "    for layer in model.layers:\n"
          "        name = layer.name.replace(\"_\", \".\")\n"
          "        if name + \".weight\" not in WEIGHTS:\n"
          "            continue\n"
          "        parts = [WEIGHTS[name + \".weight\"].T]\n"
          "        for part in (\"bias\", \"running_mean\", \"running_var\"):\n"
          "            if f\"{name}.{part}\" in WEIGHTS:\n"
          "                parts.append(WEIGHTS[f\"{name}.{part}\"])\n"
          "        layer.set_weights(parts)\n"
          "    return model\n",
          p->file);
}
