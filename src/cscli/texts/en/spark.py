"""What can stand in the way of Spark, and how to mend it."""

TEXTS: dict[str, str] = {
    "problem.spark.not_installed": "`engine: {{name: spark}}` needs PySpark, which is not installed",
    "problem.spark.not_installed.hint": 'Install it with `pip install "cscli[spark]"`.',
    "problem.spark.no_java": "Spark needs Java 17 or later, which is not installed",
    "problem.spark.no_java.hint": "Install it (`apt install openjdk-17-jre-headless`, `brew install openjdk@17`) or point JAVA_HOME to it.",
    "problem.spark.java_home": "JAVA_HOME is {value}, where there is no Java",
    "problem.spark.java_home.hint": "Correct it, or unset it to use the `java` of your PATH.",
    "problem.spark.no_master": "`engine: {{name: spark}}` does not say where Spark runs",
    "problem.spark.no_master.hint": 'Add `master: "spark://host:7077"`, or `master: "local[*]"` for this computer alone.',
    "problem.spark.master_form": "{value} is no address of a Spark master; spark://host:7077 was expected",
    "problem.spark.master_silent": "The Spark master {value} does not answer: {reason}",
    "problem.spark.master_silent.hint": "Check the address, and that the cluster runs and can be reached from here.",
    "problem.spark.no_executors": "The Spark master {value} gave no executor within {seconds} seconds",
    "problem.spark.no_executors.hint": "Look at its web page for workers that are alive and free; ask for less with `conf: {{spark.executor.memory: 512m}}`.",
    "problem.spark.did_not_start": "Spark did not start: {reason}",
    "problem.spark.failed": "Spark could not count the log: {reason}",
    "problem.spark.no_table": "Spark knows no table {value}",
    "problem.spark.no_table.hint": "Write it as catalog.schema.name, and name its catalog in `conf:`.",
    "problem.spark.packed_name": "The file is packed by gzip but not named .gz; Spark goes by the name",
    "problem.spark.packed_name.hint": "Rename it to end in .gz.",
}
