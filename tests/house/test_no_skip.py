"""The rule that keeps CI honest: what was not tried does not count as passed."""

from __future__ import annotations

from pathlib import Path

import pytest

SKIPPING = """
import pytest

def test_that_skips():
    pytest.skip("no browser here")

@pytest.mark.skip(reason="not today")
def test_that_is_marked():
    pass

@pytest.mark.xfail(strict=True)
def test_that_is_known_to_fail():
    assert False
"""
MISSING_MODULE = "import pytest\npytest.importorskip('no_such_module')\ndef test(): pass\n"
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_skipping=SKIPPING, test_missing=MISSING_MODULE)
    return pytester


def test_a_skipped_test_fails_where_skipping_is_forbidden(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENDJAY_TEST_NO_SKIP", "1")
    result = project.runpytest_subprocess("-p", "tests.no_skip", "--continue-on-collection-errors")
    result.assert_outcomes(failed=1, xfailed=1, errors=2)
    result.stdout.fnmatch_lines_random(["*no browser here*", "*not today*", "*no_such_module*"])
    assert result.ret != 0


def test_a_skipped_test_is_only_named_elsewhere(
    project: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SENDJAY_TEST_NO_SKIP", raising=False)
    result = project.runpytest_subprocess("-p", "tests.no_skip")
    result.assert_outcomes(skipped=3, xfailed=1)
    assert result.ret == 0
