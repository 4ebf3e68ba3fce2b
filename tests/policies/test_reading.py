"""Reading a policy and comparing two of its texts: safe, in order, and clear to people who hear it."""

from registry.policies.difference import difference
from registry.policies.rendering import render


def test_html_in_a_policy_stands_as_typed_and_runs_nothing() -> None:
    html = render(
        "<script>alert(1)</script>\n\n<img src=x onerror=y> & [x](javascript:alert(1)) ![a](https://a.example/b)"
    ).html
    assert "<script" not in html
    assert "<img" not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html


def test_headings_begin_at_the_second_level_and_skip_none() -> None:
    reading = render("### Aim\n\n##### Detail\n\n##### More\n\n### Scope\n\n# Title\n\n## Part")
    assert [(h.level, h.text) for h in reading.headings] == [
        (2, "Aim"), (3, "Detail"), (3, "More"), (2, "Scope"), (2, "Title"), (3, "Part"),
    ]  # fmt: skip
    assert '<h2 id="part-1" class="govuk-heading-m">Aim</h2>' in reading.html
    assert '<h3 id="part-2" class="govuk-heading-s">Detail</h3>' in reading.html


def test_a_long_policy_has_a_list_of_contents_and_a_short_one_none() -> None:
    assert [h.text for h in render("# A\n# B\n# C `d`\n# E\n").contents] == ["A", "B", "C d", "E"]
    assert [h.text for h in render("# A\n## B\n## C\n## D\n## E\n").contents] == ["B", "C", "D", "E"]
    assert render("# A\n## B\n## C\n## D\n").contents == ()


def test_a_policy_keeps_its_lists_tables_and_links() -> None:
    html = render(
        "* one\n* two\n\n1. three\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n"
        "[us](https://council.example) ~~gone~~\n\n> word\n\n---"
    ).html
    assert "govuk-list--bullet" in html
    assert "govuk-list--number" in html
    assert html.count("app-scroll") == 1
    assert html.count("</table></div>") == 1
    assert 'rel="noreferrer nofollow"' in html
    assert "<s>gone</s>" in html


def test_the_difference_marks_the_words_that_changed() -> None:
    (change,) = difference("Editors post weekly.", "Editors post daily.")
    assert (change.kind, change.before, change.after) == (
        "changed", "Editors post <del>weekly</del>.", "Editors post <ins>daily</ins>.",
    )  # fmt: skip


def test_the_difference_tells_added_and_removed_lines_and_skips_what_is_the_same() -> None:
    same = "\n\n".join(f"{n} {'abcdefghijklmnopqrst'[n] * 9}" for n in range(20))
    found = difference(f"{same}\n\nOld end", f"First\n\n{same}")
    assert [change.kind for change in found] == ["added", "same", "same", "skipped", "same", "same", "removed"]
    assert found[0].after == "<ins>First</ins>"
    assert found[-1].before == "<del>Old end</del>"
    assert [change.kind for change in difference(f"a\n{same}", f"b\n{same}")] == ["changed", "same", "same", "skipped"]


def test_equal_texts_have_no_difference_and_marks_in_them_are_escaped() -> None:
    assert difference("Same\n", "Same\n\n") == []
    (change,) = difference("<b> one", "<b> two")
    assert change.before == "&lt;b&gt; <del>one</del>"


def test_a_paragraph_broken_into_lines_is_compared_as_one() -> None:
    assert difference("One sentence\nover two lines.\n* item", "One sentence over\ntwo lines.\n* item") == []
    assert [c.kind for c in difference("# Aim\nText", "# Aim\n\nText\n\n| a |\n| b |")] == [
        "same",
        "same",
        "added",
        "added",
    ]


def test_a_line_that_moved_down_is_found_by_its_words() -> None:
    before = "## 4. Ending an account\n\nIt is closed or handed over.\n\n## 5. Review"
    after = before.replace("4. Ending", "4. Security\n\nSettings are checked often.\n\n## 5. Ending").replace(
        "5. Rev", "6. Rev"
    )
    assert [change.kind for change in difference(before, after)] == ["added", "added", "changed", "same", "changed"]


def test_a_whole_rewriting_is_told_as_all_gone_and_all_new() -> None:
    before = "\n\n".join(f"Old {n} words" for n in range(40))
    after = "\n\n".join(f"New {n} words" for n in range(40))
    assert [change.kind for change in difference(before, after)] == ["removed"] * 40 + ["added"] * 40
