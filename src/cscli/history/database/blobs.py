"""Columns as compressed bytes and back, exact to the last bit.

`data` is zlib-compressed: of kind `number` float64, of `date` int64 (microseconds since 1970, the lowest: missing), of
`boolean` int8 (1, 0, -1: missing), little-endian; of `text` a JSON list with null for missing.
"""

import json
import zlib
from typing import Any

import numpy as np
import pandas as pd

_LEVEL = 1  # a third larger than at 6, in a quarter of the time
MOST_BYTES = 1 << 29
"""A million accounts with a note of five hundred characters each."""


def encode(values: "pd.Series[Any]") -> tuple[str, bytes]:
    """The kind of a column and its bytes."""
    kind, data = _encode(values)
    return kind, zlib.compress(data, _LEVEL)


def decode(kind: str, data: bytes) -> "pd.Series[Any]":
    """The column of these bytes: float64, datetime64[us], `boolean`, or objects with None. ValueError for a
    kind that there is not.
    """
    unpacking = zlib.decompressobj()
    plain = unpacking.decompress(data, MOST_BYTES)
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise ValueError(kind)
    match kind:
        case "number":
            return pd.Series(np.frombuffer(plain, "<f8").astype(np.float64))
        case "date":
            return pd.Series(np.frombuffer(plain, "<i8").astype(np.int64).view("datetime64[us]"))
        case "boolean":
            codes = np.frombuffer(plain, "i1")
            return pd.Series(pd.arrays.BooleanArray(codes == 1, codes == -1))
        case "text":
            return pd.Series(json.loads(plain), dtype=object)
    raise ValueError(kind)


def _encode(values: "pd.Series[Any]") -> tuple[str, bytes]:
    if pd.api.types.is_bool_dtype(values.dtype):
        codes = values.astype("boolean").astype("Int8").fillna(-1)
        return "boolean", codes.to_numpy(np.int8).tobytes()
    if pd.api.types.is_numeric_dtype(values.dtype):
        return "number", values.to_numpy("<f8", na_value=np.nan).tobytes()
    if values.dtype.kind == "M":
        return "date", values.to_numpy("datetime64[us]").astype("<i8").tobytes()
    plain = values.astype(object).where(values.notna(), None).tolist()
    return "text", json.dumps(plain, default=str, separators=(",", ":")).encode()
