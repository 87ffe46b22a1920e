"""What people read in place of the names that the rules give: the label, else the name with its underscores as spaces."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from cscli.analysis.scoring.health import UNKNOWN
from cscli.config.blocks.actions import Opportunity, Playbook
from cscli.config.blocks.alerts import AlertRule
from cscli.config.blocks.events import COUNTS
from cscli.config.blocks.parts import Text, text_in
from cscli.config.blocks.shown import Cap, Derived, Feature, Floor, Rollup, Rule, Segmentation
from cscli.config.schema import Band, Config, Metric, Scorecard
from cscli.config.work.initiatives import Initiative
from cscli.config.work.journey import Milestone, Standard
from cscli.config.work.practice import FitCriterion
from cscli.expressions import Expression
from cscli.texts import Language, label, text

Named = (
    Band
    | Playbook
    | Opportunity
    | Rule
    | Scorecard
    | AlertRule
    | Standard
    | Milestone
    | FitCriterion
    | Initiative
)
_WINDOW = re.compile(r"(?P<measure>\w+?)_(?P<days>\d+)d(?P<before>_prev)?")
_WORD = re.compile(r"'(?:[^']|'')*'|\w+")


def chosen_label(given: Text | None, language: Language, otherwise: str) -> str:
    """`given` in `language`. A label in the other language alone stands in where `otherwise` is in neither: for a
    Japanese reader, a code in ASCII.
    """
    if given is None or isinstance(given, str):
        return given or otherwise
    own = given.ja if language == "ja" else given.en
    stand_in = given.en if language == "ja" and otherwise.isascii() else None
    return own or stand_in or otherwise


def own_label(named: Named, language: Language) -> str:
    """What people read for a thing of the rules that has a name."""
    return chosen_label(named.label, language, named.name.replace("_", " "))


def word_labels(words: Mapping[str, Text], language: Language) -> dict[str, str]:
    """What people read for each of these words of an export."""
    return {word: chosen_label(given, language, word) for word, given in words.items()}


def band_label(band: Band, language: Language) -> str:
    """What people read for a band; the usual names have words of their own."""
    usual = label(f"band.{band.name}", language)
    plain = band.name.replace("_", " ") if usual == f"band.{band.name}" else usual
    return chosen_label(band.label, language, plain)


def own_labels(things: Iterable[Named], language: Language) -> dict[str, str]:
    """By name, what people read for each; where two would read the same, their names tell them apart."""
    labels = {each.name: own_label(each, language) for each in things}
    count = Counter(labels.values())
    return {name: shown if count[shown] == 1 else name.replace("_", " ") for name, shown in labels.items()}


def value_labels(names: Iterable[str], config: Config, language: Language) -> dict[str, str]:
    """What people read for the values of these segmentations (`team`, `scorecard` and `band` are such too) together;
    a value that two of them show differently keeps its name.
    """
    found: dict[str, set[str]] = {}
    for name in names:
        for value, shown in _labels_in(name, config, language).items():
            found.setdefault(value, set()).add(shown)
    return {
        value: shown.pop() if len(shown) == 1 else value.replace("_", " ") for value, shown in found.items()
    }


def _labels_in(name: str, config: Config, language: Language) -> Mapping[str, str]:
    if name == "fit" and config.fit is not None:
        return fit_labels(config, language)
    if name == "band":
        bands = {band.name: band_label(band, language) for band in config.bands}
        return bands | {UNKNOWN: text("label.band.unknown", language)}
    things: Mapping[str, Sequence[Rule | Scorecard]]
    things = {**config.segment_rules, "team": config.teams, "scorecard": config.scorecards}
    return own_labels(things.get(name, ()), language)


def fit_labels(config: Config, language: Language) -> dict[str, str]:
    """What people read for each band of fit, best first; the usual names have words of their own."""
    found = {}
    for band in config.fit.bands if config.fit else ():
        usual = label(f"fit.{band.name}", language)
        plain = band.name.replace("_", " ") if usual == f"fit.{band.name}" else usual
        found[band.name] = chosen_label(band.label, language, plain)
    return found | {UNKNOWN: text("label.band.unknown", language)}


def limit_label(limit: Cap | Floor, language: Language, otherwise: str = "") -> str:
    """What people read for a cap or a floor: its label, else its reason."""
    return text_in(limit.label or limit.reason, language, otherwise)


def metric_labels(config: Config, language: Language) -> list[str]:
    """The label of each metric in the order of the config."""
    return [column_label(name, config, language) for name in config.metrics]


def group_label(name: str, config: Config, language: Language) -> str:
    """The label of a group: its own in any scorecard, else that of its name."""
    labels = [card.groups[name].label for card in config.scorecards if name in card.groups]
    return chosen_label(
        next((each for each in labels if each), None), language, default_label(name, language)
    )


def default_label(name: str, language: Language) -> str:
    """The catalogue's label of a column; a person's own name with its underscores as spaces."""
    found = label(name, language)
    return found if found != name else name[:1].upper() + name[1:].replace("_", " ")


def column_label(name: str, config: Config, language: Language) -> str:
    """What people read for any column of the accounts: a metric, a derived column, a roll-up, what a log gives, a
    segmentation, or one that cscli knows.
    """
    given = next((each for found, each in _given_labels(config) if found == name), None)
    return chosen_label(
        given, language, _window_label(name, config, language) or default_label(name, language)
    )


def listed_labels(names: Iterable[str], config: Config, language: Language) -> str:
    """What people read for columns and metrics, in one line."""
    return ", ".join(column_label(name, config, language) for name in names)


def _given_labels(config: Config) -> Iterator[tuple[str, Text]]:
    """Columns with a label, what is computed last first: a metric may bear the name of its column."""
    rollups = (source.rollup for source in config.sources.values())
    blocks: Iterable[Mapping[str, Metric | Segmentation | Derived | Rollup]]
    blocks = (config.metrics, config.segments, config.derived, *rollups)
    yield from ((name, each.label) for block in blocks for name, each in block.items() if each.label)


def _window_label(name: str, config: Config, language: Language) -> str | None:
    """Of a column that a log gives for a window; None for any other."""
    match = _WINDOW.fullmatch(name)
    logs = [source for source in config.sources.values() if source.kind == "events"]
    for source in logs if match else ():
        measure, days = str(match["measure"]), int(match["days"])  # type: ignore[index]  # there, or no log is asked
        if days in source.windows and measure in (*COUNTS, *source.features):
            key = "label.window_before" if match["before"] else "label.window"  # type: ignore[index]  # as above
            return text(key, language, measure=_measure_label(measure, source.features, language), days=days)
    return None


def _measure_label(measure: str, features: Mapping[str, Feature], language: Language) -> str:
    if measure in COUNTS:
        return text(f"label.measured.{measure}", language)
    return chosen_label(features[measure].label, language, default_label(measure, language))


def labelled_formula(formula: Expression, config: Config, language: Language) -> str:
    """A formula for people: each column in it by its label, in brackets."""

    def shown(match: re.Match[str]) -> str:
        name = match[0].lower()
        return f"[{column_label(name, config, language)}]" if name in formula.names else match[0]

    return _WORD.sub(shown, formula.text)
