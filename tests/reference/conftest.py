import jax
import pytest


@pytest.fixture
def num_draws(request) -> int:
    """How many draws of a chain are compared with an exact posterior: more with `--long`."""
    return 20_000 if request.config.getoption("--long") else 4_000


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["float32", "float64"])
def rtol(request):
    """Run the test in this precision; the value is the relative error that rounding may cause in it."""
    with jax.enable_x64(request.param):
        yield 1e-10 if request.param else 1e-5
