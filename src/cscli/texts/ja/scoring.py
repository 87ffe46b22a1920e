"""What scoring says: problems, reasons, headlines, definitions, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.scoring.unknown_category": "指標 {metric} に、点数の決まっていない値が {count} 種類あります: {values}",
    "problem.scoring.unknown_category.hint": "`map:` に追加するか、`other:` を指定してください。",
    "reason.form": "{label} {value}（−{lost}）",
    "reason.join": "、",
    "reason.no_data": "データなし",
    "headline.score": "{total} 社中 {count} 社が「{band}」です（{share}、MRR {mrr}）。",
    "headline.score_no_mrr": "{total} 社中 {count} 社が「{band}」です（{share}）。",
    "headline.unknown": "{count} 社はデータが不足しているため判定していません。",
    "headline.left": "基準日までに解約した {count} 社は採点の対象外です。",
    "chart.accounts_by_band": "判定別の顧客数",
    "chart.mrr_by_band": "判定別のMRR",
    "about.plain_asked": "--plain の指定により、値のみを出力しています。",
    "about.plain_size": "顧客数が {limit} を超えると数式でブックが重くなるため、値のみを出力しています。",
    "definition.as_of": "すべての計算の基準となる日。これより後のデータは数えません。",
    "definition.score": "0〜100。グループの加重平均で、各グループは指標の点数の加重平均です。データのない指標は除き、上限・下限を適用した後、小数第1位に四捨五入します。",
    "definition.band": "四捨五入後のスコアが入る区分（下限の値を含む）。判定不能: データ不足。",
    "definition.data_coverage": "設定したウェイトのうち、データがあった割合。",
    "definition.reasons": "最も減点の大きい3つの指標と、その値・減点。出力時点の内容です。",
    "definition.score_change": "6日以上前の直近のスナップショットからのスコアの増減。",
    "definition.mrr": "エクスポートされたままの月次経常収益。",
}
