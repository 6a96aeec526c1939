"""The columns of the tables, as docs/DESIGN.md section 5 names them.

Lists are of variable length in the files: parquet readers fail on nulls among lists of fixed length.
"""

import pyarrow as pa

from generator.origin import DIGITAL_SOURCE_TYPE, NOTICE

_MARK = {b"digital_source_type": DIGITAL_SOURCE_TYPE.encode(), b"notice": NOTICE.encode()}
"""Every file says that it is synthetic."""

INDEX = pa.schema(
    [
        *((name, pa.string()) for name in ("clip_id", "scenario", "family", "setting", "environment", "twin_of")),
        *((name, pa.string()) for name in ("parent_clip_id", "split", "weapon_kind", "mount", "device", "capture")),
        *((name, pa.string()) for name in ("quality", "video_sha256", "status", "body_id", "layout_id")),
        *((name, pa.bool_()) for name in ("positive", "first_person_firearm", "discharge")),
        *((name, pa.int32()) for name in ("variant", "n_frames", "width", "height", "content_version")),
        *((name, pa.float64()) for name in ("fps", "duration", "render_s")),
    ],
    metadata=_MARK,
)

FRAMES = pa.schema(
    [
        ("frame", pa.int32()),
        ("source_frame", pa.int32()),
        *((name, pa.float64()) for name in ("t", "t_capture", "exposure_s", "gain")),
        *((name, pa.list_(pa.float64())) for name in ("T_world_camera", "T_world_camera_first", "T_world_camera_last")),
        ("weapon_state", pa.string()),
        ("weapon_kind", pa.string()),
        ("discharge", pa.int32()),
        *((name, pa.bool_()) for name in ("muzzle_flash", "weapon_visible", "hands_visible", "finger_on_trigger")),
        ("left_hand_holds", pa.string()),
        ("right_hand_holds", pa.string()),
        ("delivery", pa.string()),
        ("angular_velocity", pa.list_(pa.float64())),
        ("specific_force", pa.list_(pa.float64())),
        ("T_earth_world", pa.list_(pa.float64())),
    ],
    metadata=_MARK,
)

IMU = pa.schema(
    [
        ("t", pa.float64()),
        *(
            (name, pa.list_(pa.float64()))
            for name in ("angular_velocity", "specific_force", "gyroscope", "accelerometer")
        ),
    ],
    metadata=_MARK,
)

OBJECTS = pa.schema(
    [
        ("frame", pa.int32()),
        ("track_id", pa.int32()),
        ("category", pa.string()),
        ("role", pa.string()),
        ("box_visible", pa.list_(pa.float32())),
        ("box_amodal", pa.list_(pa.float32())),
        ("visible_px", pa.int32()),
        *((name, pa.float32()) for name in ("percent_in_frame", "visibility_in_frame", "percent_visible")),
        ("occluder", pa.int32()),
        ("distance_m", pa.float32()),
        *((name, pa.list_(pa.float64())) for name in ("T_world_object", "T_world_object_first", "T_world_object_last")),
        ("keypoints", pa.list_(pa.list_(pa.float32()))),
    ],
    metadata=_MARK,
)
