from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from collectors.journal import Journal, Kept
from tests.collectors.spans import SpanData, body

BODIES = [body([SpanData(name, ident)]) for ident, name in enumerate("abc", start=1)]


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    opened = Journal(tmp_path)
    yield opened
    opened.close()


def contents(folder: Path) -> list[list[Kept]]:
    """What another process would find."""
    return [left.kept for left in Journal(folder).left()]


def test_what_was_appended_is_left_for_the_next_process(journal: Journal, tmp_path: Path) -> None:
    journal.append(BODIES[0], 1)
    journal.append(BODIES[1], 7)
    assert contents(tmp_path) == [[Kept(BODIES[0], 1), Kept(BODIES[1], 7)]]


def test_a_segment_that_is_stored_is_gone_and_the_next_stays(journal: Journal, tmp_path: Path) -> None:
    journal.append(BODIES[0], 1)
    first = journal.cut()
    journal.append(BODIES[1], 1)
    journal.remove(first)
    assert contents(tmp_path) == [[Kept(BODIES[1], 1)]]


@pytest.mark.parametrize("missing", range(1, len(BODIES[2]) + 8))
def test_a_record_that_was_not_finished_is_left_out(journal: Journal, tmp_path: Path, missing: int) -> None:
    for one in BODIES:
        journal.append(one, 1)
    segment = journal.cut()
    segment.write_bytes(segment.read_bytes()[:-missing])
    assert contents(tmp_path) == [[Kept(BODIES[0], 1), Kept(BODIES[1], 1)]]


def test_a_new_process_never_appends_to_an_old_segment(journal: Journal, tmp_path: Path) -> None:
    journal.append(BODIES[0], 1)
    with contextlib.closing(Journal(tmp_path)) as later:
        later.append(BODIES[1], 1)
    assert contents(tmp_path) == [[Kept(BODIES[0], 1)], [Kept(BODIES[1], 1)]]


def test_a_full_disk_spoils_no_record_before_or_after(journal: Journal, tmp_path: Path) -> None:
    class Full:
        """Writes half of it and then fails, once."""

        def __init__(self, journal: Journal) -> None:
            self.inner, self.journal = journal._file, journal

        def write(self, data: bytes) -> int:
            self.journal._file = self.inner
            assert self.inner is not None
            self.inner.write(data[: len(data) // 2])
            raise OSError(28, "No space left on device")

        def truncate(self, size: int) -> None:
            assert self.inner is not None
            self.inner.truncate(size)

        def seek(self, place: int) -> None:
            assert self.inner is not None
            self.inner.seek(place)

        def tell(self) -> int:
            assert self.inner is not None
            return self.inner.tell()

    journal.append(BODIES[0], 1)
    journal._file = Full(journal)  # type: ignore[assignment]
    with pytest.raises(OSError, match="No space left"):
        journal.append(BODIES[1], 1)
    journal.append(BODIES[2], 1)
    assert contents(tmp_path) == [[Kept(BODIES[0], 1), Kept(BODIES[2], 1)]]


def test_what_the_store_refused_is_kept_aside_and_not_tried_again(journal: Journal, tmp_path: Path) -> None:
    journal.append(BODIES[0], 1)
    journal.set_aside(journal.cut())
    assert contents(tmp_path) == []
    assert [path.suffix for path in tmp_path.iterdir()] == [".otlp-refused"]


@pytest.mark.parametrize("damage", [b"\xff", b"\x00"], ids=["noise", "zeros"])
def test_a_damaged_record_is_told_and_hides_nothing_before_it(journal: Journal, tmp_path: Path, damage: bytes) -> None:
    for one in BODIES:
        journal.append(one, 1)
    segment = journal.cut()
    data = segment.read_bytes()
    place = 8 + len(BODIES[0])
    spoilt = data[: place + 8] + damage * len(BODIES[1]) + data[place + 8 + len(BODIES[1]) :]
    # Zeros may take the place of the length as well.
    segment.write_bytes(spoilt if damage != b"\x00" else data[:place] + bytes(len(data) - place))
    (left,) = Journal(tmp_path).left()
    assert left == (segment, [Kept(BODIES[0], 1)], True)


def test_files_of_others_in_the_folder_are_left_alone(journal: Journal, tmp_path: Path) -> None:
    (tmp_path / "notes.otlp").write_bytes(b"mine")
    with contextlib.closing(Journal(tmp_path)) as later:
        later.append(BODIES[0], 1)
        assert contents(tmp_path) == [[Kept(BODIES[0], 1)]]


def test_nothing_is_written_behind_half_a_record_that_could_not_be_taken_back(
    journal: Journal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal.append(BODIES[0], 1)
    assert journal._file is not None
    journal._file.write(b"half")

    def fail(_: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(journal, "_undo", fail)
        with pytest.raises(OSError, match="Input/output"):
            journal.append(BODIES[1], 1)
    journal.append(BODIES[2], 1)
    assert contents(tmp_path) == [[Kept(BODIES[0], 1), Kept(BODIES[2], 1)]]


def test_a_segment_that_is_gone_or_can_not_be_removed_is_forgotten_all_the_same(
    journal: Journal, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    journal.append(BODIES[0], 1)
    segment = journal.cut()
    segment.unlink()
    journal.remove(segment)

    def fail(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(Path, "unlink", fail)
    journal.remove(segment)
    assert "so the next start stores it again" in caplog.text
