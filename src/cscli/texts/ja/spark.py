"""What can stand in the way of Spark, and how to mend it, in Japanese."""

TEXTS: dict[str, str] = {
    "problem.spark.not_installed": "`engine: {{name: spark}}` に必要な PySpark がインストールされていません",
    "problem.spark.not_installed.hint": '`pip install "cscli[spark]"` でインストールしてください。',
    "problem.spark.no_java": "Spark に必要な Java 17 以降がインストールされていません",
    "problem.spark.no_java.hint": "インストールする(`apt install openjdk-17-jre-headless`、`brew install openjdk@17` など)か、JAVA_HOME で場所を指定してください。",
    "problem.spark.java_home": "JAVA_HOME の {value} に Java がありません",
    "problem.spark.java_home.hint": "正しい場所に直すか、JAVA_HOME を外して PATH の `java` を使ってください。",
    "problem.spark.no_master": "`engine: {{name: spark}}` に Spark の実行先がありません",
    "problem.spark.no_master.hint": '`master: "spark://host:7077"` を加えてください。このコンピューターだけで実行する場合は `master: "local[*]"` です。',
    "problem.spark.master_form": "{value} は Spark マスターのアドレスではありません。spark://host:7077 の形式が必要です",
    "problem.spark.master_silent": "Spark マスター {value} が応答しません: {reason}",
    "problem.spark.master_silent.hint": "アドレスと、クラスターが起動していてここから接続できることを確認してください。",
    "problem.spark.no_executors": "Spark マスター {value} から {seconds} 秒以内に Executor が割り当てられませんでした",
    "problem.spark.no_executors.hint": "マスターの Web 画面で、稼働中で空きのあるワーカーを確認してください。`conf: {{spark.executor.memory: 512m}}` のように要求を減らすこともできます。",
    "problem.spark.did_not_start": "Spark を起動できませんでした: {reason}",
    "problem.spark.failed": "Spark でログを集計できませんでした: {reason}",
    "problem.spark.no_table": "Spark にテーブル {value} がありません",
    "problem.spark.no_table.hint": "catalog.schema.name の形式で書き、カタログを `conf:` で指定してください。",
    "problem.spark.packed_name": "gzip で圧縮されていますが、名前が .gz で終わっていません。Spark は名前で判断します",
    "problem.spark.packed_name.hint": "名前の末尾を .gz にしてください。",
}
