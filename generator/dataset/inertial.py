"""imu.parquet: the inertial samples of a clip, written and read back."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from generator.dataset.columns import IMU
from generator.sensor.inertial import InertialRecord


def write_inertial(path: Path, record: InertialRecord) -> None:
    """imu.parquet of a clip."""
    columns = {
        name: [None] * len(record.t) if values is None else values.tolist()
        for name, values in ((name, getattr(record, name)) for name in IMU.names)
    }
    pq.write_table(pa.table(columns, schema=IMU), path, compression="zstd")


@dataclass(frozen=True)
class Imu:
    """Inertial samples of a clip, camera axes (docs/DESIGN.md, section 5).

    Attributes:
        t: (n,) seconds on the clip's clock.
        angular_velocity, specific_force: (n, 3) true values, rad/s and m/s2.
        gyroscope, accelerometer: (n, 3) what the device's sensor reads; NaN where it has none.
    """

    t: NDArray[np.float64]
    angular_velocity: NDArray[np.float64]
    specific_force: NDArray[np.float64]
    gyroscope: NDArray[np.float64]
    accelerometer: NDArray[np.float64]


def imu_of(source: Any) -> Imu:
    """The samples in an imu.parquet, a path or an open binary file."""
    table = pq.read_table(source)
    nothing = [np.nan] * 3

    def rows(name: str) -> NDArray[np.float64]:
        return np.array([v or nothing for v in table.column(name).to_pylist()], np.float64).reshape(-1, 3)

    names = ("angular_velocity", "specific_force", "gyroscope", "accelerometer")
    return Imu(np.asarray(table.column("t").to_numpy(), np.float64), *map(rows, names))
