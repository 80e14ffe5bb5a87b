// SPDX-License-Identifier: MIT
//
// Analytic objectives. Names, formulas and usual domains are those of
//
//     Surjanovic, Bingham: "Virtual Library of Simulation Experiments: Test Functions and
//     Datasets", Simon Fraser University, sfu.ca/~ssurjano (where one function has several domains:
//     its first)
//
// and agree with Jamil, Yang: "A literature survey of benchmark functions for global optimization
// problems", Int. J. Mathematical Modelling and Numerical Optimisation 4 (2013), arXiv 1308.4008.
// The source of each is given at its function, the place of its minimum in the documentation of its
// row. Values are finite for all finite numbers short of overflow.
#include "mlpsweep/function.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>

#define PI 3.14159265358979323846

static double square(double x)
{
    return x * x;
}

// Beale: "On an iterative method for finding a local minimum of a function of more than one
// variable", Princeton 1958. Minimum 0 at (3, 0.5).
static double beale(const double *x, int n)
{
    (void)n;
    double y = x[1];
    return square(1.5 - x[0] + x[0] * y) + square(2.25 - x[0] + x[0] * y * y) +
           square(2.625 - x[0] + x[0] * y * y * y);
}

// Rosenbrock: "An automatic method for finding the greatest or least value of a function", The
// Computer Journal 3 (1960), in its usual form of n variables. Minimum 0 at (1, …, 1). Of one
// variable what is left of it is (1 - x)².
static double rosenbrock(const double *x, int n)
{
    double sum = n == 1 ? square(1 - x[0]) : 0;
    for (int i = 0; i + 1 < n; i++)
        sum += 100 * square(x[i + 1] - x[i] * x[i]) + square(1 - x[i]);
    return sum;
}

// Rastrigin: "Systems of extremal control", Nauka, Moscow 1974; of n variables by Mühlenbein,
// Schomisch, Born 1991. Minimum 0 at (0, …, 0), a local one at every other whole point or near it.
static double rastrigin(const double *x, int n)
{
    double sum = 10.0 * n;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i] - 10 * cos(2 * PI * x[i]);
    return sum;
}

// Ackley: "A connectionist machine for genetic hillclimbing", Kluwer 1987; a = 20, b = 0.2,
// c = 2 pi. Minimum 0 at (0, …, 0); rounding leaves 4e-16 there.
static double ackley(const double *x, int n)
{
    double squares = 0, cosines = 0;
    for (int i = 0; i < n; i++) {
        squares += x[i] * x[i];
        cosines += cos(2 * PI * x[i]);
    }
    return -20 * exp(-0.2 * sqrt(squares / n)) - exp(cosines / n) + 20 + exp(1.0);
}

// Branin: "Widely convergent method for finding multiple solutions of simultaneous nonlinear
// equations", IBM J. Research and Development 16 (1972). Minimum 10 / (8 pi) at (-pi, 12.275),
// (pi, 2.275) and (3 pi, 2.475).
static double branin(const double *x, int n)
{
    (void)n;
    double bend = x[1] - 5.1 / (4 * PI * PI) * x[0] * x[0] + 5 / PI * x[0] - 6;
    return bend * bend + 10 * (1 - 1 / (8 * PI)) * cos(x[0]) + 10;
}

// Hartman: "Some experiments in global optimization", Naval Research Logistics Quarterly 20 (1973),
// of six variables, with the constants of Picheny, Wagner, Ginsbourger: "A benchmark of
// kriging-based infill criteria for noisy optimization", Structural and Multidisciplinary
// Optimization 48 (2013), not rescaled. Minimum -3.32237 at (0.20169, 0.150011, 0.476874, 0.275332,
// 0.311652, 0.6573).
static double hartmann6(const double *x, int n)
{
    (void)n;
    static const double alpha[4] = {1, 1.2, 3, 3.2};
    static const double a[4][6] = {{10, 3, 17, 3.5, 1.7, 8},
                                   {0.05, 10, 17, 0.1, 8, 14},
                                   {3, 3.5, 1.7, 10, 17, 8},
                                   {17, 8, 0.05, 10, 0.1, 14}};
    static const double p[4][6] = {{0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
                                   {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
                                   {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
                                   {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}};
    double sum = 0;
    for (int i = 0; i < 4; i++) {
        double far = 0;
        for (int j = 0; j < 6; j++)
            far += a[i][j] * square(x[j] - p[i][j]);
        sum -= alpha[i] * exp(-far);
    }
    return sum;
}

// The sum of squares: De Jong's first function (PhD thesis, Michigan 1975).
static double sphere(const double *x, int n)
{
    double sum = 0;
    for (int i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum;
}

static const struct ms_function rows[] = {
    {{.name = "beale", .doc = "two numbers in [-4.5, 4.5]; minimum 0 at (3, 0.5)"},
     .dims = 2,
     .lo = {-4.5, -4.5},
     .hi = {4.5, 4.5},
     .minimum = 0,
     .value = beale},
    {{.name = "rosenbrock", .doc = "a curved valley; numbers in [-5, 10]; minimum 0 at (1, …, 1)"},
     .lo = {-5},
     .hi = {10},
     .minimum = 0,
     .value = rosenbrock},
    {{.name = "rastrigin", .doc = "many minima; numbers in [-5.12, 5.12]; minimum 0 at (0, …, 0)"},
     .lo = {-5.12},
     .hi = {5.12},
     .minimum = 0,
     .value = rastrigin},
    {{.name = "ackley",
      .doc = "a funnel in a rough plain; numbers in [-32.768, 32.768]; minimum 0 at (0, …, 0)"},
     .lo = {-32.768},
     .hi = {32.768},
     .minimum = 0,
     .value = ackley},
    {{.name = "branin",
      .doc =
          "numbers in [-5, 10] and [0, 15]; minimum 0.397887 at (-3.1416, 12.275), (3.1416, 2.275) "
          "and (9.4248, 2.475)"},
     .dims = 2,
     .lo = {-5, 0},
     .hi = {10, 15},
     .minimum = 0.39788735772973816,
     .value = branin},
    {{.name = "hartmann6",
      .doc = "six numbers in [0, 1]; minimum -3.32237 at (0.2017, 0.1500, 0.4769, 0.2753, 0.3117, "
             "0.6573)"},
     .dims = 6,
     .lo = {0},
     .hi = {1, 1, 1, 1, 1, 1},
     .minimum = -3.322368011415515,
     .value = hartmann6},
    {{.name = "sphere",
      .doc = "the sum of squares; numbers in [-5.12, 5.12]; minimum 0 at (0, …, 0)"},
     .lo = {-5.12},
     .hi = {5.12},
     .minimum = 0,
     .value = sphere},
};

const struct ms_table ms_function_table = {
    .what = "function",
    .n = sizeof rows / sizeof rows[0],
    .rows = rows,
    .stride = sizeof rows[0],
};

const struct ms_function *ms_function_row(int row)
{
    assert(row >= 0 && row < ms_function_table.n);
    return &rows[row];
}

int ms_function_usual_dims(const struct ms_function *f)
{
    return f->dims ? f->dims : 2;
}

const char *ms_function_param(int i, int n, char *out, size_t size)
{
    if (n == 2)
        snprintf(out, size, "%s", i == 0 ? "x" : "y");
    else
        snprintf(out, size, "x%d", i + 1);
    return out;
}
