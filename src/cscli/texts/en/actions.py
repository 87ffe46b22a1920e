"""What the call list and the opportunities say."""

TEXTS: dict[str, str] = {
    "problem.config.unknown_band": "There is no band {value}; expected one of {allowed}",
    "problem.config.unknown_band_nearest": "There is no band {value}; did you mean {nearest}? (known: {allowed})",
}
