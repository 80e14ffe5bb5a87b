// SPDX-License-Identifier: MIT
//
// The writers of a trained network. Each writes one file from a struct ms_model and nothing else;
// rank 0 and reading commands call them. An error of the stream stays in it: the caller checks
// ferror once, at the end. Errors returned: MS_ENOMEM; MS_ELIMIT where a format has no room for it;
// MS_ESTATE where the model contradicts itself.
#ifndef MLPSWEEP_PORTABLE_MODELS_H
#define MLPSWEEP_PORTABLE_MODELS_H

#include <stdio.h>

#include "coordinator/model/model.h"
#include "mlpsweep/status.h"

// safetensors (https://github.com/huggingface/safetensors): PyTorch's names and layout, so that
// load_state_dict takes them: hidden.1.weight (units, inputs), hidden.1.bias, norm.1.weight, …,
// output.weight. The metadata "model" is the description of portable.h.
int ms_portable_safetensors(const struct ms_model *m, FILE *file,
                            struct ms_error *err) MS_MUST_CHECK;

// The Python module that goes with it: NumPy, PyTorch, Keras. weights: the name of the safetensors
// file, which lies beside it; module: its own name without ".py".
int ms_portable_python(const struct ms_model *m, const char *weights, const char *module,
                       FILE *file, struct ms_error *err) MS_MUST_CHECK;

// ONNX, IR 8, opset 17 (and ai.onnx.ml 3 where there are categories): from raw values to outputs
// in the target's own unit.
int ms_portable_onnx(const struct ms_model *m, FILE *file, struct ms_error *err) MS_MUST_CHECK;

// One header for C99 and C++11 that needs math.h alone.
int ms_portable_c_header(const struct ms_model *m, FILE *file, struct ms_error *err) MS_MUST_CHECK;

#endif
