"""AsyncAPI 2 and 3: channels, operations, messages with their payloads, bindings, servers.

``read`` brings both versions into the one form of ``shapes``; each kind of thing is compared in a module of its own;
payloads go to the engines of their schema's language, in the direction that send or receive asks for.
"""

from registry.compat.asyncapi.checker import compare
from registry.compat.asyncapi.rules import RULES

__all__ = ["RULES", "compare"]
