"""What the comments of the sample's rules say, in Japanese, by the English comment."""

from collections.abc import Mapping

HEADS: Mapping[str, str] = {
    "The rules of the sample company": """\
サンプル会社のルール（設定）です。プロダクトのイベントログを含め、このフォルダーのすべてのエクスポートを読みます。

このフォルダーで `cscli score --as-of 2026-10-31` を実行すると動きます（別の場所からは `-c` でこのファイルのパスを指定
します）。レポートはこのファイルの横の `out`、実行の履歴は `.cscli` に入ります。""",
    "A shop without contracts": """\
契約のない店の例です。顧客は必要なときに注文します。このフォルダーで `cscli ltv-report --as-of 2026-10-31` を実行すると、
年度別に維持した売上、コホート、RFMのセグメント、顧客ごとに見込める注文がわかります。""",
}
"""The comment at the top, by what stands before its first colon or full stop."""
COMMENTS: Mapping[str, str] = {
    "what else is known by its header comes by itself": "ほかの列は、既知の見出しから自動で読み取ります",
    "what people did in the product, one row each": "プロダクトでの操作。1行が1回です",
    "also a folder or a pattern of daily files, CSV or parquet": "日別ファイルのフォルダーやパターンも使えます（CSV、Parquet）",
    "a row an account and month": "1行が1顧客の1か月",
    "mails, calls, e-learning": "メール、電話、eラーニング",
    "why customers left": "解約の理由",
    "who used which piece of content": "どの顧客がどのコンテンツを使ったか",
    "people, one to four an account: whom messages go to": "1顧客に1〜4人。メッセージの宛先です",
    "what the mail server said: nothing goes where it bounced or was complained of": "メールサーバーの記録。不達や苦情のあった宛先には送りません",
    "80% of the contracted IDs in four weeks": "4週間に契約IDの80%",
    "what we promise each customer: `cscli journey`": "顧客への約束: `cscli journey`",
    "people type when it was": "実施日は人が記入します",
    "what all departments did with a customer: `cscli timeline`": "全部門の対応履歴: `cscli timeline`",
    "what people read for the words of the exports": "エクスポートの言葉の表示名",
    "what must be written down, by whom": "誰が何を記入するか",
    "what customers ask for: `cscli voice`": "顧客の要望: `cscli voice`",
    "who is the right customer, by what was known at signing: `cscli fit`": "受注時にわかることで見た適合度: `cscli fit`",
    "how good our own practice is: `cscli selfcheck`": "自社の活動の自己診断: `cscli selfcheck`",
    "what we try, from activity to impact: `cscli initiatives`": "施策の活動からインパクトまで: `cscli initiatives`",
    "whom content serves, and what is next: `cscli content`": "誰に役立つコンテンツか、次に何を届けるか: `cscli content`",
    "maturity: how-to 1, practice 2, strategy 3": "成熟度ごとに必要な抽象度。1 操作、2 活用、3 戦略",
    "which message each customer gets now: `cscli outreach`; nothing is sent by itself": "今どの顧客にどのメッセージを送るか: `cscli outreach`。自動では何も送りません",
    "all that a text may say; score and band never": "文面に使えるもの。スコアと判定は使えません",
    "in order of priority: a contact gets the first that may go, one a run": "優先順。1回の実行で、1人には最初に送れる1通だけを送ります",
    "once a contract term": "契約期間に1回",
    "a tenth gets none on purpose, so that `cscli outreach results` can tell whether it helps": "効果を `cscli outreach results` で比べられるよう、1割にはあえて送りません",
    "of `content`; nothing where there is none": "`content` の項目。ない場合は何も入りません",
    "the other books in which people type lie beside it": "人が記入するほかのブックも同じ場所にあります",
    "`send: true` lets `cscli run` write to it by itself": "`send: true` にすると `cscli run` が自動で書き込みます",
}
