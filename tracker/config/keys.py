"""Checks of `[keys]`: unknown commands, invalid keys, and keys shared by two commands; pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tracker.config.problem import did_you_mean, shown
from tracker.model.commands import BY_ID, COMMANDS, NAMED_KEYS, character, is_key, split_keys

_KEYS = 'write keys as "j", "down", "f5" or "ctrl+n"'


class KeyMistake(Struct, frozen=True):
    """A mistake in the keys of a command."""

    command: str
    """As written in the file."""
    message: str
    hint: str


def find_mistakes(keys: Mapping[str, str]) -> Iterator[KeyMistake]:
    """Yield the mistakes in the user's keys (command to a comma-separated list), in their order.

    Another command's default key is a mistake too, unless that command is given other keys: the command would silently
    lose its key. The replay's keys are free, because they work only in the replay.
    """
    owners = {
        _received_key(key): command.id
        for command in COMMANDS
        if command.id not in keys and not command.replay
        for key in split_keys(command.keys)
    }
    for name, text in keys.items():
        if name not in BY_ID:
            yield KeyMistake(name, "unknown command", did_you_mean(name, BY_ID))
            continue
        found = split_keys(text)
        if not found:
            yield KeyMistake(name, "has no key", f'write a key, such as "{BY_ID[name].keys}"')
        for key in found:
            if not is_key(key):
                yield KeyMistake(name, f'"{shown(key)}" is not a key', did_you_mean(key, NAMED_KEYS) or _KEYS)
            elif (owner := owners.setdefault(_received_key(key), name)) != name:
                yield KeyMistake(
                    name, f'"{shown(key)}" is already the key of "{owner}"', _advice(owner, _received_key(key))
                )


def _advice(owner: str, key: str) -> str:
    left = [other for other in split_keys(BY_ID[owner].keys) if _received_key(other) != key]
    return f'choose another key, or change the key of that command, for example "{owner}" = "{",".join(left) or "f5"}"'


def _received_key(key: str) -> str:
    """Return the canonical name of a key that can be written in two ways: `?` and `question_mark`."""
    return key if len(key) == 1 else character(key) or key
