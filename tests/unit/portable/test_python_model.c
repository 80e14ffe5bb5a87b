// SPDX-License-Identifier: MIT
//
// What the module has and what it leaves out. That it computes the right thing is compared by
// tests/export/compare.py.
#include "check.h"

#include "coordinator/portable/models.h"
#include "made_model.h"

static char *module(const struct made *how)
{
    struct ms_model m;
    struct ms_error err;
    char *text;
    size_t n;
    made_model(how, &m);
    FILE *stream = open_memstream(&text, &n);
    REQUIRE(stream && ms_portable_python(&m, "demo_37.safetensors", "demo_37", stream, &err) == 0);
    REQUIRE(fclose(stream) == 0);
    ms_model_clear(&m);
    return text;
}

static void structure(void)
{
    char *text = module(&(struct made){.name = "t",
                                       .activation = "elu",
                                       .normalization = "batch_normalization",
                                       .target = "log1p"});
    CHECK(strstr(text, "    x = dense(x, \"hidden.1\")\n"
                       "    x = batch_normalization(x, \"norm.1\", epsilon=0.003)\n"
                       "    x = elu(x, 1)\n"
                       "    x = dense(x, \"hidden.2\")\n"));
    CHECK(strstr(text, "nn.BatchNorm1d(7, eps=0.003)"));
    CHECK(strstr(text, "return np.expm1(y * OUT_DIVIDE + OUT_SHIFT)\n"));
    CHECK(strstr(text, "with_name(\"demo_37.safetensors\")"));
    CHECK(strstr(text, "import demo_37"));
    CHECK(!strstr(text, "one_hot") && !strstr(text, "import math") && !strstr(text, "seconds"));
    CHECK(!strstr(text, "predict_proba") && !strstr(text, "CLASSES"));
    CHECK_INT(strstr(text, "def elu(") != NULL && !strstr(strstr(text, "def elu(") + 1, "def elu("),
              1);
    free(text);
}

static void parts(void)
{
    char *text = module(&(struct made){.name = "t",
                                       .activation = "gelu",
                                       .output = "sigmoid",
                                       .task = MS_BINARY,
                                       .columns = MADE_CATEGORIES});
    CHECK(strstr(text, "import math\n") && strstr(text, "def one_hot(") &&
          strstr(text, "def predict_proba(rows, unseen=\"error\")") && strstr(text, "CLASSES = "));
    CHECK(!strstr(text, "OUT_SHIFT"));
    free(text);
    text = module(&(struct made){.name = "t", .columns = MADE_DATES});
    CHECK(strstr(text, "def seconds("));
    free(text);
}

// A docstring that a name tries to end.
static void names(void)
{
    char *text = module(&(struct made){.name = "\"\"\"\nimport os"});
    CHECK(strstr(text, "of the sweep \"\\\"\\\"\\\"\\u000aimport os\""));
    free(text);
}

int main(void)
{
    structure();
    parts();
    names();
    return check_done();
}
