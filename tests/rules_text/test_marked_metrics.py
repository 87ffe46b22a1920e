"""Metrics that wait for their column, marked in the text. Oracle: the slow way, which loads the document and writes it again."""

import pytest
import yaml

from cscli.rules_text.scoring import marked_by_document, marked_metrics
from cscli.rules_text.sections import split_sections
from cscli.workspace.rules import preset_text, presets

WRITTEN_OTHERWISE = """metrics:
  flow: {value: a, points: {kind: linear, zero: 0, full: 1}}
  alone:
    value: b
  said:
    label: A long
      label
    value: c
  commented:
    label: d  # why
    # and why not
    value: d
"""


@pytest.mark.parametrize("preset", sorted(presets()))
def test_presets_are_marked_as_a_document_would_be(preset: str) -> None:
    part = split_sections(preset_text(preset)).parts["metrics"]
    names = list(yaml.safe_load(part)["metrics"])
    for idle in (names[:1], names[1::2], names):
        marked = marked_metrics(part, idle)
        assert marked == marked_by_document(part, idle)
        found = yaml.safe_load(marked)["metrics"]
        assert set(idle) <= {name for name in names if found[name].get("optional")}


@pytest.mark.parametrize("name", ["flow", "alone", "said", "commented"])
def test_what_is_written_otherwise_is_left_to_the_document(name: str) -> None:
    marked = marked_metrics(WRITTEN_OTHERWISE, [name])
    assert marked == marked_by_document(WRITTEN_OTHERWISE, [name])
    assert yaml.safe_load(marked)["metrics"][name]["optional"] is True


def test_nothing_is_touched_where_no_metric_waits() -> None:
    assert marked_metrics(WRITTEN_OTHERWISE, []) == WRITTEN_OTHERWISE
