import jax
import pytest


@pytest.fixture
def num_draws(request) -> int:
    """The number of draws of a chain that are compared with an exact posterior; more with `--long`."""
    return 20_000 if request.config.getoption("--long") else 4_000


@pytest.fixture(params=[False, pytest.param(True, marks=pytest.mark.long)], ids=["float32", "float64"])
def rtol(request):
    """Run the test in this precision; the value is the relative error that rounding may cause."""
    with jax.enable_x64(request.param):
        yield 1e-10 if request.param else 1e-5
