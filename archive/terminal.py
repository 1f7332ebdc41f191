"""What is safe to print: pages are hostile, and a terminal obeys control characters."""


def printable(text: str) -> str:
    """`text` with everything but line breaks and printable characters escaped, so that no page can steer a terminal."""
    return "".join(c if c.isprintable() or c == "\n" else f"\\x{ord(c):02x}" for c in text)
