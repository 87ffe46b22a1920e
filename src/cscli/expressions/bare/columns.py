"""Columns of frames as expressions see them: of which kind they are, and how results come back."""

from typing import Any

import numpy as np
import pandas as pd

from cscli.expressions.bare.model import Kind

_Column = Any  # numpy's masked arrays; duckdb's stub also names a type that is asked for nowhere here


def kind_of(values: pd.Series) -> Kind:
    """Of a column that may be read."""
    dtype = values.dtype
    if not len(values) or (pd.isna(values.iloc[0]) and values.isna().all()):
        return _empty_kind(values)
    if pd.api.types.is_bool_dtype(dtype):
        return Kind.BOOLEAN
    if pd.api.types.is_numeric_dtype(dtype):
        return Kind.NUMBER
    if pd.api.types.is_datetime64_dtype(dtype):
        return Kind.DATE
    if pd.api.types.is_object_dtype(dtype) and (held := pd.api.types.infer_dtype(values)) != "string":
        raise TypeError(f"column {values.name!r} holds {held}, not text")
    return Kind.TEXT


def _empty_kind(values: pd.Series) -> Kind:
    """A column without a value fits everywhere: its type says how it was stored, not what it is."""
    return Kind.DATE if pd.api.types.is_datetime64_dtype(values.dtype) else Kind.MISSING


def numbers_of(values: pd.Series) -> np.ndarray:
    """A column of numbers as doubles; what is missing or not finite is NaN."""
    numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return numbers if np.isfinite(numbers).all() else np.where(np.isfinite(numbers), numbers, np.nan)


def column_back(values: _Column, kind: Kind, order: np.ndarray | None, index: pd.Index | None) -> pd.Series:
    """A column of numpy's, masked where it is missing, as `cscli.expressions.evaluate` gives it."""
    ordered = values if order is None else values[order]
    missing = np.ma.getmaskarray(ordered)
    plain: np.ndarray = np.ma.getdata(ordered)
    if kind is Kind.BOOLEAN:
        return pd.Series(pd.arrays.BooleanArray(plain.astype(bool), missing), index=index)
    if kind is Kind.TEXT:
        texts = plain.astype(object)
        texts[missing] = None
        return pd.Series(texts, index=index, dtype=object)
    if kind is Kind.DATE:
        return pd.Series(np.where(missing, np.datetime64("NaT", "us"), plain.astype("M8[us]")), index=index)
    numbers = plain.astype(np.float64, copy=False)  # fetched for us alone: changed in place
    numbers[missing | ~np.isfinite(numbers)] = np.nan
    return pd.Series(numbers, index=index)
