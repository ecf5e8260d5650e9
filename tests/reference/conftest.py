import jax
import pytest


@pytest.fixture(params=[False, True], ids=["float32", "float64"])
def rtol(request):
    """Run the test in this precision; the value is the relative error that rounding may cause in it."""
    with jax.enable_x64(request.param):
        yield 1e-10 if request.param else 1e-5
