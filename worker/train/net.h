// SPDX-License-Identifier: MIT
//
// A network: a list of layers over flat memory. All weights are in one block, all gradients in
// another of the same layout; segments describe the layout. Moving statistics follow the weights
// in their block: no optimizer sees them, but they are part of the network's state.
//
// Life: ms_net_lay_out on a counting carve, then on the real one; ms_net_start sets the initial
// weights; then batches: fill x and t, forward, loss, backward.
#ifndef MLPSWEEP_WORKER_NET_H
#define MLPSWEEP_WORKER_NET_H

#include "arena.h"
#include "layers.h"
#include "worker/kernels/losses.h"
#include "mlpsweep/config.h"
#include "mlpsweep/weights.h"

// Three kinds of noise on the input, then for each dense layer itself, its normalization, its
// activation and its three kinds of noise.
#define MS_NET_LAYERS (3 + 6 * (MS_MAX_LAYERS + 1))
#define MS_NET_SEGMENTS MS_MAX_TENSORS

struct ms_segment {
    enum ms_role role;
    int layer;      // 0 …: the hidden layers, then the output
    size_t offset;  // in the weights block; a multiple of MS_ALIGN bytes
    int rows, cols; // kernel (inputs, units); all others (1, units)
    const struct ms_pick *initializer, *constraint; // kernel and bias; else NULL
    struct ms_penalty penalty;
};

struct ms_net {
    const struct ms_config *config;
    int n_layers, n_segments;
    int n_trained; // segments that have gradients; those after them are moving statistics
    struct ms_layer layers[MS_NET_LAYERS];
    struct ms_segment segments[MS_NET_SEGMENTS];
    int n_inputs, n_outputs;
    int max_rows, max_ld; // of a batch

    size_t n_weights;   // trained ones, with the gaps of alignment, which stay zero
    size_t n_state;     // with the moving statistics that follow
    ms_real *weights;   // (n_state)
    ms_real *gradients; // (n_weights), with room for n_state numbers

    const struct ms_loss *loss;
    bool fused;          // the loss works on the last activation's input
    bool penalised;      // regularizers add to the loss
    bool constrained;    // some weights have a constraint
    ms_real *x;          // (n_inputs, ld): fill before forward
    ms_real *t;          // (n_outputs, ld): fill before loss
    const ms_real *y;    // (n_outputs, ld): the outputs after forward
    ms_real *row_loss;   // (ld)
    ms_real *row_weight; // (ld)
    // (n_class_weight): the configuration's, or balanced ones, to be filled before the first pass.
    const double *class_weight;
    double *balanced; // class_weight, if these are; else NULL
    int n_class_weight;
    ms_real *d[2]; // (widest layer, ld) gradients on their way down
};

// ld for a number of rows; see vector.h.
int ms_net_ld(int rows);

// Pointers are NULL afterwards if the carve only counts. config must outlive the network, and its
// outputs and loss must fit n_outputs: ms_config_complete.
void ms_net_lay_out(struct ms_net *net, const struct ms_config *config, int n_inputs, int n_outputs,
                    int max_rows, struct ms_carve *carve);

// Initial weights for the stream MS_STREAM_INIT of an execution.
void ms_net_start(struct ms_net *net, const struct ms_rng *init);

void ms_net_forward(struct ms_net *net, const struct ms_pass *p);

// The mean loss of the batch with all penalties, after forward; with gradient: leaves dL/dy (fused:
// dL/dz) of the loss alone in d[0].
double ms_net_loss(struct ms_net *net, const struct ms_pass *p, bool gradient);

// All gradients, those of penalties included, from what ms_net_loss left.
void ms_net_backward(struct ms_net *net, const struct ms_pass *p);

// The weights of a block (n_state) in the order of include/mlpsweep/weights.h, and back into the
// network. Of the double network: rounded to float.
void ms_net_pack(const struct ms_net *net, const ms_real *block, float *out);
void ms_net_unpack(struct ms_net *net, const float *in);

// Applies the constraints to the weights; called after every optimizer step.
void ms_net_constrain(struct ms_net *net);

#endif
