"""SQL that trims texts, in the part of DuckDB's dialect that sqlglot carries to Spark."""

_SPACES = "".join(
    map(chr, (*range(9, 14), *range(28, 33), 0x85, 0xA0, 0x1680, *range(0x2000, 0x200C), 0x2028, 0x2029))
) + "\u202f\u205f\u3000\ufeff"  # fmt: skip


def trimmed(text: str) -> str:
    """`text` without spaces of any kind around it, NULL if nothing is left.

    Only what is not ASCII, or has ASCII's spaces at an end, is trimmed: trimming costs more than reading.
    """
    plain = f"{text} >= '!' AND SUBSTRING({text}, -1) > ' ' AND BIT_LENGTH({text}) = 8 * LENGTH({text})"
    return f"CASE WHEN {plain} THEN {text} ELSE NULLIF(TRIM({text}, '{_SPACES}'), '') END"
