"""What the comments of the presets say, in Japanese, by the English comment: of the rules that `cscli init` writes."""

import re
from collections.abc import Mapping
from itertools import takewhile

from cscli.texts import Language

HEADS: Mapping[str, str] = {
    "Starter": """\
Starter: 見出しの分かる列を使い、利用・満足・サポート・商取引の4グループで評価します。

考え方: まだルールを書いていない段階で、顧客のエクスポート一つから始めるためのものです。エクスポートにない列は
除かれ、スコアのうちデータがあった割合は `data_coverage` に出ます。
基準値: 契約IDの80〜85%が使っていれば十分な利用、週2回のログインで習慣とみなします。
見直すところ: まず `points:` の折れ点（自社の製品では何が良い値か）、次に重み、最後に判定の境界。
コメントのある数値はどれも判断であり、法則ではありません。""",
    "Coverage, database, activity": """\
Coverage, database, activity: 誰が使い、何を蓄え、どれだけ頻繁に使うか。そして顧客がどう応えるか。

考え方: 3つからなる利用スコアです。カバレッジ = 利用者数 ÷ 契約ID数。データベース = 1人が蓄えた量（ここでは名刺）。
アクティビティ = 週ごとの利用。これとは別に、顧客の反応（メールの開封、電話の応答、eラーニングの視聴）による
タッチスコアがあります。契約規模とオンボーディングの段階の2軸で、顧客を5つのチームに振り分けます。利用が基準を
下回った顧客は、オンボーディングをやり直します。
基準値: カバレッジ80%。2か月目の終わりに1人400枚で、これを下回ると解約が起きやすくなります。利用は毎週。
見直すところ: `cards_total` はこの製品のデータベースです。自社のもの（文書、連絡先、記録）とその目標、大口契約の
規模、`repeat_onboarding` の基準を直してください。""",
    "Deployment, engagement, adoption, ROI": """\
Deployment, engagement, adoption, ROI: DEARの順。各段階が次の段階を支えます。

考え方: IDが配られて（導入）、人が応え（関与）、本格的に使い（活用）、成果が見えます（ROI）。活用は、深さと広さが
半分ずつです。深さは、4週間に10回以上ログインした人の割合です。
基準値: 深さは50%で緑、35%で黄緑、20%で黄、10%で橙、それ未満は赤です。
見直すところ: 何を本格的なログインと数えるか、成果とみなす目標、そして重み。若い事業では導入が、成熟した事業では
ROIが決め手になります。3か月未満の顧客には専用のスコアカードがあり、ROIはまだ数えません。""",
    "Depth, breadth, maturity": """\
Depth, breadth, maturity: 製品をどこまで、顧客のどれだけの人が、どれだけの意図をもって使うか。

考え方: 活用を体積で捉えます。深さ = 使っている機能とサービス。広さ = 使っている人、部署、業務。高さ = 顧客の戦略と
組織の成熟度で、合意した目標、達成した目標、CSMの判断によります。一つの製品を深く知る人は多くありません。
3つがそろった顧客は解約しません。
基準値: 機能の半分を使っていれば深い、契約IDの80%が使っていれば広いとみなします。成熟度は、1（担当者も目標も
ない）から5（製品が会社の仕事の進め方に組み込まれている）までの尺度で判断します。
見直すところ: 自社の機能とサービスの数、使いうる部署の数、尺度。""",
    "Profile, usage, satisfaction": """\
Profile, usage, satisfaction: 3種類のデータから一つのスコア。ハイ・ロー・テックタッチは影響額で決めます。

考え方: 顧客の属性（プラン、契約、アップセル、セミナー）、行動（ログイン、人数、時間）、声（アンケート）を合わせます。
タッチモデルは契約額、利用者数、伸びしろによります。スコアの低い顧客には解約の防止を、高い顧客にはアップセルと
クロスセルを行います。セグメント `play` を参照してください。
基準値: ハイタッチは上位およそ1割、テックタッチはおよそ3分の2の顧客です。
見直すところ: タッチの境界（月額の円、ID数）、自社のプラン名、`points:` の折れ点。""",
}
"""The comment at the top, by what stands before its first colon."""
COMMENTS: Mapping[str, str] = {
    "for `cscli ltv-report`: a row a subscription, with start, end and amount": "`cscli ltv-report` 用。1行が1契約で、開始・終了・金額があります",
    "a fifth of the contracted IDs: as good as unused": "契約IDの2割なら、使われていないも同然です",
    "three weeks of silence: 0; somebody yesterday: 100": "3週間利用がなければ0点、昨日誰かが使っていれば100点",
    "a month: twice a week is 60": "月あたり。週2回で60点",
    "as many promoters as detractors: half": "推奨者と批判者が同数なら50点",
    "answers below 2 are rare: 2 is as bad as it gets": "2未満の回答はまれなため、2で0点",
    "answers below 2 are rare": "2未満の回答はまれです",
    "one is normal, five are a pile": "1件は普通、5件は山積みです",
    "one may be a slip, two are a message": "1件は偶然かもしれませんが、2件は意思表示です",
    "counts once somebody has typed one: `cscli inputs`": "誰かが記入すると数えます: `cscli inputs`",
    "the written scale: 3 is neither": "記入用の尺度。3は「どちらでもない」です",
    "of the goals that people typed, else of those that the export counts": "記入された目標の達成率。なければエクスポートの件数から",
    "in the customers' words, typed by people: `cscli inputs`, `cscli journey`": "顧客の言葉で書き、記入する目標: `cscli inputs`、`cscli journey`",
    "how much attention an account gets": "顧客にどれだけ手をかけるか",
    "about the largest tenth": "上位およそ1割",
    "what people do says more than what they answer": "回答よりも、行動の方が多くを語ります",
    "subscriptions in dollars, at one rate so that rates do not look like growth": "ドル建ての契約。レートの変動が成長に見えないよう、一つのレートで換算します",
    "what customers are worth, by plan; 60 months, 10% a year": "プラン別の顧客の価値。60か月、年10%で割引",
    "an export of the accounts alone has little; raise it as more exports come in": "顧客のエクスポートだけではデータが少ないため低めです。エクスポートが増えたら上げてください",
    "hours that an account gets in a month": "顧客1社に充てる月あたりの時間",
    "high: two calls and their follow-up; tech: mails to all": "high は電話2回とその後の対応、tech は一斉メール",
    "of 160: without meetings, travel, leave and training": "160時間から会議・移動・休暇・研修を除いた時間",
    "whom to call": "誰に連絡するか",
    "within 12 months; a judgement": "12か月以内の確率。判断による値です",
    "the first that holds is the next action; all are listed": "最初に当てはまるものが推奨アクションです。当てはまるものはすべて一覧に出ます",
    "never for an account at risk": "解約リスクのある顧客には提案しません",
    "a fifth more seats": "ID数を2割増やす想定",
    "a fifth more IDs": "ID数を2割増やす想定",
    "who is in it every day can use more of it": "毎日使う顧客は、もっと活用できます",
    "told once until it has cleared: `cscli alerts`, and with `cscli run`": "解消するまで1度だけ知らせます: `cscli alerts`、`cscli run` でも",
    "Nothing is sent anywhere without a channel; the secret address stands in the environment, never here.": "送信先がなければ何も送りません。秘密のアドレスは環境変数に置き、ここには書きません。",
    "a row an account and month; `month` is the month's first day": "1行が1顧客の1か月。`month` はその月の1日です",
    "a row a mail, call or course": "1行がメール・電話・講座の1件",
    "half a year: fewer touches than that say little of one account": "半年分。これより少ないと1社については何とも言えません",
    "without the monthly usage: the export of the accounts": "月次の利用データがない場合は顧客のエクスポートを使います",
    "The second axis: the mean of the three rates that there are, 0 to 1.": "第2の軸: 3つの率のうち、あるものの平均（0〜1）。",
    "80% is the reference; half is half way": "80%が基準。半分の利用で50点です",
    "the quarter's mean: one weak month is no better database": "四半期の平均。利用の少ない1か月でデータベースが良く見えないようにします",
    "400 by the end of month 2": "2か月目の終わりまでに400",
    "weeks in a month": "1か月の週数",
    "once a week is the least": "週1回が最低限です",
    "60% of the mails opened is a reader": "メールの60%を開封していれば読者です",
    "who takes four calls of five is there for us": "電話5回のうち4回に出る顧客は、こちらを向いています",
    "assigned courses that somebody watched": "割り当てた講座のうち、誰かが視聴したもの",
    "the first axis": "第1の軸",
    "the second axis": "第2の軸",
    "yen a month; about the largest sixth": "月額（円）。上位およそ6分の1",
    "the line": "基準の線",
    "the touch score in three steps": "タッチスコアを3段階に",
    "the first months: getting everybody in, and their cards": "最初の数か月: 全員が使い始め、名刺が入るまで",
    "never better than watch": "判定は「要観察」より上になりません",
    "mostly an axis of its own: little weight in the score": "主に独立した軸として使うため、スコアでの重みは小さくします",
    "few reach all three reference values: lower than usual": "3つの基準値をすべて満たす顧客は少ないため、通常より低くします",
    "trainings, and scanning the cards of the first months": "研修と、最初の数か月の名刺の取り込み",
    "the months before a renewal": "更新前の数か月",
    "seminars and mails to many at once": "多数へのセミナーとメール",
    "full database, in use: it should flow on": "データベースが満ち、使われています。ほかの業務にもつなぎます",
    "own columns; `name: []` means that the export does not have it": "独自の列。`name: []` は、エクスポートにその列がないという意味です",
    "a row an answer": "1行が1回答",
    "the last tenth is for those who join and leave": "残りの1割は、入れ替わる人の分です",
    "mails, calls and courses together": "メール・電話・講座の合計",
    "none is common and no alarm": "0件はよくあることで、警告ではありません",
    "orange, yellow, lime, green": "橙、黄、黄緑、緑",
    "80% of the contracted IDs": "契約IDの80%",
    "the last goal is often the next one": "最後の目標は、次の目標であることが多いものです",
    "stands for the return as people see it": "人が感じている成果の代わりです",
    "the published bands of depth": "公表されている深さの区分",
    "the first step that does not hold is the one to work on": "満たされていない最初の段階に取り組みます",
    "yen a month, IDs: about the largest tenth": "月額（円）、ID数: 上位およそ1割",
    "no return yet in the first three months": "最初の3か月は、まだ成果がありません",
    "half and half": "半分ずつ",
    "without the use of the product there is no judging adoption": "利用のデータがなければ、活用は判断できません",
    "deep use is worth showing around": "深い活用は、社内に紹介する価値があります",
    "12: the features of this product": "12はこの製品の機能の数",
    "seven of twelve is deep; nobody uses all": "12のうち7で深い利用です。すべてを使う顧客はいません",
    "one service alone is easily replaced": "1つのサービスだけでは、簡単に置き換えられます",
    "half of the people with 10 logins in four weeks": "4週間に10回ログインした人が半分",
    "of those that have it: what matters is that none fell asleep": "導入した部署のうち。使われなくなった部署がないことが大切です",
    "an agreed goal stands for a process that runs on the product": "合意した目標は、製品の上で動く業務を表します",
    "one goal is a start, three a plan": "目標1つは始まり、3つあれば計画です",
    "3: an owner, and goals": "3は、担当者と目標がある状態",
    "where the volume is thin: what to work on": "体積の薄いところに取り組みます",
    "many people, few features": "利用者は多く、機能は少ない",
    "few people, many features": "利用者は少なく、機能は多い",
    "the answers of a year": "1年分の回答",
    "a larger plan is harder to leave; names that are not listed: as the smallest": "上位プランほど解約しにくくなります。ここにない名前は最小のプランとみなします",
    "who bought most of what it could use has decided": "使えるものの大半を購入した顧客は、心を決めています",
    "80% of the contracted IDs in use is full marks": "契約IDの80%の利用で満点",
    "a month; depends on the product": "月あたり。製品によります",
    "holding is good, a loss of 40% is an alarm": "維持していれば良く、40%の減少は警告です",
    "contract value, users, potential": "契約額、利用者数、伸びしろ",
    "what the score calls for": "スコアに応じた対応",
    "nearly full, room to grow": "ほぼ満杯で、増やす余地があります",
    "without any answer to the survey 0.75 is left": "アンケートの回答がなければ0.75が残ります",
    "half of the room there is": "余地の半分",
}
"""Each other comment."""


def summary_in(summary: str, language: Language) -> str:
    """What a preset is for, from the first line of its file, in the language."""
    head = HEADS.get(summary.partition(":")[0]) if language == "ja" else None
    return head.splitlines()[0] if head else summary


def commented_in_japanese(
    rules: str, heads: Mapping[str, str] = HEADS, comments: Mapping[str, str] = COMMENTS
) -> str:
    """Rules made of a preset, or others whose comments are given, with these comments in Japanese; the user's own lines, and rules in
    comments, as they are.
    """
    lines = rules.split("\n")
    above = len(list(takewhile(lambda line: line.startswith("#"), lines)))
    head = heads.get(re.split("[:.]", lines[0].removeprefix("# "))[0]) if above else None
    top = lines[:above] if head is None else [f"# {line}".rstrip() for line in head.split("\n")]
    return "\n".join([*top, *(_translated(line, comments) for line in lines[above:])])


def _translated(line: str, comments: Mapping[str, str]) -> str:
    before, sign, comment = line.rpartition("# ")
    return f"{before}{sign}{comments[comment]}" if comment in comments else line
