"""Limits on time, memory and output while a submission is graded."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The limits for one submission. A cell or call that exceeds one fails; the cells and calls after it still run.

    Example: `Limits(cell_seconds=60)` gives each cell twice the usual time.
    """

    cell_seconds: int = 30
    """Processor seconds for one cell. The exercise sets the limit for a call."""
    wall_factor: float = 5.0
    """The wall-clock limit of a cell or a call, as a multiple of its limit on processor seconds."""
    total_cpu_seconds: int = 1800
    """Processor seconds for the whole process; the kernel kills a process that uses more."""
    memory_bytes: int = 4 * 2**30
    """Address space of the process, in bytes. JAX alone takes 1.2 to 2 GiB of it."""
    file_bytes: int = 64 * 2**20
    """Size of the largest file that the process may write, in bytes."""
    work_bytes: int = 256 * 2**20
    """Bytes that the process may write to its working folder, and again to `/tmp`, if both are in memory (level
    `namespaces`)."""
    reply_bytes: int = 64 * 2**20
    """Bytes of all arrays in one returned value."""
    output_bytes: int = 2**16
    """Bytes of printed output that are kept for each cell or call."""


USUAL = Limits()
