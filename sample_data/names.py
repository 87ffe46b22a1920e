"""Fictional companies and people, each in Latin and in Japanese script, for the sample book of business."""

from dataclasses import dataclass

import numpy as np

STEMS = (
    ("Aoba", "青葉"), ("Sakurazaka", "桜坂"), ("Midorihara", "緑原"), ("Hoshikawa", "星川"),
    ("Wakatake", "若竹"), ("Yunagi", "夕凪"), ("Asagiri", "朝霧"), ("Shiranami", "白波"),
    ("Haruno", "春野"), ("Yukimura", "雪村"), ("Kazami", "風見"), ("Tsukioka", "月岡"),
    ("Hanabusa", "花房"), ("Naruse", "鳴瀬"), ("Hayase", "早瀬"), ("Miyama", "深山"),
    ("Chihaya", "千早"), ("Minase", "水無瀬"), ("Nijigaoka", "虹ヶ丘"), ("Wakamiya", "若宮"),
    ("Akari", "明里"), ("Yuki", "結城"), ("Amanogawa", "天野川"), ("Hiiragi", "柊"),
    ("Kaede", "楓"), ("Fujinami", "藤波"), ("Matsugae", "松ヶ枝"), ("Umezato", "梅里"),
    ("Takezono", "竹園"), ("Tsubakihara", "椿原"), ("Ozora", "大空"), ("Yamabuki", "山吹"),
    ("Moegi", "萌黄"), ("Aizome", "藍染"), ("Asagi", "浅葱"), ("Akane", "茜"),
)  # fmt: skip

TRADES = (
    ("Shoji", "商事", "Wholesale"), ("Bussan", "物産", "Wholesale"),
    ("Seisakusho", "製作所", "Manufacturing"), ("Kogyo", "工業", "Manufacturing"),
    ("Kikai", "機械", "Manufacturing"), ("Kensetsu", "建設", "Construction"),
    ("Fudosan", "不動産", "Real estate"), ("Systems", "システムズ", "IT"),
    ("Soft", "ソフト", "IT"), ("Jinzai Service", "人材サービス", "Staffing"),
    ("Insatsu", "印刷", "Printing"), ("Shokuhin", "食品", "Food"),
    ("Unyu", "運輸", "Logistics"), ("Soko", "倉庫", "Logistics"),
    ("Consulting", "コンサルティング", "Professional services"), ("Kokoku", "広告", "Advertising"),
)  # fmt: skip

INDUSTRIES = {
    "Wholesale": "卸売", "Manufacturing": "製造", "Construction": "建設", "Real estate": "不動産",
    "IT": "情報通信", "Staffing": "人材", "Printing": "印刷", "Food": "食品", "Logistics": "物流",
    "Professional services": "専門サービス", "Advertising": "広告",
}  # fmt: skip

REGIONS = {
    "Kanto": "関東", "Kansai": "関西", "Chubu": "中部", "Kyushu": "九州", "Tohoku": "東北",
    "Hokkaido": "北海道", "Chugoku": "中国", "Shikoku": "四国",
}  # fmt: skip
REGION_SHARES = (0.46, 0.19, 0.13, 0.08, 0.05, 0.04, 0.03, 0.02)

OWNERS = {
    "Mizuki Tanabe": "田辺 瑞希", "Sota Kirihara": "桐原 颯太", "Haruka Nonaka": "野中 遥",
    "Ren Asakura": "朝倉 蓮", "Yuna Hirose": "広瀬 結奈", "Daichi Moriya": "守屋 大地",
}  # fmt: skip


@dataclass(frozen=True)
class Company:
    name: str
    name_ja: str
    domain: str
    industry: str
    region: str
    owner: str


def name_companies(count: int, rng: np.random.Generator) -> list[Company]:
    """As many companies as asked, no two of one name; domains lie under the reserved `.example`."""
    pairs: list[tuple[tuple[str, str], tuple[str, str, str]]] = [
        (stem, trade) for stem in STEMS for trade in TRADES
    ]
    picks = rng.permutation(len(pairs))[:count]
    return [_name_company(pairs[pick][0], pairs[pick][1], rng) for pick in picks]


def _name_company(stem: tuple[str, str], trade: tuple[str, str, str], rng: np.random.Generator) -> Company:
    latin, kanji = f"{stem[0]} {trade[0]}", stem[1] + trade[1]
    leads = rng.random() < 0.6
    shares = np.array(REGION_SHARES) / sum(REGION_SHARES)
    return Company(
        name=f"{latin} K.K." if leads else f"{latin} Co., Ltd.",
        name_ja=f"株式会社{kanji}" if leads else f"{kanji}株式会社",
        domain=latin.lower().replace(" ", "-") + ".example",
        industry=trade[2],
        region=list(REGIONS)[int(rng.choice(len(shares), p=shares))],
        owner=list(OWNERS)[int(rng.integers(len(OWNERS)))],
    )
