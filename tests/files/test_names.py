"""A name is kept as it was given, without what deceives or harms."""

from __future__ import annotations

import unicodedata

import pytest

from sendjay.files.names import clean_name


@pytest.mark.parametrize(
    "name",
    [
        "보고서 (최종).hwp",
        "a b.tar.gz",
        ".bashrc",
        "100% & more; 'yes'.txt",
        "한글",
        "👩‍👩‍👧.png",
        "CONTRACT.pdf",
        "nullify.txt",
    ],
)
def test_it_stays_as_it_is(name: str) -> None:
    assert clean_name(name) == name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (unicodedata.normalize("NFD", "보고서.hwp"), "보고서.hwp"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\kim\\a.doc", "a.doc"),
        ("a\x00b\r\nSet-Cookie: x.png", "abSet-Cookie: x.png"),
        ("photo\u202egpj.exe", "photogpj.exe"),
        ("in\u200bvisible\ufeff.txt", "invisible.txt"),
        ("con", "_con"),
        ("Aux.h", "_Aux.h"),
        ("nul .txt", "_nul .txt"),
        ("COM1.tar.gz", "_COM1.tar.gz"),
        ("a.exe. . .", "a.exe"),
        ("   ", "file"),
        ("..", "file"),
        ("", "file"),
        ("a/", "file"),
        ("\ud800.txt", ".txt"),
    ],
)
def test_it_is_made_harmless(given: str, kept: str) -> None:
    assert clean_name(given) == kept


def test_a_long_one_keeps_its_ending() -> None:
    name = clean_name("가" * 500 + ".docx")
    assert len(name) == 200
    assert name.endswith("가.docx")
    assert len(clean_name("x." + "y" * 500)) == 200


def test_cleaning_twice_changes_nothing() -> None:
    for name in ("..\u202e/con. ", "a" * 300 + " .txt", "\u200b.\u200b", "e\u0301.txt"):
        assert clean_name(clean_name(name)) == clean_name(name)
