"""What a submission may use while it is graded."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use. What it uses beyond that is a failure of its cell or call; it does not stop others.

    Example: `Limits(cell_seconds=60)` gives each cell twice the usual time.
    """

    cell_seconds: int = 30
    """Processor seconds for one cell. An exercise sets those for a call."""
    wall_factor: float = 5.0
    """How many seconds on the wall clock a cell or a call may take for each of its processor seconds."""
    total_cpu_seconds: int = 1800
    """Processor seconds for the whole process; the kernel ends it then."""
    memory_bytes: int = 4 * 2**30
    """Address space of the process. JAX alone takes 1.2 to 2 GiB of it."""
    file_bytes: int = 64 * 2**20
    """The largest file that it may write."""
    work_bytes: int = 256 * 2**20
    """All that it may write to its own folder, and as much again to `/tmp`, where both are in memory (`namespaces`)."""
    reply_bytes: int = 64 * 2**20
    """The arrays of one value that comes back."""
    output_bytes: int = 2**16
    """How much of what a cell or a call prints is kept."""


USUAL = Limits()
