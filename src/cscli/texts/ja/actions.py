"""What the call list and the opportunities say, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.config.unknown_band": "バンド{value}はありません。使えるのは{allowed}です",
    "problem.config.unknown_band_nearest": "バンド{value}はありません。{nearest}のことですか（使えるのは{allowed}）",
}
