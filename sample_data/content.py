"""What the sample company gives its customers to read and to attend, and who used it."""

from dataclasses import dataclass

import numpy as np
from records import Row


@dataclass(frozen=True)
class Piece:
    """Of the inventory; maturity 1 to 5, abstraction 1 how-to, 2 practice, 3 strategy, influence 1 to 5."""

    content_id: str
    title: str
    title_ja: str
    format: str
    delivery: str  # tech, low, high: what brings it to a customer
    maturity: tuple[int, int]
    abstraction: int
    influence: int
    hours: float  # of our people, each time it is delivered
    after: str = ""
    repeat_after_days: int | None = None
    audience: str = "customer"


INVENTORY = (
    Piece("c01", "Quick start in five minutes", "5分でわかるクイックスタート", "video", "tech", (1, 2), 1, 3, 0),
    Piece("c02", "Guide for administrators", "管理者ガイド", "guide", "tech", (1, 3), 1, 2, 0, after="c01"),
    Piece("c03", "Scan the cards you already have", "手元の名刺をまとめて取り込む", "video", "tech", (1, 2), 1, 4, 0),
    Piece("c04", "Seminar: cards in the sales routine", "活用セミナー：営業活動での名刺活用", "seminar", "low", (2, 3), 2, 4, 0.5, after="c01"),
    Piece("c05", "Case: 400 cards a person", "活用事例：1人400枚の登録", "article", "tech", (2, 3), 2, 3, 0),
    Piece("c06", "Question hour", "個別Q&A", "call", "low", (1, 3), 1, 4, 1, repeat_after_days=180),
    Piece("c07", "User circle", "ユーザー会", "event", "low", (3, 5), 2, 5, 0.4, repeat_after_days=365),
    Piece("c08", "Report to the board", "役員向け報告会", "meeting", "high", (3, 5), 3, 5, 6),
    Piece("c09", "Workshop: data across departments", "部門横断データ活用ワークショップ", "workshop", "high", (4, 5), 2, 4, 8, after="c04"),
    Piece("c10", "White paper: contacts as an asset", "ホワイトペーパー：人脈を資産に", "paper", "tech", (4, 5), 3, 2, 0),
    Piece("t01", "Talk script: renewal", "トークスクリプト：更新", "script", "high", (1, 5), 2, 3, 0, audience="team"),
    Piece("t02", "Manual: kickoff", "マニュアル：キックオフ", "manual", "low", (1, 5), 1, 3, 0, audience="team"),
)  # fmt: skip
FORMATS = {
    "video": "動画", "guide": "ガイド", "seminar": "セミナー", "article": "記事", "call": "通話", "event": "イベント", "meeting": "報告会",
    "workshop": "ワークショップ", "paper": "資料", "script": "台本", "manual": "マニュアル",
}  # fmt: skip
AUDIENCES = {"customer": ("customer", "顧客"), "team": ("team", "社内")}
DELIVERIES = {
    "tech": ("tech touch", "テックタッチ"), "low": ("low touch", "ロータッチ"), "high": ("high touch", "ハイタッチ"),
}  # fmt: skip
LESSONS = ("c01", "c02", "c03", "c05", "c10")
"""What the e-learning of touches.csv shows."""
UNKNOWN = "c99"


def list_views(touches: list[Row], rng: np.random.Generator) -> list[Row]:
    """account_id, content, viewed_at, result: each e-learning touch with its piece, and some visits that people held.

    Two rows name a piece that the inventory does not have.
    """
    rows: list[Row] = []
    for account_id, day, kind, result in touches:
        draw, piece = rng.random(), LESSONS[int(rng.integers(len(LESSONS)))]
        if kind == "elearning":
            rows.append((account_id, piece, day, result))
        elif kind == "call" and result == "connected" and draw < 0.16:
            held = ("c04", "c06", "c06", "c07", "c08", "c09")[int(rng.integers(6))]
            rows.append((account_id, held, day, "viewed"))
    rows[17] = (rows[17][0], UNKNOWN, *rows[17][2:])
    rows[400] = (rows[400][0], UNKNOWN, *rows[400][2:])
    return rows
