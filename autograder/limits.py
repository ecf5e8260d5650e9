"""What a submission may use while it is graded."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What one submission may use. Times are processor seconds; the wall clock allows `wall_factor` as much."""

    cell_seconds: int = 30
    wall_factor: float = 5.0
    total_cpu_seconds: int = 1800
    memory_bytes: int = 4 * 2**30
    file_bytes: int = 64 * 2**20
    work_bytes: int = 256 * 2**20
    reply_bytes: int = 64 * 2**20
    output_bytes: int = 2**16


USUAL = Limits()
